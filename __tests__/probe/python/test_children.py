"""What children report: ChildWatch and ChildRecord."""

import os
import struct
import tempfile
import unittest

from support import probe, take_marks  # isort: skip
from cpython_memcheck_children import ChildRecord, ChildWatch

LEAK = """
=================================================================
==7==ERROR: LeakSanitizer: detected memory leaks

Direct leak of 56 byte(s) in 1 object(s) allocated from:
    #0 0x7f04  (/lib/liblsan.so.0+0x13)
    #1 0x5612  (/python+0x26)

Objects leaked above:
0x1000 (56 bytes)

Indirect leak of 24 byte(s) in 1 object(s) allocated from:
    #0 0x7f04  (/lib/liblsan.so.0+0x13)

Objects leaked above:
0x2000 (24 bytes)

SUMMARY: LeakSanitizer: 80 byte(s) leaked in 2 allocation(s).
words 0x1000 ffff9fbf ffff9fbf 1 5555 3 2000 4
words 0x2000 0 0 0
object\t0x1000\t1\t0\t0x1010\t3\tlist\t
end looked
"""

# What the stand-in of the probe has not.
probe.follow_children = lambda folder: True


class ChildRecordTest(unittest.TestCase):
    def record(self, text):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(text)
            file.flush()
            return ChildRecord(file.name)

    def test_record_lists_blocks_and_objects(self):
        record = self.record(LEAK)
        self.assertEqual(record.end, "looked")
        self.assertEqual([(block.address, block.size, block.owned) for block in record.blocks], [(0x1000, 56, False), (0x2000, 24, True)])
        self.assertEqual(record.object_at[0x1000], (0x1010, {"type": "list", "refcount": 1, "length": 3}))

    def test_last_end_counts(self):
        self.assertEqual(self.record("end exec\nend looked\n").end, "looked")

    def test_unknown_end_is_ignored(self):
        self.assertIsNone(self.record("end of the world\n").end)

    def test_immortal_string_is_no_leak(self):
        record = self.record(LEAK.replace("end looked", "string 0x1000\nend looked"))
        self.assertEqual([block.address for block in record.blocks], [0x2000])

    def test_words_are_unknown_if_one_block_has_none(self):
        record = self.record(LEAK.replace("words 0x2000 0 0 0\n", ""))
        self.assertIsNone(record.words(record.blocks))


class ChildWatchTest(unittest.TestCase):
    def setUp(self):
        self.reports = self.enterContext(tempfile.TemporaryDirectory())
        self.watch = ChildWatch(self.reports)
        take_marks()

    def write(self, name, text):
        with open(f"{self.watch.folder}/{name}.child", "w") as file:
            file.write(text)

    def count(self, interpreters, others):
        with open(f"{self.watch.folder}/counts", "wb") as file:
            file.write(struct.pack("II", interpreters, others))

    def marks(self):
        self.watch.mark_children()
        return take_marks()

    def test_children_are_counted_by_how_they_ended(self):
        for name, text in {"7-1": "end looked\n", "8-1": "end exit\n", "9-1": "end exit\n", f"{os.getpid()}-1": ""}.items():
            self.write(name, text)
        self.write(f"{2**22}-1", "")
        self.count(6, 2)
        missed = [("exit", 2), ("killed", 1), ("not-entered", 1), ("running", 1)]
        counts = {"started": 6, "looked": 1, "missed": [{"why": why, "count": count} for why, count in missed], "others": 2}
        self.assertEqual(self.marks(), [{"event": "children", **counts}])

    def test_record_that_no_child_wrote_is_ignored(self):
        self.write(f"{2**22}-1", "words zz\nend looked\n")
        self.write(f"{2**22}-2", "object\t1\nend looked\n")
        os.mkfifo(f"{self.watch.folder}/{2**22}-3.child")
        self.count(3, 0)
        counts = {"started": 3, "looked": 0, "missed": [{"why": "killed", "count": 3}], "others": 0}
        self.assertEqual(self.marks(), [{"event": "children", **counts}])

    def test_counts_are_zero_without_children(self):
        self.assertEqual(self.marks(), [{"event": "children", "started": 0, "looked": 0, "missed": [], "others": 0}])

    def test_loss_of_several_children_is_one_of_the_test_that_started_them(self):
        self.write("7-1", LEAK)
        self.write("8-1", LEAK)
        self.watch.after_test("T.test_a")
        self.write("9-1", LEAK)
        marks = [mark for mark in self.marks() if mark["event"] != "children"]
        frames = [["/lib/liblsan.so.0", 0x13], ["/python", 0x26]]
        leak = {"event": "leak", "record": 0, "frames": frames}
        object = {"event": "leaked-object", "record": 0, "type": "list", "refcount": 1, "length": 3}
        self.assertEqual(
            marks,
            [
                {**leak, "blocks": 2, "direct": 112, "indirect": 48},
                object,
                object,
                {"event": "leak-check", "of": "child", "id": "T.test_a"},
                {**leak, "blocks": 1, "direct": 56, "indirect": 24},
                object,
                {"event": "leak-check", "of": "child"},
            ],
        )

    def test_what_cannot_be_followed_is_a_failure(self):
        self.watch.is_following = False
        self.assertEqual([mark["event"] for mark in self.marks()], ["watch-failed"])


if __name__ == "__main__":
    unittest.main()
