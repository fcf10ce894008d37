"""What is marked while tests run, and how a command line is run."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import types
import unittest
from importlib.util import find_spec

from support import HERE, PROBE, take_marks  # isort: skip
import cpython_memcheck_references as references
import cpython_memcheck_unittest as own_unittest
from cpython_memcheck_leaks import MARK, PROTOCOL
from cpython_memcheck_regrtest import describe, run_child
from cpython_memcheck_tests import TestCount, TestTimes, id_of, leak_check_hooks, leave_out, mark_unittests

try:
    import pytest
except ImportError:
    pytest = None


class Sample:
    """Not in the module itself, where unittest would find them."""

    class First(unittest.TestCase):
        def test_passes(self):
            pass

        def test_with_subtests(self):
            for number in range(2):
                with self.subTest(number):
                    pass

        @unittest.skip("on purpose")
        def test_skipped(self):
            raise AssertionError("ran")

    class Second(unittest.TestCase):
        def test_fails(self):
            self.fail("on purpose")


def run(*classes, **hooks):
    """(count, marks) of the tests of these classes."""
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(one) for one in classes)
    take_marks()
    count, end = mark_unittests(**hooks)
    try:
        suite.run(unittest.TestResult())
    finally:
        end()
    return count.ran, take_marks()


class TestTimesTest(unittest.TestCase):
    def test_slow_tests_are_reported_slowest_first(self):
        class Slow(unittest.TestCase):
            def test_fast(self):
                pass

            def test_slow(self):
                time.sleep(0.03)

            def test_slower(self):
                time.sleep(0.06)

        times = TestTimes()
        run(Slow, before_test=times.before_test, after_test=times.after_test)
        times.mark_slowest()
        [marked] = take_marks()
        self.assertEqual(marked["event"], "slow-tests")
        self.assertEqual([id.rpartition(".")[2] for id, _ in marked["tests"]], ["test_slower", "test_slow"])

    def test_nothing_is_reported_without_slow_tests(self):
        times = TestTimes()
        run(Sample.First, before_test=times.before_test, after_test=times.after_test)
        times.mark_slowest()
        self.assertEqual(take_marks(), [])

    def test_tests_that_are_left_out_do_not_run(self):
        run_of_unittest = unittest.TestCase.run
        try:
            leave_out([id_of(Sample.First("test_passes")), id_of(Sample.Second("test_fails"))])
            ran, marks = run(Sample.First, Sample.Second)
        finally:
            unittest.TestCase.run = run_of_unittest
        self.assertEqual(ran, 1)
        self.assertNotIn("test_passes", str(marks))


class Checks:
    """Counts leak checks."""

    def __init__(self):
        self.runs = 0

    def run(self):
        self.runs += 1
        return self.runs


class MarkTest(unittest.TestCase):
    def test_each_test_has_a_start_and_a_stop_by_its_id(self):
        _, marks = run(Sample.Second)
        name = f"{__name__}.Sample.Second.test_fails"
        self.assertEqual(marks, [{"event": "test-start", "id": name}, {"event": "test-stop", "id": name}])

    def test_tests_that_are_skipped_do_not_count_and_subtests_count_once(self):
        self.assertEqual(run(Sample.First, Sample.Second)[0], 3)

    def test_tests_that_run_in_threads_at_once_count(self):
        barrier = threading.Barrier(2, timeout=60)

        class Case(unittest.TestCase):
            def test_1(self):
                barrier.wait()

            test_2 = test_1

        class Suite(unittest.TestSuite):
            def run(self, result):
                threads = [threading.Thread(target=test, args=(unittest.TestResult(),)) for test in self]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()

        count, end = mark_unittests()
        self.addCleanup(end)
        Suite([Case("test_1"), Case("test_2")]).run(None)
        self.assertEqual(count.ran, 2)

    def test_nothing_is_marked_after_the_end(self):
        run(Sample.First)
        suite = unittest.TestLoader().loadTestsFromTestCase(Sample.First)
        suite.run(unittest.TestResult())
        self.assertEqual(take_marks(), [])

    def leak_checks(self, per, seconds=100):
        """Of what the marks say, while the tests of two classes run; each check takes a second more than the one before."""
        options = types.SimpleNamespace(leak_check_per=per, leak_check_seconds=seconds, child_watch=None)
        before, after, released = leak_check_hooks(options, Checks())
        _, marks = run(Sample.First, Sample.Second, before_test=before, after_test=after, after_release=released)
        return [(mark["of"], mark["id"].removeprefix(f"{__name__}.Sample.")) for mark in marks if mark["event"] == "leak-check"]

    def test_leaks_of_each_test_are_looked_for_after_it(self):
        names = ("First.test_passes", "First.test_skipped", "First.test_with_subtests", "Second.test_fails")
        self.assertEqual(self.leak_checks("test"), [("test", name) for name in names])

    def test_leaks_of_a_class_are_looked_for_after_it(self):
        self.assertEqual(self.leak_checks("class"), [("class", "First"), ("class", "Second")])

    def test_a_test_is_released_and_its_class_torn_down_before_it_is_looked_at(self):
        events = []

        class Thing:
            def __del__(self):
                events.append("released")

        class Case(unittest.TestCase):
            def test_1(self):
                self.thing = Thing()

            def test_2(self):
                self.thing = Thing()

            @classmethod
            def tearDownClass(cls):
                events.append("class torn down")

        options = types.SimpleNamespace(leak_check_per="test", leak_check_seconds=100, child_watch=None)
        before, after, released = leak_check_hooks(options, types.SimpleNamespace(run=lambda: events.append("looked") or 0))
        run(Case, Sample.Second, before_test=before, after_test=after, after_release=released)
        once = ["released", "looked"]
        self.assertEqual(events, [*once, "released", "class torn down", "looked", "looked"])

    def test_tests_that_a_test_runs_are_part_of_it(self):
        class Outer(unittest.TestCase):
            def test_outer(self):
                unittest.TestLoader().loadTestsFromTestCase(Sample.First).run(unittest.TestResult())

        ran, marks = run(Outer)
        self.assertEqual(ran, 1)
        found = [(mark["event"], mark["id"].rpartition(".")[2]) for mark in marks]
        self.assertEqual(found, [("test-start", "test_outer"), ("test-stop", "test_outer")])

    def test_leaks_of_a_file_are_not_looked_for_meanwhile(self):
        self.assertEqual(self.leak_checks("file"), [])

    def test_leaks_are_not_looked_for_after_each_test_once_that_has_taken_its_time(self):
        self.assertEqual(len(self.leak_checks("test", seconds=3)), 2)


class WorkerTest(unittest.TestCase):
    def test_tests_inherit_no_descriptor_of_the_control_pipe_or_of_memchecks_log(self):
        code = (
            f"import sys; sys.path[:0] = [{HERE!r}, {PROBE!r}]\n"
            "import os, types\nfrom cpython_memcheck_worker import Worker\n"
            "os.dup2(1, 3); os.dup2(1, 4)\n"
            "worker = Worker(types.SimpleNamespace(control=3, memcheck_log='memcheck.log'))\n"
            "os.execvp('ls', ['ls', '/proc/self/fd'])"
        )
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        # 3 is the folder itself.
        self.assertEqual(ran.stdout.split(), ["0", "1", "2", "3"], ran.stderr)


class DescribeTest(unittest.TestCase):
    def outcome(self, result, ran=5):
        count = TestCount()
        count.ran = ran
        return describe(result, count)

    def test_newer_regrtest_has_states_and_counts_doctests_too(self):
        stats = types.SimpleNamespace(tests_run=9, skipped=3)
        self.assertEqual(self.outcome(types.SimpleNamespace(state="PASSED", stats=stats)), {"state": "PASSED", "ran": 6})

    def test_skipped_subtests_that_regrtest_counts_as_tests_take_nothing_away(self):
        stats = types.SimpleNamespace(tests_run=5, skipped=30)
        self.assertEqual(self.outcome(types.SimpleNamespace(state="PASSED", stats=stats)), {"state": "PASSED", "ran": 5})

    def test_without_counts_ours_is_taken(self):
        self.assertEqual(self.outcome(types.SimpleNamespace(state="FAILED", stats=None)), {"state": "FAILED", "ran": 5})

    def test_regrtest_of_3_11_has_classes(self):
        for name, state in [
            ("Passed", "PASSED"),
            ("ResourceDenied", "RESOURCE_DENIED"),
            ("RefLeak", "FAILED"),
            ("Interrupted", "INTERRUPTED"),
        ]:
            with self.subTest(name):
                self.assertEqual(self.outcome(type(name, (), {})()), {"state": state, "ran": 5})


@unittest.skipUnless(find_spec("test") and find_spec("test.support"), "this Python has no test.support")
class ChildTest(unittest.TestCase):
    """A test file of CPython in a child."""

    def run_file(self, state, run):
        def run_tests(name, options):
            stats = types.SimpleNamespace(tests_run=run, skipped=0)
            return types.SimpleNamespace(state=state, stats=stats)

        self.addCleanup(os.chdir, os.getcwd())
        folder = self.enterContext(tempfile.TemporaryDirectory())
        os.chdir(folder)
        # As parse_options returns them.
        options = types.SimpleNamespace(
            python_stacks=0, scan=False, reports=None, memcheck_log=None, lost_by_fork=b"", children=False, child_watch=None
        )
        options.leak_check_per, options.leak_check_seconds, options.leave_out = "file", 0, []
        _, end = mark_unittests()
        try:
            run_child(run_tests, None, "test_sample", False, options)
        finally:
            end()

    def test_a_file_whose_tests_all_ran_comes_to_its_end(self):
        for state, run in [("PASSED", 3), ("FAILED", 3), ("SKIPPED", 0), ("UNCAUGHT_EXC", 0)]:
            with self.subTest(state):
                self.run_file(state, run)

    def test_a_file_that_is_cut_short_fails_after_its_leak_check(self):
        for state in ("INTERRUPTED", "UNCAUGHT_EXC"):
            with self.subTest(state):
                take_marks()
                with self.assertRaisesRegex(RuntimeError, f"did not run test_sample to its end: {state}"):
                    self.run_file(state, 1)
                self.assertEqual(take_marks()[-1]["of"], "file")


class ReferencesTest(unittest.TestCase):
    def growing(self, run):
        take_marks()
        references.find_growing_references(run)
        return take_marks()

    def test_references_that_are_never_given_back_are_reported_with_their_object(self):
        constant = b"a constant of some module"
        KEPT.append(constant)
        marks = self.growing(lambda: references.probe.leak(constant))
        self.assertEqual([mark["event"] for mark in marks], ["growing-reference"], marks)
        self.assertEqual((marks[0]["references"], marks[0]["repr"]), (1, repr(constant)))

    def test_too_many_objects_to_describe_are_reported_as_a_failure(self):
        constants = [b"constant %d" % number for number in range(references.MAX_DESCRIBED + 1)]
        KEPT.extend(constants)
        marks = self.growing(lambda: [references.probe.leak(constant) for constant in constants])
        self.assertEqual([mark["event"] for mark in marks], ["growing-reference"] * references.MAX_DESCRIBED + ["watch-failed"])

    def test_references_of_containers_do_not_count(self):
        constant = b"a constant of another module"
        KEPT.append(constant)
        self.assertEqual(self.growing(lambda: KEPT.append(constant)), [])

    def test_tests_that_leak_nothing_are_not_reported(self):
        self.assertEqual(self.growing(lambda: None), [])


KEPT = []


class SuiteTest(unittest.TestCase):
    def test_tests_of_a_project_are_grouped_by_their_files(self):
        loader = unittest.TestLoader()
        nested = unittest.TestSuite([unittest.TestSuite([loader.loadTestsFromTestCase(Sample.First)]), Sample.Second("test_fails")])
        tests = list(own_unittest.tests_in(nested))
        self.assertEqual(len(tests), 4)
        self.assertEqual({own_unittest.file_of(test) for test in tests}, {os.path.relpath(__file__)})

    def test_a_file_that_cannot_be_imported_is_known_by_the_name_of_its_module(self):
        [test] = own_unittest.tests_in(unittest.TestLoader().loadTestsFromName("no_such_module"))
        self.assertTrue(own_unittest.is_failed_import(test))
        self.assertEqual(own_unittest.file_of(test), "no_such_module")

    def test_a_file_that_cannot_be_imported_has_the_name_that_it_has_when_it_can_be(self):
        self.addCleanup(os.chdir, os.getcwd())
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            os.mkdir("broken_tests")
            for name, code in [("__init__", ""), ("test_broken", "import there_is_no_such_module")]:
                with open(f"broken_tests/{name}.py", "w") as file:
                    file.write(code)
            self.addCleanup(sys.path.remove, os.getcwd())
            [test] = own_unittest.tests_in(unittest.TestLoader().discover("broken_tests", top_level_dir="."))
            self.assertEqual(own_unittest.file_of(test), "broken_tests/test_broken.py")

    def test_a_file_that_skips_itself_and_a_doctest_have_the_names_of_their_files(self):
        self.addCleanup(os.chdir, os.getcwd())
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            os.mkdir("own_tests")
            load = "import doctest\ndef load_tests(loader, tests, pattern): return doctest.DocTestSuite(__name__)\n"
            for name, code in [
                ("__init__", ""),
                ("test_none", "import unittest\nraise unittest.SkipTest('on purpose')\n"),
                ("test_other", "import unittest\nraise unittest.SkipTest('on purpose')\n"),
                ("test_doctest", f"'''\n>>> 1\n1\n'''\n{load}"),
            ]:
                with open(f"own_tests/{name}.py", "w") as file:
                    file.write(code)
            self.addCleanup(sys.path.remove, os.getcwd())
            tests = list(own_unittest.tests_in(unittest.TestLoader().discover("own_tests", top_level_dir=".")))
            names = sorted(own_unittest.file_of(test) for test in tests)
            self.assertEqual(names, ["own_tests/test_doctest.py", "own_tests/test_none.py", "own_tests/test_other.py"])
            # A file that skips itself is not broken.
            self.assertFalse(any(own_unittest.is_failed_import(test) for test in tests))


class RunnerTest(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def run_by_runner(self, *args):
        """What is printed."""
        env = {**os.environ, "PYTHONPATH": f"{HERE}:{self.folder}"}
        command = [sys.executable, f"{PROBE}/runner.py", *args]
        return subprocess.run(command, capture_output=True, text=True, env=env, cwd=self.scratch()).stdout

    def scratch(self):
        return self.enterContext(tempfile.TemporaryDirectory())

    def test_an_installed_module_may_have_the_name_of_our_runner(self):
        self.write("runner.py", "print('installed')")
        self.assertEqual(self.run_by_runner("command", "-c", "import runner"), "installed\n")

    @unittest.skipUnless(find_spec("test") and find_spec("test.libregrtest"), "this Python has no regrtest")
    def test_the_main_module_seems_to_be_that_of_regrtest(self):
        # A process that multiprocessing spawns imports the main module, which would be our runner.
        self.write("own_test.py", "import sys; print('main:', sys.modules['__main__'].__spec__.name, sys.argv[0])")
        self.assertRegex(self.run_by_runner("look", "own_test", f"--testdir={self.folder}"), r"main: test\.__main__ /.*/test/__main__\.py")


class CommandTest(unittest.TestCase):
    def command(self, *args):
        """The exit status, what was printed, and the marks of a command line."""
        code = f"import sys; sys.path[:0] = [{HERE!r}, {PROBE!r}]; import cpython_memcheck_command as c; c.run_command(sys.argv[1:])"
        ran = subprocess.run(
            [sys.executable, "-c", code, *args], capture_output=True, text=True, env={**os.environ, "PRINT_MARKS": "1"}, cwd=self.folder
        )
        lines = ran.stdout.splitlines()
        marks = [json.loads(line.removeprefix(MARK)) for line in lines if line.startswith(MARK)]
        return ran.returncode, [line for line in lines if not line.startswith(MARK)], marks

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        with open(os.path.join(self.folder, "own.py"), "w") as script:
            script.write("import sys; print(__name__, sys.argv[1:])")

    def test_code_module_and_script_are_run_as_python_would(self):
        for args, printed in [
            (("-c", "import sys; print(__name__, sys.argv[1:])", "x"), "__main__ ['x']"),
            (("-m", "own", "x"), "__main__ ['x']"),
            (("own.py", "x"), "__main__ ['x']"),
        ]:
            with self.subTest(args):
                status, lines, marks = self.command(*args)
                self.assertEqual((status, lines), (0, [printed]))
                start, stop = {"event": "file-start", "protocol": PROTOCOL}, {"event": "file-stop", "state": "PASSED", "ran": 0}
                self.assertEqual(marks, [start, stop])

    def test_tests_of_code_are_found_in_the_main_module(self):
        code = "import unittest\nclass Case(unittest.TestCase):\n    def test_1(self): pass\nunittest.main()"
        status, _, marks = self.command("-c", code)
        self.assertEqual((status, marks[-1]), (0, {"event": "file-stop", "state": "PASSED", "ran": 1}))

    def test_a_script_finds_modules_next_to_it_through_a_link(self):
        os.mkdir(os.path.join(self.folder, "scripts"))
        for name, code in [("helper", ""), ("linked", "import helper, sys; print(sys.argv[0])")]:
            with open(os.path.join(self.folder, "scripts", f"{name}.py"), "w") as file:
                file.write(code)
        os.symlink("scripts/linked.py", os.path.join(self.folder, "link.py"))
        self.assertEqual(self.command("link.py")[:2], (0, ["link.py"]))

    def test_exit_status_and_errors_say_whether_it_passed(self):
        for code, status, state in [("raise SystemExit(3)", 3, "FAILED"), ("raise SystemExit", 0, "PASSED"), ("1 / 0", 1, "FAILED")]:
            with self.subTest(code):
                ended, _, marks = self.command("-c", code)
                self.assertEqual((ended, marks[-1]), (status, {"event": "file-stop", "state": state, "ran": 0}))

    @unittest.skipUnless(pytest, "pytest is not installed")
    def test_pytest_runs_also_with_warnings_as_errors(self):
        with open(os.path.join(self.folder, "test_x.py"), "w") as file:
            file.write("def test_1(): pass\n")
        status, lines, marks = self.command("-m", "pytest", "-q", "-W", "error")
        self.assertEqual((status, marks[-1]), (0, {"event": "file-stop", "state": "PASSED", "ran": 1}), lines)

    @unittest.skipUnless(pytest, "pytest is not installed")
    def test_tests_of_pytest_count_that_are_expected_to_fail(self):
        with open(os.path.join(self.folder, "test_x.py"), "w") as file:
            file.write("import pytest\n@pytest.mark.xfail\ndef test_1(): assert False\ndef test_2(): pytest.skip()\n")
        _, lines, marks = self.command("-m", "pytest", "-q")
        self.assertEqual(marks[-1], {"event": "file-stop", "state": "PASSED", "ran": 1}, lines)


if __name__ == "__main__":
    unittest.main()
