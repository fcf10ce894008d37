"""CPython's own test files, run by regrtest."""

import contextlib
import functools
import importlib
import os
import sys

import cpython_memcheck_probe as probe
from cpython_memcheck_descriptors import DescriptorWatch
from cpython_memcheck_growth import Growth
from cpython_memcheck_leaks import PROTOCOL, mark
from cpython_memcheck_references import find_growing_references
from cpython_memcheck_tests import (
    TestCount,
    TestTimes,
    call_after,
    forget_last_exception,
    id_of,
    leak_check_hooks,
    leave_out,
    mark_unittests,
    pose_as,
    tests_in,
)
from cpython_memcheck_torture import torture_and_show, torture_child
from cpython_memcheck_torture_turns import Cases
from cpython_memcheck_worker import start_worker, watch_file


def describe(result, count):
    """The outcome in the words of regrtest 3.12 and newer; 3.11 has classes instead of states, and does not count tests."""
    state = getattr(result, "state", None) or {
        "Passed": "PASSED",
        "EnvChanged": "ENV_CHANGED",
        "Skipped": "SKIPPED",
        "ResourceDenied": "RESOURCE_DENIED",
        "DidNotRun": "DID_NOT_RUN",
        "UncaughtException": "UNCAUGHT_EXC",
        "Interrupted": "INTERRUPTED",
    }.get(type(result).__name__, "FAILED")
    stats = getattr(result, "stats", None)
    # regrtest counts doctests, too, but counts each skipped subtest as a skipped test.
    return {"state": state, "ran": max(count.ran, stats.tests_run - stats.skipped) if stats else count.ran}


def is_cut_short(described):
    """Whether an exception outside of a test, or an interrupt, kept the rest of the tests from running: in setUpClass, SystemExit does."""
    return described["ran"] > 0 and described["state"] in ("INTERRUPTED", "UNCAUGHT_EXC")


def replace_run_of_regrtest(make):
    """regrtest runs each test file with one function, which has had two names and two orders of arguments. Returns regrtest's module."""
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
    end_marks = leak_check = described = None

    def run_and_count(check):
        nonlocal end_marks, leak_check, described
        leak_check = check
        before_test, after_test, after_release = leak_check_hooks(options, check)
        if options.scan:
            before_test = call_after(before_test, times.before_test)
            after_test = call_after(times.after_test, after_test)
            # Under memcheck, a check after each test would take too long.
            after_test = call_after(after_test, lambda test: descriptors.after_test(id_of(test)))
        count, end_marks = mark_unittests(before_test, after_test, after_release)
        leave_out(options.leave_out)
        described = run_by_regrtest(name, run, options_of_regrtest, count)
        times.mark_slowest()
        return described

    times = TestTimes()
    descriptors = DescriptorWatch()
    watch_file(options, run_and_count)
    # The last check has collected objects that close their descriptors when they are destroyed.
    descriptors.mark_left_open()
    if is_cut_short(described):
        # Like a test that ends its process.
        raise RuntimeError(f"regrtest did not run {name} to its end: {described['state']}")
    if references:
        end_marks()
        growth = Growth(leak_check)
        find_growing_references(lambda: growth.run(lambda: run_by_regrtest(name, run, options_of_regrtest, TestCount())))
        growth.mark_growing()


def torture_instead(name, references, options):
    torture_child(options, Cases, functools.partial(open_tests, name))


@contextlib.contextmanager
def open_tests(name):
    """The tests of a file, for torture."""
    from test.support import os_helper

    with os_helper.temp_cwd(f"{name}.{os.getpid()}", quiet=True):
        yield load_tests(name)


def load_tests(name):
    import unittest

    loader = unittest.TestLoader()
    try:
        suite = loader.loadTestsFromModule(import_tests(name))
    except unittest.SkipTest:
        return []
    if loader.errors:
        raise RuntimeError(loader.errors[0])
    return list(tests_in(suite))


def import_tests(name):
    """A test file of CPython, or any module."""
    try:
        return importlib.import_module(f"test.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"test.{name.partition('.')[0]}":
            raise
        return importlib.import_module(name)


def run_by_regrtest(name, run, options_of_regrtest, count):
    """Returns regrtest's description of the outcome."""
    from test.support import os_helper

    with os_helper.temp_cwd(f"{name}.{os.getpid()}", quiet=True):
        result = run(name, options_of_regrtest)
        described = describe(result, count)
        del result
    forget_last_exception()
    return described


def rehearse(run, options_of_regrtest):
    """Runs a test file that does nothing: valgrind translates code when it first runs, and children inherit the translations."""
    import types
    import unittest

    name = "test_cpython_memcheck"
    test_file = types.ModuleType(f"test.{name}")
    test_file.Rehearsal = type("Rehearsal", (unittest.TestCase,), {"test_nothing": lambda self: None, "__module__": test_file.__name__})
    sys.modules[test_file.__name__] = test_file
    run_by_regrtest(name, run, options_of_regrtest, TestCount())
    sys.modules.pop(test_file.__name__, None)


def serve(options):
    import shutil

    worker = start_worker(options)
    import_machinery()

    def make(run, ordered):
        def serve_instead(*args, **kwargs):
            _, options_of_regrtest = ordered(*args, **kwargs)
            depth = probe.call_depth() - 1

            # Called from C: references on the evaluation loop's own stack are gone when it returns.
            def run_at_depth(name, options):
                return probe.call_at_depth(depth, functools.partial(run, name, options))

            rehearse(run_at_depth, options_of_regrtest)
            worker.say_ready()
            worker.serve(torture_instead if options.torture else functools.partial(run_child, run_at_depth, options_of_regrtest))
            folder = os.getcwd()
            os.chdir("/")
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)

        return serve_instead

    main = replace_run_of_regrtest(make)
    # regrtest prepares everything as for one test file, then calls us instead. The same seed on every run: a test that draws its data must
    # draw the same data on both sides of a comparison.
    pose_as(importlib.import_module("test"), ["--randseed=1", *options.args, "test_cpython_memcheck"])
    main.main()


def import_machinery():
    """Imports that nearly every test file needs, done once for all."""
    for name in ("import_helper", "os_helper", "script_helper", "threading_helper", "warnings_helper"):
        importlib.import_module(f"test.support.{name}")
    importlib.import_module("unittest.mock")


def run_test_file(name):
    count, _ = mark_unittests()

    def make(run, ordered):
        def run_and_mark(*args, **kwargs):
            result = run(*ordered(*args, **kwargs))
            described = describe(result, count)
            # Without this mark, it counts as ended early.
            if not is_cut_short(described):
                mark("file-stop", **described)
            return result

        return run_and_mark

    main = replace_run_of_regrtest(make)
    pose_as(importlib.import_module("test"), ["--randseed=1", name])
    mark("file-start", protocol=PROTOCOL)
    main.main()


def look(args, look_at):
    def make(run, ordered):
        return lambda *args, **kwargs: look_at(functools.partial(run, *ordered(*args, **kwargs)))

    main = replace_run_of_regrtest(make)
    pose_as(importlib.import_module("test"), ["--randseed=1", *args])
    main.main()


def torture_look(args, asked, test_id):
    """For the terminal: ARGS are the test file."""
    look(args, lambda run: torture_and_show(Cases, functools.partial(open_tests, args[0]), asked, test_id))
