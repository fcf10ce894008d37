"""Runs test files, or one command line, inside the checked interpreter and tells the report of memcheck or of the scan what happens.

    python runner.py serve --control FD [--reports FOLDER] [--memcheck-log FILE | --scan] [--logs FOLDER] [--leak-check-per file|class|test] [-- OPTIONS…]
    python runner.py test test_csv
    python runner.py command -m pytest tests

`serve` is the live leak check: an interpreter that has imported the test machinery reads names of test files from its standard input, one per
line, and forks for each; OPTIONS are regrtest's. Under memcheck a fork costs a fraction of a second where a start takes many, and a test can
only hurt its own child.

Marks are lines in the report: what begins and ends, by the ids that unittest gives its tests.
"""

import functools
import gc
import importlib
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import MemcheckLeakCheck, SanitizerLeakCheck, collect_garbage, mark
from cpython_memcheck_references import find_growing_references

del sys.path[0]


# ---- What unittest and regrtest tell. ----


class TestCount:
    """Tests that ran in this process and were not skipped."""

    def __init__(self):
        self.ran = 0


def mark_unittests(before_test=None, after_test=None):
    """Marks each test's start and stop, which every unittest result object receives, of any class. Returns (count, function that ends it)."""
    from unittest import TestResult

    start, stop, skip = TestResult.startTest, TestResult.stopTest, TestResult.addSkip
    count = TestCount()
    running, skipped = None, False

    def start_and_mark(self, test):
        nonlocal running, skipped
        skipped = False
        if before_test is not None:
            before_test(test)
        running = id_of(test)
        mark("test-start", id=running)
        return start(self, test)

    def stop_and_mark(self, test):
        nonlocal running
        if after_test is not None:
            after_test(test)
        running = None
        if not skipped:
            count.ran += 1
        mark("test-stop", id=id_of(test))
        return stop(self, test)

    def skip_and_remember(self, test, reason):
        nonlocal skipped
        skipped = True
        return skip(self, test, reason)

    def mark_again():
        if running is not None:
            mark("test-start", id=running)

    # A process that a test forks writes to a report of its own, and its errors are that test's.
    os.register_at_fork(after_in_child=mark_again)

    TestResult.startTest, TestResult.stopTest, TestResult.addSkip = start_and_mark, stop_and_mark, skip_and_remember

    def end():
        TestResult.startTest, TestResult.stopTest, TestResult.addSkip = start, stop, skip

    return count, end


def id_of(test):
    # test__interpreters keeps a number of its own in self.id.
    return type(test).id(test)


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
    return {"state": state, "ran": max(0, stats.tests_run - stats.skipped) if stats else count.ran}


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


# ---- serve: a child for each test file. ----


class Worker:
    def __init__(self, options):
        self.options = options
        # High, where no test expects a descriptor, and closed in children and by exec.
        self.control = duplicate_high(options.control)
        # A child must not read what is meant for us.
        self.names = os.fdopen(duplicate_high(0), "rb", buffering=0)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)

    def report(self, event, **fields):
        os.write(self.control, (json.dumps({"event": event, **fields}) + "\n").encode())

    def serve(self, run, options_of_regrtest):
        """Returns when there are no more names. `run(name, options)` is regrtest's own."""
        while line := self.names.readline().decode().strip():
            name, _, references = line.partition(" ")
            started = time.monotonic()
            sys.stdout.flush()
            sys.stderr.flush()
            pid = os.fork()
            if pid == 0:
                self.be_child(name, references == "references", run, options_of_regrtest)
            self.report("start", name=name, pid=pid)
            wait_for(pid)
            # What the child left running belongs to its group; until the child is reaped, no other process can have that number.
            try:
                os.killpg(pid, 9)
            except (ProcessLookupError, PermissionError):
                pass
            _, status, usage = os.wait4(pid, 0)
            end_orphans()
            code = os.waitstatus_to_exitcode(status)
            self.report(
                "end",
                name=name,
                pid=pid,
                exit=code if code >= 0 else None,
                signal=-code if code < 0 else None,
                seconds=round(time.monotonic() - started, 3),
                cpu=round(usage.ru_utime + usage.ru_stime, 3),
                childKilobytes=usage.ru_maxrss,
                workerKilobytes=resident_kilobytes(),
            )

    def be_child(self, name, references, run, options_of_regrtest):
        """Whatever happens in here, this never returns: the child must not become a second worker."""
        try:
            os.setsid()
            probe.die_with_parent()
            be_killed_first()
            os.close(self.control)
            self.names.close()
            if self.options.logs:
                log = os.open(f"{self.options.logs}/{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
                os.dup2(log, 1)
                os.dup2(log, 2)
                os.close(log)
            run_child(name, references, run, options_of_regrtest, self.options)
            status = 0
        except BaseException:
            import traceback

            status = 70
            os.write(2, traceback.format_exc().encode(errors="replace"))
        finally:
            try:
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                exit_at_once(status)


# A test may leave its own os._exit behind.
exit_at_once = os._exit


def wait_for(pid):
    """Until a child has ended, which stays to be reaped. Others that end meanwhile lost their parent in a test, which may ask whether they are gone."""
    while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_pid) != pid:
        os.waitpid(ended, 0)


# Seconds. What starts processes faster than they are killed has to be given up some time.
MAX_SECONDS_FOR_ORPHANS = 20


def end_orphans():
    """Kills all that a test started and that is still there, in groups and sessions of its own too: we are its parent by now."""
    started = time.monotonic()
    while children := own_children():
        if time.monotonic() - started > MAX_SECONDS_FOR_ORPHANS:
            # The check kills by what is in their environment.
            exit_at_once(71)
        for child in children:
            os.kill(child, 9)
        for child in children:
            os.waitpid(child, 0)


def own_children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return []
    children = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                with open(f"/proc/{name}/stat", "rb") as stat:
                    parent = stat.read().rpartition(b")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == os.getpid():
                children.append(int(name))
    return children


def be_killed_first():
    """Where memory runs out, a test has taken it, and neither the worker nor the check (proc(5), oom_score_adj)."""
    try:
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("800")
    except OSError:
        pass


def run_child(name, references, run, options_of_regrtest, options):
    if options.python_stacks:
        # Not from the interpreter's start: what was made before the fork is not the test's, and tracing costs most while modules are imported.
        import tracemalloc

        tracemalloc.start(options.python_stacks)
    check = new_leak_check(options)
    count, end_marks = mark_unittests(*leak_check_hooks(options.leak_check_per, check))
    # What the fork itself leaked (logging and threading renew their locks) is not the test's: leaks count from file-start on.
    mark("leak-check", of="fork", seconds=check.forget())
    mark("file-start")
    check.plant()
    mark("file-stop", **run_by_regrtest(name, run, options_of_regrtest, count))
    mark("leak-check", of="file", seconds=check.run())
    if references:
        end_marks()
        find_growing_references(lambda: run_by_regrtest(name, run, options_of_regrtest, TestCount()))


def new_leak_check(options):
    return SanitizerLeakCheck(options.reports) if options.scan else MemcheckLeakCheck(options.reports, options.memcheck_log)


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


def leak_check_hooks(per, check):
    """What to do before and after each test, to say in which one a leak happened."""
    if per == "test":

        def after(test):
            seconds = check.run()
            mark("leak-check", of="test", id=id_of(test), seconds=seconds)

        return None, after
    if per == "class":
        current = None

        def before(test):
            nonlocal current
            if current is not None and type(test) is not current:
                seconds = check.run()
                mark("leak-check", of="class", id=f"{current.__module__}.{current.__qualname__}", seconds=seconds)
            current = type(test)

        return before, None
    return None, None


def forget_last_exception():
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)


def duplicate_high(descriptor):
    import fcntl

    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
    if descriptor > 2:
        os.close(descriptor)
    return high


def resident_kilobytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * (os.sysconf("SC_PAGE_SIZE") // 1024)


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
            # What start-up and the imports leaked is no test's finding, and would be written again by each child.
            collect_garbage()
            if options.scan:
                new_leak_check(options).prove()
            else:
                MemcheckLeakCheck().forget()
                probe.no_leak_check_at_exit()
            # A test's own collections go over what the test made, not over all that was imported before it.
            gc.freeze()
            probe.unfreeze_on_demand(gc)
            worker.report("ready", pid=os.getpid(), workerKilobytes=resident_kilobytes())
            worker.serve(run, options_of_regrtest)
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


# ---- One process for one test file or one command. ----


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
    mark("file-start")
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


def run_command(args):
    """Does what `python ARGS…` would: -m MODULE, -c CODE or a script."""
    import runpy

    count, _ = mark_unittests()
    if any(os.path.basename(arg) in ("pytest", "py.test") for arg in args):
        count_pytest_tests(count)
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
        mark("file-stop", state="PASSED" if exit.code in (0, None) else "FAILED", ran=count.ran)
        raise
    except BaseException:
        mark("file-stop", state="FAILED", ran=count.ran)
        raise
    mark("file-stop", state="PASSED", ran=count.ran)


def count_pytest_tests(count):
    """Makes pytest in this process count the tests that it calls here. Workers of xdist are other processes."""
    import types

    name = "cpython_memcheck_pytest"
    before = os.environ.get("PYTEST_PLUGINS")
    plugin = types.ModuleType(name)

    def pytest_configure(config):
        # Programs that the tests start have no such module.
        if before is None:
            os.environ.pop("PYTEST_PLUGINS", None)
        else:
            os.environ["PYTEST_PLUGINS"] = before

    def pytest_runtest_logreport(report):
        # Only the controller of xdist's workers has reports with a node.
        if report.when == "call" and not report.skipped and not hasattr(report, "node"):
            count.ran += 1

    plugin.pytest_configure, plugin.pytest_runtest_logreport = pytest_configure, pytest_runtest_logreport
    sys.modules[name] = plugin
    os.environ["PYTEST_PLUGINS"] = f"{before},{name}" if before else name


if __name__ == "__main__":
    if sys.argv[1] == "look":
        look(sys.argv[2:])
    probe.plant_errors(False)
    if sys.argv[1] == "serve":
        serve(sys.argv[2:])
    elif sys.argv[1] == "test":
        run_test_file(sys.argv[2])
    else:
        run_command(sys.argv[2:])
