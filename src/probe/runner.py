"""Runs one test file, or one command line, inside the checked interpreter and tells memcheck's report what happens.

    python runner.py test test_csv
    python runner.py command -m pytest tests

Marks are lines of JSON after MARK: what begins and ends, by the ids that unittest gives its tests.
"""

import json
import os
import sys

MARK = "cpython-memcheck "

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cpython_memcheck_probe as probe

del sys.path[0]


def mark(event, **fields):
    probe.mark(MARK + json.dumps({"event": event, **fields}))


def mark_unittests():
    """unittest tells every result object, whatever its class, of each test's start and stop."""
    from unittest import TestResult

    start, stop = TestResult.startTest, TestResult.stopTest

    def start_and_mark(self, test):
        mark("test-start", id=test.id())
        return start(self, test)

    def stop_and_mark(self, test):
        mark("test-stop", id=test.id())
        return stop(self, test)

    TestResult.startTest, TestResult.stopTest = start_and_mark, stop_and_mark


def describe(result):
    """The outcome in the words of regrtest 3.12 and newer; 3.11 has classes where those have states."""
    state = getattr(result, "state", None) or {
        "Passed": "PASSED",
        "EnvChanged": "ENV_CHANGED",
        "Skipped": "SKIPPED",
        "ResourceDenied": "RESOURCE_DENIED",
        "DidNotRun": "DID_NOT_RUN",
        "UncaughtException": "UNCAUGHT_EXC",
    }.get(type(result).__name__, "FAILED")
    stats = getattr(result, "stats", None)
    return {"state": state, "ran": stats.tests_run if stats else None}


def mark_regrtest(main):
    """regrtest runs each test file by one function, which has had two names."""
    name = "run_single_test" if hasattr(main, "run_single_test") else "runtest"
    run = getattr(main, name)

    def run_and_mark(*args):
        result = run(*args)
        mark("file-stop", **describe(result))
        return result

    setattr(main, name, run_and_mark)


def run_test_file(name):
    from test.libregrtest import main

    mark_unittests()
    mark_regrtest(main)
    # The same seed on every run: a test that draws its data must draw the same data for both sides of a comparison.
    sys.argv = ["regrtest", "--randseed=1", name]
    mark("file-start")
    main.main()


def run_command(args):
    """Does what `python ARGS…` would: -m MODULE, -c CODE or a script."""
    import runpy

    mark_unittests()
    mark("file-start")
    try:
        if args[0] == "-m":
            sys.argv = args[1:]
            sys.path.insert(0, os.getcwd())
            runpy.run_module(args[1], run_name="__main__", alter_sys=True)
        elif args[0] == "-c":
            sys.argv = ["-c", *args[2:]]
            sys.path.insert(0, "")
            exec(compile(args[1], "<string>", "exec"), {"__name__": "__main__"})
        else:
            sys.argv = args
            sys.path.insert(0, os.path.dirname(os.path.abspath(args[0])))
            runpy.run_path(args[0], run_name="__main__")
    except SystemExit as exit:
        mark("file-stop", state="PASSED" if exit.code in (0, None) else "FAILED")
        raise
    except BaseException:
        mark("file-stop", state="FAILED")
        raise
    mark("file-stop", state="PASSED")


if __name__ == "__main__":
    probe.plant_errors()
    if sys.argv[1] == "test":
        run_test_file(sys.argv[2])
    else:
        run_command(sys.argv[2:])
