"""The names of pytest's files and tests: paths from the folder in which the command runs."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from support import HERE, PROBE  # isort: skip
from cpython_memcheck_leaks import MARK
from cpython_memcheck_names import file_name, test_name

# Collects as a worker does, and prints the names, then runs a file that is asked for.
COLLECT = f"""
import json, os, sys
sys.path[:0] = [{HERE!r}, {PROBE!r}]
import cpython_memcheck_pytest as own
def run_files(plugin, files):
    names = {{name: [own.id_of(item) for item in items] for name, items in files.items()}}
    print("NAMES" + json.dumps([names, list(plugin.broken)]), flush=True)
    plugin.run_items(files.get(os.environ.get("RUN_FILE"), []))
own.run_pytest(sys.argv[1:], run_files)
"""

TEST = "import pytest\nclass TestA:\n    @pytest.mark.parametrize('x', [1])\n    def test_b(self, x): pass\n"


class NameTest(unittest.TestCase):
    def test_a_file_below_the_folder_is_named_from_there_whatever_pytests_root_is(self):
        self.assertEqual(file_name("/w/packages/foo/tests/test_x.py", "tests/test_x.py", "/w"), "packages/foo/tests/test_x.py")
        self.assertEqual(file_name("/w/tests/test_x.py", "w/tests/test_x.py::T", "/w"), "tests/test_x.py")
        self.assertEqual(file_name("/w/..tests/test_x.py", "..tests/test_x.py", "/w"), "..tests/test_x.py")

    def test_a_test_is_what_pytest_takes_in_the_folder(self):
        name = test_name("/w/packages/foo/tests/test_x.py", "tests/test_x.py::TestA::test_b[a::b]", "/w")
        self.assertEqual(name, "packages/foo/tests/test_x.py::TestA::test_b[a::b]")
        self.assertEqual(test_name("/w/a/test_x.py", "test_x.py", "/w"), "a/test_x.py")

    def test_a_file_outside_of_the_folder_keeps_pytests_name(self):
        self.assertEqual(file_name("/venv/lib/pkg/tests/test_x.py", "tests/test_x.py", "/w"), "tests/test_x.py")
        self.assertEqual(test_name("/venv/lib/pkg/tests/test_x.py", "tests/test_x.py::test_b", "/w"), "tests/test_x.py::test_b")
        self.assertEqual(file_name("/w", "", "/w"), "")

    def test_a_file_outside_of_the_folder_never_has_the_name_of_one_in_it(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(f"{folder}/tests")
            with open(f"{folder}/tests/test_x.py", "w") as file:
                file.write(TEST)
            outside = file_name(os.path.join(os.path.dirname(folder), "tests", "test_x.py"), "tests/test_x.py", folder)
            self.assertEqual(outside, "../tests/test_x.py")


class PytestTest(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        for name, text in {
            "w/packages/foo/pyproject.toml": "[tool.pytest.ini_options]\n",
            "w/packages/foo/tests/test_x.py": TEST,
            "w/packages/foo/tests/test_broken.py": "import there_is_no_such_module\n",
            "w/tests/test_x.py": TEST,
            "other/test_y.py": TEST,
        }.items():
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)

    def collect(self, *args, cwd="w"):
        [line] = [line for line in self.run_pytest(*args, cwd=cwd) if line.startswith("NAMES")]
        return json.loads(line.removeprefix("NAMES"))

    def run_pytest(self, *args, cwd="w", run_file=""):
        """The lines of its output, with the marks."""
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PRINT_MARKS": "1", "RUN_FILE": run_file}
        ran = subprocess.run(
            [sys.executable, "-c", COLLECT, "-p", "no:cacheprovider", *args],
            capture_output=True,
            text=True,
            cwd=os.path.join(self.folder, cwd),
            env=env,
        )
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return ran.stdout.splitlines()

    def test_files_and_tests_are_named_from_the_folder_of_the_command_also_those_that_cannot_be_imported(self):
        names, broken = self.collect("packages/foo/tests")
        file = "packages/foo/tests/test_x.py"
        self.assertEqual(names, {"packages/foo/tests/test_broken.py": [], file: [f"{file}::TestA::test_b[1]"]})
        self.assertEqual(broken, ["packages/foo/tests/test_broken.py"])

    def test_reports_and_logs_name_tests_the_same_way(self):
        with open(os.path.join(self.folder, "w/packages/foo/tests/test_x.py"), "a") as file:
            file.write("    def test_c(self): assert False\n")
        name = "packages/foo/tests/test_x.py"
        lines = self.run_pytest("-p", "no:terminal", name, run_file=name)
        marks = [json.loads(line.removeprefix(MARK)) for line in lines if line.startswith(MARK)]
        ids = [f"{name}::TestA::test_b[1]", f"{name}::TestA::test_c"]
        self.assertEqual(marks, [{"event": event, "id": id} for id in ids for event in ("test-start", "test-stop")])
        self.assertIn(f"{ids[1]} failed (call):", lines)

    def test_a_file_that_cannot_be_imported_runs_nothing_and_fails_in_nothing(self):
        lines = self.run_pytest("packages/foo/tests", run_file="packages/foo/tests/test_broken.py")
        self.assertEqual([line for line in lines if MARK in line or "Traceback" in line or "strict" in line], [])

    def test_names_are_pytests_own_in_its_root_folder(self):
        names, _ = self.collect("tests/test_x.py", cwd="w/packages/foo")
        self.assertEqual(names, {"tests/test_x.py": ["tests/test_x.py::TestA::test_b[1]"]})

    def test_files_elsewhere_have_names_that_do_not_depend_on_the_place(self):
        names, _ = self.collect("--rootdir", ".", "../other", "tests")
        self.assertEqual(list(names), ["test_y.py", "tests/test_x.py"])


if __name__ == "__main__":
    unittest.main()
