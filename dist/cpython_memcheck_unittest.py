"""A project's tests, run by unittest: loaded once, then a child for each test file."""

import contextlib
import functools
import os
import sys
import unittest

from cpython_memcheck_tests import TestCount, forget_last_exception, leak_check_hooks, mark_unittests, pose_as, tests_in
from cpython_memcheck_torture import torture_and_show, torture_child
from cpython_memcheck_torture_turns import Cases
from cpython_memcheck_worker import start_worker, watch_file


def serve(options):
    worker = start_worker(options)

    def run_files(program, files, run_tests):
        worker.say_ready(files=[{"name": name, "tests": len(tests)} for name, tests in files.items()])
        run = functools.partial(torture_instead, files) if options.torture else functools.partial(run_child, run_tests, program, files)
        worker.serve(run)

    run_unittest(options.args, run_files)


def torture_instead(files, name, references, options):
    torture_child(options, Cases, lambda: contextlib.nullcontext(files[name]), any(is_failed_import(test) for test in files[name]))


def torture_look(args, asked, test_id):
    name, *args = args

    def run_files(program, files, run_tests):
        torture_and_show(Cases, lambda: contextlib.nullcontext(files[name]), asked, test_id)

    run_unittest(args, run_files)


def look(args, look_at):
    """ARGS are the file and unittest's arguments."""
    name, *args = args

    def run_files(program, files, run_tests):
        program.test = only(program.test, files.pop(name))
        look_at(run_tests)

    run_unittest(args, run_files)


def run_unittest(args, run_files):
    """Loads the tests, then calls `run_files(program, files, run_tests)` in place of unittest's own run."""
    pose_as(unittest, args)
    # As unittest's own main module.
    sys.argv[0] = f"{os.path.basename(sys.executable)} -m unittest"

    class Program(unittest.TestProgram):
        def runTests(self):
            self.exit = self.failfast = False
            run_files(self, by_file(self.test), super().runTests)
            os._exit(0)

    # unittest reports errors in its arguments itself.
    Program(module=None)


def by_file(suite):
    """The tests of each file."""
    files = {}
    for test in tests_in(suite):
        files.setdefault(file_of(test), []).append(test)
    return files


def only(suite, tests):
    """A suite of only these, in the suites that they are in: a suite may prepare something for its tests."""
    kept = set(map(id, tests))

    def keep(suite):
        parts = [part for part in suite if (keep(part) if isinstance(part, unittest.TestSuite) else id(part) in kept)]
        suite._tests = parts
        return parts

    keep(suite)
    # A suite may make its tests anew each time that it is asked for them.
    return suite if len(list(tests_in(suite))) == len(tests) else unittest.TestSuite([unittest.TestSuite(tests)])


def run_child(run_tests, program, files, name, references, options):
    left = 0

    def run(check):
        nonlocal left
        # Only the suite may own the tests, since it drops each one after its run: what a test stores in itself would never be lost.
        tests = files.pop(name)
        # The placeholder for a file that can't be imported only gives the reason: it is not a test.
        is_broken = any(map(is_failed_import, tests))
        count = TestCount() if is_broken else mark_unittests(*leak_check_hooks(options, check))[0]
        program.test = only(program.test, tests)
        left = len(tests)
        del tests
        # Called from C: references on the evaluation loop's own stack are gone when it returns.
        functools.partial(run_tests)()
        passed = program.result.wasSuccessful()
        left = left - program.result.testsRun if program.result.shouldStop else 0
        program.test = program.result = None
        forget_last_exception()
        return {"state": "FAILED" if not passed else "PASSED" if count.ran else "SKIPPED", "ran": count.ran}

    watch_file(options, run)
    if left > 0:
        # Like a test that ends its process.
        raise RuntimeError(f"{left} tests of {name} did not run, since its run was told to stop")


def file_of(test):
    """The name for the command, relative to the folder that it runs in; or else the module's name."""
    module = type(test).__module__
    # A doctest knows its file.
    path = getattr(getattr(test, "_dt_test", None), "filename", None) or getattr(sys.modules.get(module), "__file__", None)
    if module == "unittest.loader":
        # The placeholder for a module that can't be imported, or that skips itself while it is imported.
        module = test.id().partition(f".{type(test).__name__}.")[2] or module
        path = path_of(module)
    below = os.path.relpath(path, os.getcwd()) if path else ".."
    return module if below.startswith("..") else below


def path_of(module):
    """Of a module that could not be imported: the file keeps the name that it has when it can be. None where there is no such file."""
    name = os.path.join(*module.split("."))
    places = (os.path.join(folder, name + end) for folder in sys.path for end in (".py", "/__init__.py"))
    return next((place for place in places if os.path.isfile(place)), None)


def is_failed_import(test):
    return type(test).__module__ == "unittest.loader" and type(test).__name__ == "_FailedTest"
