"""How answers of memcheck and the leak sanitizer are read, and how lost objects are described."""

import gc
import os
import sys
import tempfile
import threading
import unittest
from unittest import mock

from support import probe, take_marks  # isort: skip
from cpython_memcheck_forks import lost_by_a_fork
from cpython_memcheck_leaks import (
    LeakCheck,
    MemcheckLeakCheck,
    SanitizerLeakCheck,
    collect_garbage,
    read_leak_report,
)
from cpython_memcheck_look import with_name
from cpython_memcheck_objects import describe_object, living_types
from cpython_memcheck_owners import LostBlock, pack
from cpython_memcheck_symbols import Image

MEMCHECK_LOG = f"""\
of an earlier check: =={os.getpid()}== 0xDEAD[1]
=={os.getpid()}== 136 (56 direct, 80 indirect) bytes in 1 blocks are definitely lost in new loss record 1,024 of 2,048
=={os.getpid()}==    at 0x48407B4: malloc (vg_replace_malloc.c:381)
=={os.getpid()}== 0x5A2B040[56]
=={os.getpid()}==   0x5A2B0C0[80] indirect loss record 17
=={os.getpid()}== 24 bytes in 1 blocks are definitely lost in loss record 3 of 2,048
==7== 8 bytes in 1 blocks are definitely lost in loss record 4 of 5
==7== 0x5A2D000[8]
=={os.getpid()}== 0x5A2C000[24]
garbage \ufffd
"""

SANITIZER_REPORT = """\

=================================================================
==7==ERROR: LeakSanitizer: detected memory leaks

Direct leak of 33 byte(s) in 1 object(s) allocated from:
    #0 0x7f0000000001  (/usr/lib/liblsan.so.0+0xe1)
    #1 0x7f0000000002  (<unknown module>)
Objects leaked above this line:
0x602000000010 (33 bytes)

Indirect leak of 48 byte(s) in 2 object(s) allocated from:
    #0 0x7f0000000003  (/build (1)/python+0x1f)
0x603000000010 (24 bytes)
0x603000000040 (24 bytes)
"""


def as_tuples(blocks):
    return [(block.record, block.address, block.size, block.owned) for block in blocks]


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def test_memcheck_lists_blocks_by_loss_record_and_indents_what_they_own(self):
        log = self.write("memcheck.log", MEMCHECK_LOG)
        blocks = MemcheckLeakCheck(self.folder, log).read_blocks(MEMCHECK_LOG.index(f"=={os.getpid()}== 136"))
        self.assertEqual(as_tuples(blocks), [(1024, 0x5A2B040, 56, False), (1024, 0x5A2B0C0, 80, True), (3, 0x5A2C000, 24, False)])

    def test_leak_sanitizer_lists_stacks_and_blocks(self):
        stacks, blocks = read_leak_report(self.write("1.leaks", SANITIZER_REPORT))
        self.assertEqual(stacks, [[("/usr/lib/liblsan.so.0", 0xE1), (None, 0)], [("/build (1)/python", 0x1F)]])
        self.assertEqual(
            as_tuples(blocks),
            [(0, 0x602000000010, 33, False), (1, 0x603000000010, 24, True), (1, 0x603000000040, 24, True)],
        )

    def test_a_process_that_a_test_forks_has_a_report_of_its_own(self):
        check = SanitizerLeakCheck(self.folder)
        with mock.patch.object(os, "getpid", return_value=77):
            self.assertEqual(check.report, f"{self.folder}/77.leaks")

    def test_nothing_is_lost_where_the_leak_sanitizer_wrote_nothing(self):
        self.assertEqual(SanitizerLeakCheck(self.folder).lost(), ([], []))

    def test_report_that_is_too_long_is_a_failure(self):
        report = self.write("1.leaks", "")
        os.truncate(report, 256 * 1024 * 1024 + 1)
        take_marks()
        self.assertEqual(read_leak_report(report), ([], []))
        self.assertEqual([mark["event"] for mark in take_marks()], ["watch-failed"])


class LostByForkTest(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def ask(self, write_report):
        with mock.patch.object(probe, "sanitizer_leaks", write_report):
            return lost_by_a_fork(self.folder)

    def write_report(self, path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(SANITIZER_REPORT)

    def test_child_reports_the_blocks_that_are_lost_in_it(self):
        blocks = [LostBlock(0, 0x602000000010, 33, False), LostBlock(1, 0x603000000010, 24, True), LostBlock(1, 0x603000000040, 24, True)]
        self.assertEqual(self.ask(self.write_report), pack(blocks))
        self.assertEqual(self.ask(lambda path: None), b"")
        self.assertEqual(os.listdir(self.folder), [])

    def test_nothing_is_known_where_other_threads_run(self):
        end = threading.Event()
        thread = threading.Thread(target=end.wait)
        thread.start()
        try:
            self.assertIsNone(self.ask(self.write_report))
        finally:
            end.set()
            thread.join()

    def test_nothing_is_known_where_the_child_could_not_look(self):
        self.assertIsNone(self.ask(lambda path: os.kill(os.getpid(), 9)))


class FrozenGarbageTest(unittest.TestCase):
    def setUp(self):
        self.check = SanitizerLeakCheck(self.enterContext(tempfile.TemporaryDirectory()))
        take_marks()

    def look(self, *reports):
        """What a check says, and whether it went over what is frozen; the leak sanitizer says one of REPORTS each time."""
        answers = iter(reports)

        def write_report(path):
            if text := next(answers):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)

        with mock.patch.object(probe, "sanitizer_leaks", write_report), mock.patch.object(gc, "unfreeze") as unfreeze:
            self.check.run()
        return [mark["event"] for mark in take_marks()], unfreeze.called

    def test_what_is_frozen_is_collected_only_where_something_is_lost(self):
        self.assertEqual(self.look(""), ([], False))
        self.assertEqual(self.look(SANITIZER_REPORT, ""), ([], True))

    def test_pointers_in_what_is_frozen_are_hidden_without_a_gil_too(self):
        with mock.patch.object(sys, "abiflags", "t"):
            self.assertEqual(self.look(""), ([], True))

    def test_what_is_lost_without_garbage_is_reported(self):
        self.assertEqual(self.look(SANITIZER_REPORT, SANITIZER_REPORT), (["leak", "leak"], True))


class CollectTest(unittest.TestCase):
    def collections(self, *found):
        answers = iter(found)
        with mock.patch.object(gc, "collect", lambda: next(answers)):
            collect_garbage()
        return len(found) - len(list(answers))

    def test_goes_on_until_nothing_is_found_which_nothing_can_follow(self):
        self.assertEqual(self.collections(0, 0, 0, 0), 1)
        self.assertEqual(self.collections(7, 0, 0, 0), 2)
        self.assertEqual(self.collections(7, 2, 5, 1), 3)


class DescribeTest(unittest.TestCase):
    def described(self, thing, refcount=1, immortal=False):
        return describe_object(refcount, immortal, thing)

    def test_objects_of_built_in_types_have_what_those_say_of_them(self):
        for thing, fields in [
            ("abc", {"type": "str", "length": 3, "repr": "'abc'"}),
            (b"abc", {"type": "bytes", "length": 3, "repr": "b'abc'"}),
            (bytearray(4), {"type": "bytearray", "length": 4}),
            ([1, 2], {"type": "list", "length": 2}),
            ({}, {"type": "dict", "length": 0}),
            (2**40, {"type": "int", "repr": "1099511627776"}),
            (True, {"type": "bool"}),
            (0.5, {"type": "float", "repr": "0.5"}),
            (as_tuples, {"type": "function", "repr": "as_tuples"}),
        ]:
            with self.subTest(thing):
                self.assertEqual(self.described(thing), {**fields, "refcount": 1})

    def test_long_strings_and_large_numbers_are_cut(self):
        self.assertEqual(self.described("a" * 1000)["repr"], repr("a" * 60))
        self.assertNotIn("repr", self.described(1 << 200))

    def test_immortal_object_has_no_count(self):
        self.assertIsNone(self.described("abc", 2**30, immortal=True)["refcount"])

    def test_class_is_described_without_running_its_code(self):
        class Meta(type):
            def __repr__(cls):
                raise AssertionError("ran")

        described = self.described(Meta("Lost", (), {}))
        self.assertTrue(described["class"])
        self.assertIn("Lost", described["repr"])

    def test_subclass_of_a_built_in_type_says_nothing_of_its_own(self):
        class Text(str):
            def __repr__(self):
                raise AssertionError("ran")

            def __len__(self):
                raise AssertionError("ran")

        self.assertEqual(set(self.described(Text("abc"))), {"type", "refcount"})

    def test_every_class_is_among_the_living_types(self):
        class Living:
            pass

        self.assertIs(living_types()[id(Living)], Living)
        self.assertIs(living_types()[id(type)], type)


class MarkObjectsTest(unittest.TestCase):
    def marks_of(self, blocks, objects):
        check = LeakCheck()
        check.blocks, probe.objects = blocks, {block.address: (1, False, thing) for block, thing in zip(blocks, objects, strict=True)}
        take_marks()
        check.mark_objects()
        return [(mark["record"], mark["type"]) for mark in take_marks()]

    def test_at_most_four_objects_of_a_loss_record_are_described(self):
        blocks = [LostBlock(1, 0x1000 * index, 32, False) for index in range(6)] + [LostBlock(2, 0x9000, 32, False)]
        self.assertEqual(self.marks_of(blocks, ["a"] * 7), [(1, "str")] * 4 + [(2, "str")])

    def test_of_owned_objects_only_classes_are_described(self):
        blocks = [LostBlock(1, 0x1000, 32, False), LostBlock(2, 0x2000, 32, True), LostBlock(3, 0x3000, 32, True)]
        self.assertEqual(self.marks_of(blocks, [[], "owned", int]), [(1, "list"), (3, "type")])

    def test_lists_that_were_planted_are_left_out(self):
        check = LeakCheck()
        check.planted = [~0x1000 & (2**64 - 1)]
        planted, other = LostBlock(1, 0x1000, 56, False), LostBlock(2, 0x2000, 56, False)
        self.assertEqual(check.without_planted([planted, other]), [other])


class FrameNamesTest(unittest.TestCase):
    def test_frame_without_name_gets_the_name_of_its_function(self):
        line = f"    #0 0x7f0012  ({LIBC}+0x{place_of('abort'):x})\n"
        self.assertIn("in abort (", with_name(line))

    def test_other_lines_are_unchanged(self):
        for line in (
            "Direct leak of 56 byte(s)\n",
            "    #0 0x12\n",
            "    #0 0x12  (/no/such/file+0x12)\n",
            "    #0 0x12 in malloc (x.so+0x1)\n",
        ):
            self.assertEqual(with_name(line), line)


with open("/proc/self/maps") as maps:
    LIBC = next(line.split()[-1] for line in maps if "/libc.so" in line)


def place_of(name):
    """An offset in libc's file that is within the function's code."""
    return next(start for start, _, found in Image(LIBC, 0).functions if found == name) + 1


if __name__ == "__main__":
    unittest.main()
