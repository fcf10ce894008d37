"""Runs one command line in this process as `python ARGS…` would."""

import os
import sys

from cpython_memcheck_leaks import PROTOCOL, mark
from cpython_memcheck_tests import mark_unittests


def run_command(args):
    """Does the same as `python ARGS…`: -m MODULE, -c CODE or a script."""
    import runpy
    import types

    count, _ = mark_unittests()
    if any(os.path.basename(arg) in ("pytest", "py.test") for arg in args):
        count_pytest_tests(count)
    mark("file-start", protocol=PROTOCOL)
    try:
        if args[0] == "-m":
            sys.argv = args[1:]
            sys.path.insert(0, os.getcwd())
            runpy.run_module(args[1], run_name="__main__", alter_sys=True)
        elif args[0] == "-c":
            sys.argv = ["-c", *args[2:]]
            sys.path.insert(0, "")
            # unittest.main() and pickle look for names of the code there.
            main = sys.modules["__main__"] = types.ModuleType("__main__")
            exec(compile(args[1], "<string>", "exec"), main.__dict__)
        else:
            sys.argv = args
            # Like Python, which follows links.
            sys.path.insert(0, os.path.dirname(os.path.realpath(args[0])))
            runpy.run_path(args[0], run_name="__main__")
    except SystemExit as exit:
        mark("file-stop", state="PASSED" if exit.code in (0, None) else "FAILED", ran=count.ran)
        raise
    except BaseException:
        mark("file-stop", state="FAILED", ran=count.ran)
        raise
    mark("file-stop", state="PASSED", ran=count.ran)


def count_pytest_tests(count):
    """Makes pytest in this process count the tests that it calls here."""
    import types

    name = "cpython_memcheck_pytest"
    before = os.environ.get("PYTEST_PLUGINS")
    # pytest says it of modules that were imported before it could rewrite their assertions.
    plugin = types.ModuleType(name, "PYTEST_DONT_REWRITE")

    def pytest_configure(config):
        # Programs that the tests start have no such module.
        if before is None:
            os.environ.pop("PYTEST_PLUGINS", None)
        else:
            os.environ["PYTEST_PLUGINS"] = before

    # Of xdist's workers and of processes that a plugin forks, only reports come here.
    called = set()

    def pytest_runtest_call(item):
        called.add(item.nodeid)

    def pytest_runtest_logreport(report):
        # For pytest, a test that fails as expected is skipped.
        is_skipped = report.skipped and not hasattr(report, "wasxfail")
        if report.when == "call" and not is_skipped and report.nodeid in called:
            count.ran += 1

    plugin.pytest_configure, plugin.pytest_runtest_logreport = pytest_configure, pytest_runtest_logreport
    plugin.pytest_runtest_call = pytest_runtest_call
    sys.modules[name] = plugin
    os.environ["PYTEST_PLUGINS"] = f"{before},{name}" if before else name
