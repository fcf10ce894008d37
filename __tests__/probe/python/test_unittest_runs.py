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

    def test_suites_that_prepare_something_for_their_tests_do_so_for_each_file(self):
        code = "import unittest\nclass Suite(unittest.TestSuite):\n    def run(self, result, debug=False):\n"
        code += "        Case.prepared = True\n        print('prepared')\n        return super().run(result, debug)\n"
        code += "class Case(unittest.TestCase):\n    def test_1(self): self.assertTrue(self.prepared)\n"
        code += "def load_tests(loader, tests, pattern): return Suite(tests)\n"
        for name in ("test_a.py", "test_b.py"):
            self.write(name, code)
        for name, run in self.serve("discover").items():
            with self.subTest(name):
                self.assertEqual((run.stop, run.log.count("prepared")), (("PASSED", 1), 1), run.log)

    def test_suites_may_make_their_tests_when_they_are_asked(self):
        code = "import unittest\nclass Case(unittest.TestCase):\n    def test_1(self): pass\n"
        code += "class Suite(unittest.TestSuite):\n    def __iter__(self): return iter([Case('test_1')])\n"
        self.write("test_a.py", f"{code}def load_tests(loader, tests, pattern): return Suite()\n")
        self.assertEqual(self.serve("discover")["test_a.py"].stop, ("PASSED", 1))

    def test_a_program_that_an_import_started_serves_all_files(self):
        code = "import subprocess, sys\nsource = 'for line in sys.stdin: print(line.upper(), end=str(), flush=True)'\n"
        code += "pipe = {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE, 'text': True, 'bufsize': 1}\n"
        code += "server = subprocess.Popen([sys.executable, '-c', f'import sys\\n{source}'], **pipe)\n"
        self.write("helper.py", code)
        code = "import unittest, helper\nclass Case(unittest.TestCase):\n    def test_1(self):\n"
        code += "        helper.server.stdin.write('x\\n')\n        self.assertEqual(helper.server.stdout.readline(), 'X\\n')\n"
        for name in ("test_a.py", "test_b.py"):
            self.write(name, code)
        for name, run in self.serve("discover").items():
            with self.subTest(name):
                self.assertEqual(run.stop, ("PASSED", 1), run.log)

    def test_programs_name_is_that_of_unittest(self):
        self.write("test_a.py", "import sys, unittest\nclass Case(unittest.TestCase):\n    def test_1(self): print(sys.argv)\n")
        run = self.serve("discover")["test_a.py"]
        self.assertIn("-m unittest', 'discover']", run.log)


if __name__ == "__main__":
    unittest.main()
