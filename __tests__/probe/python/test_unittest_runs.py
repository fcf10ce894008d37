"""Test files of a project whose tests unittest runs, in a worker."""

import unittest

from suite_worker import SuiteTest  # isort: skip


class UnittestRunsTest(SuiteTest):
    def serve(self, *args):
        return super().serve(*args, suite="unittest")

    def test_what_a_test_stores_in_itself_is_released_after_its_run(self):
        code = "import unittest\n\nclass Thing:\n    def __del__(self): print('released')\n\n"
        code += "class Case(unittest.TestCase):\n    def test_1(self): self.thing = Thing()\n"
        for name in ("test_first.py", "test_last.py"):
            self.write(name, code)
        for name, run in self.serve("discover").items():
            with self.subTest(name):
                self.assertEqual(run.stop, ("PASSED", 1), run.log)
                self.assertIn("released", run.log)

    def test_a_run_that_a_test_stops_does_not_come_to_its_end(self):
        code = "import unittest\n\nclass Case(unittest.TestCase):\n    def run(self, result): super().run(result); result.stop()\n"
        self.write("test_all.py", f"{code}    def test_1(self): pass\n")
        self.write("test_some.py", f"{code}    def test_1(self): pass\n    def test_2(self): pass\n    def test_3(self): pass\n")
        runs = self.serve("discover")
        self.assertEqual({name: run.exit for name, run in runs.items()}, {"test_all.py": 0, "test_some.py": 70})
        self.assertIn("2 tests of test_some.py did not run", runs["test_some.py"].log)


if __name__ == "__main__":
    unittest.main()
