"""CPython's own test files, run by regrtest."""

import functools
import gc
import importlib
import os
import sys

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import PROTOCOL, MemcheckLeakCheck, SanitizerLeakCheck, collect_garbage, mark
from cpython_memcheck_references import find_growing_references
from cpython_memcheck_tests import TestCount, leak_check_hooks, mark_unittests
from cpython_memcheck_worker import Worker, new_leak_check, resident_kilobytes


def describe(result, count):
    """The outcome in the words of regrtest 3.12 and newer; 3.11 has classes where those have states, and counts nothing."""
    state = getattr(result, "state", None) or {
        "Passed": "PASSED",
        "EnvChanged": "ENV_CHANGED",
        "Skipped": "SKIPPED",
        "ResourceDenied": "RESOURCE_DENIED",
        "DidNotRun": "DID_NOT_RUN",
        "UncaughtException": "UNCAUGHT_EXC",
    }.get(type(result).__name__, "FAILED")
    stats = getattr(result, "stats", None)
    # regrtest counts doctests, too, but each subtest that is skipped as a skipped test.
    return {"state": state, "ran": max(count.ran, stats.tests_run - stats.skipped) if stats else count.ran}


def replace_run_of_regrtest(make):
    """regrtest runs each test file by one function, which has had two names, and its arguments two orders. Returns regrtest's module."""
    # In 3.11 the package has a function of the same name.
    main = importlib.import_module("test.libregrtest.main")
    if hasattr(main, "run_single_test"):
        run = main.run_single_test
        main.run_single_test = make(lambda name, options: run(name, options), lambda name, options: (name, options))
    else:
        run = main.runtest
        main.runtest = make(lambda name, options: run(options, name), lambda options, name: (name, options))
    return main


def run_child(run, options_of_regrtest, name, references, options):
    """`run(name, options)` is regrtest's own."""
    if options.python_stacks:
        # Not from the interpreter's start: what was made before the fork is not the test's, and tracing costs most while modules are imported.
        import tracemalloc

        tracemalloc.start(options.python_stacks)
    check = new_leak_check(options)
    count, end_marks = mark_unittests(*leak_check_hooks(options.leak_check_per, check))
    # What the fork itself leaked (logging and threading renew their locks) is not the test's: leaks count from file-start on.
    # Where footprint.c is not preloaded, nothing happens.
    probe.end_footprint()
    mark("leak-check", of="fork", seconds=check.forget())
    probe.begin_footprint(f"{options.reports}/{os.getpid()}.footprint")
    mark("file-start", protocol=PROTOCOL)
    check.plant()
    mark("file-stop", **run_by_regrtest(name, run, options_of_regrtest, count))
    mark("leak-check", of="file", seconds=check.run(is_last=True))
    if references:
        end_marks()
        find_growing_references(lambda: run_by_regrtest(name, run, options_of_regrtest, TestCount()))


def run_by_regrtest(name, run, options_of_regrtest, count):
    """Returns how regrtest describes the outcome."""
    from test.support import os_helper

    with os_helper.temp_cwd(f"{name}.{os.getpid()}", quiet=True):
        # Called from C: what the evaluation loop leaves on its own stack is gone when it returns.
        result = functools.partial(run, name, options_of_regrtest)()
        described = describe(result, count)
        del result
    forget_last_exception()
    return described


def rehearse(run, options_of_regrtest):
    """Runs a test file that does nothing: valgrind translates code when it first runs, and the children take what is translated with them."""
    import types
    import unittest

    name = "test_cpython_memcheck"
    test_file = types.ModuleType(f"test.{name}")
    test_file.Rehearsal = type("Rehearsal", (unittest.TestCase,), {"test_nothing": lambda self: None, "__module__": test_file.__name__})
    sys.modules[test_file.__name__] = test_file
    run_by_regrtest(name, run, options_of_regrtest, TestCount())
    sys.modules.pop(test_file.__name__, None)


def forget_last_exception():
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)


def serve(args):
    import argparse
    import shutil

    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--reports")
    parser.add_argument("--memcheck-log")
    parser.add_argument("--scan", action="store_true", help="the leak sanitizer's runtime is preloaded")
    parser.add_argument("--logs")
    parser.add_argument("--python-stacks", type=int, default=0, help="frames of Python code to keep for each object")
    parser.add_argument("--leak-check-per", choices=["file", "class", "test"], default="file")
    parser.add_argument("regrtest", nargs="*")
    options = parser.parse_args(args)
    # What was for this process would slow down every program that a test starts, and have it report its own leaks.
    for name in ("LD_PRELOAD", "LSAN_OPTIONS"):
        os.environ.pop(name, None)

    import resource

    # valgrind writes a core file of its own when a test crashes.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    import_machinery()
    worker = Worker(options)
    probe.adopt_orphans()
    if not probe.without_free_lists():
        worker.report("free-lists")

    def make(run, ordered):
        def serve_instead(*args, **kwargs):
            _, options_of_regrtest = ordered(*args, **kwargs)
            rehearse(run, options_of_regrtest)
            # All that ran so far made the state that all test files begin with, as does what leads from here to a test; our own proof is no part.
            probe.end_footprint()
            # What start-up and the imports leaked is no test's finding, and would be written again by each child.
            collect_garbage()
            if options.scan:
                new_leak_check(options).prove()
            else:
                MemcheckLeakCheck().forget()
                probe.no_leak_check_at_exit()
            probe.begin_footprint(f"{options.reports}/serving.footprint")
            # A test's own collections go over what the test made, not over all that was imported before it.
            gc.freeze()
            probe.unfreeze_on_demand(gc)
            worker.report("ready", protocol=PROTOCOL, pid=os.getpid(), workerKilobytes=resident_kilobytes())
            worker.serve(functools.partial(run_child, run, options_of_regrtest))
            folder = os.getcwd()
            os.chdir("/")
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)

        return serve_instead

    main = replace_run_of_regrtest(make)
    # regrtest prepares everything as for one test file, then calls us instead. The same seed on every run: a test that draws its data must draw the
    # same data for both sides of a comparison.
    sys.argv = ["regrtest", "--randseed=1", *options.regrtest, "test_cpython_memcheck"]
    main.main()


def import_machinery():
    """What nearly every test file imports, once for all of them."""
    import test.support.import_helper
    import test.support.os_helper
    import test.support.script_helper
    import test.support.threading_helper
    import test.support.warnings_helper
    import unittest.mock


def run_test_file(name):
    count, _ = mark_unittests()

    def make(run, ordered):
        def run_and_mark(*args, **kwargs):
            result = run(*ordered(*args, **kwargs))
            mark("file-stop", **describe(result, count))
            return result

        return run_and_mark

    main = replace_run_of_regrtest(make)
    sys.argv = ["regrtest", "--randseed=1", name]
    mark("file-start", protocol=PROTOCOL)
    main.main()


def look(args):
    """For people: one test file in this process, and what it leaks in memcheck's or, with --scan, the leak sanitizer's words."""
    import shutil
    import tempfile

    reports = tempfile.mkdtemp() if args[0] == "--scan" else None
    args = args[1:] if reports else args

    def make(run, ordered):
        def look_instead(*args, **kwargs):
            check = SanitizerLeakCheck(reports) if reports else MemcheckLeakCheck()
            collect_garbage()
            check.forget()
            functools.partial(run, *ordered(*args, **kwargs))()
            forget_last_exception()
            sys.stdout.flush()
            if reports:
                collect_garbage()
                probe.sanitizer_leaks(check.report)
                with open(check.report, encoding="utf-8", errors="replace") as report:
                    print(report.read(), file=sys.stderr, flush=True)
                shutil.rmtree(reports)
            else:
                check.run()
            os._exit(0)

        return look_instead

    main = replace_run_of_regrtest(make)
    probe.without_free_lists()
    sys.argv = ["regrtest", "--randseed=1", *args]
    main.main()
