"""Runs test files, or one command line, inside the checked interpreter and tells memcheck's report what happens.

    python runner.py serve --control FD [--reports FOLDER --memcheck-log FILE] [--logs FOLDER] [--leak-check-per file|class|test] [-- OPTIONS…]
    python runner.py test test_csv
    python runner.py command -m pytest tests

`serve` is the live leak check: an interpreter that has imported the test machinery reads names of test files from its standard input, one per
line, and forks for each; OPTIONS are regrtest's. Under memcheck a fork costs a fraction of a second where a start takes many, and a test can
only hurt its own child.

Marks are lines of JSON after MARK: what begins and ends, by the ids that unittest gives its tests.
"""

import functools
import gc
import importlib
import json
import os
import re
import sys
import time

MARK = "cpython-memcheck "

MOST_ADDRESS = 2**64 - 1

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cpython_memcheck_probe as probe

del sys.path[0]


def mark(event, **fields):
    probe.mark(MARK + json.dumps({"event": event, **fields}))


# ---- What unittest and regrtest tell. ----


def mark_unittests(before_test=None, after_test=None):
    """unittest tells every result object, whatever its class, of each test's start and stop."""
    from unittest import TestResult

    start, stop = TestResult.startTest, TestResult.stopTest
    running = None

    def start_and_mark(self, test):
        nonlocal running
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
        mark("test-stop", id=id_of(test))
        return stop(self, test)

    def mark_again():
        if running is not None:
            mark("test-start", id=running)

    # A process that a test forks writes to a report of its own, and its errors are that test's.
    os.register_at_fork(after_in_child=mark_again)

    TestResult.startTest, TestResult.stopTest = start_and_mark, stop_and_mark


def id_of(test):
    # test__interpreters keeps a number of its own in self.id.
    return type(test).id(test)


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


# ---- The leak check. ----


class LostBlock:
    """A block of memory that is lost, or that only a lost block points to."""

    def __init__(self, record, address, size, owned):
        # An int of this size is stored in digits of 30 bits: memcheck does not take it for a pointer.
        self.record, self.address, self.size, self.owned = record, address, size, owned


# Compiled once: a child would spend more time on that than on the check.
LOSS_RECORD = re.compile(r"in (?:\w+ )?loss record ([\d,]+) of")
LOST_BLOCK = re.compile(r"==\d+== ( *)0x([0-9A-F]+)\[(\d+)\]")


def collect_garbage():
    # The first collection runs finalizers, which may leave new cycles.
    for _ in range(3):
        gc.collect()


class LeakCheck:
    """Leaks since the last check go into memcheck's report, with a mark for each leaked object that says what it is."""

    def __init__(self, reports, memcheck_log):
        self.reports, self.memcheck_log = reports, memcheck_log
        self.blocks, self.types = [], {}
        # The address of the list that we lost ourselves, disguised.
        self.planted = 0

    def forget(self):
        """What is lost by now is nobody's. Returns the seconds it took."""
        started = time.perf_counter()
        probe.added_leaks(None)
        return round(time.perf_counter() - started, 3)

    def run(self):
        """Returns the seconds it took."""
        started = time.perf_counter()
        # serve froze what was there before the test; cycles of it may be garbage by now.
        gc.unfreeze()
        collect_garbage()
        log_size = os.stat(self.memcheck_log).st_size if self.memcheck_log else 0
        xml = f"{self.reports}/{os.getpid()}.xml" if self.reports else None
        self.blocks = self.read_blocks(log_size) if probe.added_leaks(xml) else []
        self.mark_objects()
        return round(time.perf_counter() - started, 3)

    def mark_objects(self):
        blocks = [block for block in self.blocks if not block.address <= ~self.planted & MOST_ADDRESS < block.address + block.size]
        if not blocks:
            return
        self.types = living_types()
        told = dict.fromkeys((block.record for block in blocks), 0)
        for block in blocks:
            described = self.describe(block) if told[block.record] < 4 else None
            # Of what a leaked object owns, only a class says more than the object does. In a cycle memcheck calls any block the owner.
            if described is not None and (not block.owned or described.get("class")):
                told[block.record] += 1
                mark("leaked-object", record=block.record, **described)
        self.types = {}

    def read_blocks(self, start):
        """memcheck's answers to block_list: for each loss record a line with its number, its stack, and its blocks as `0xADDRESS[SIZE]`; what
        those blocks own is indented."""
        record, blocks = None, []
        with open(self.memcheck_log, encoding="ascii", errors="replace") as log:
            log.seek(start)
            for line in log:
                if found := LOSS_RECORD.search(line):
                    record = int(found[1].replace(",", ""))
                elif found := LOST_BLOCK.match(line):
                    blocks.append(LostBlock(record, int(found[2], 16), int(found[3]), owned=found[1] != ""))
        return blocks

    def describe(self, block):
        probe.report_errors(False)
        try:
            found = probe.lost_object(block.address, block.size, self.types)
            return None if found is None else describe_object(*found)
        finally:
            probe.report_errors(True)


def describe_object(refcount, immortal, thing):
    # An immortal object has no count: an interned string of a subinterpreter that has ended, for one.
    fields = {"type": type(thing).__qualname__[:100], "refcount": None if immortal else refcount}
    # Only what the built-in types themselves say, which runs no code of the test's.
    if type(thing) in (str, bytes, bytearray, list, tuple, dict, set, frozenset):
        fields["length"] = len(thing)
    if type(thing) in (str, bytes):
        fields["repr"] = repr(thing[:60])
    elif type(thing) is float or type(thing) is int and thing.bit_length() < 200:
        fields["repr"] = repr(thing)
    elif type(thing) is type(describe_object):
        fields["repr"] = thing.__qualname__[:100]
    elif isinstance(thing, type):
        fields["class"] = True
        fields["repr"] = type.__repr__(thing)[:100]
    if (tracemalloc := sys.modules.get("tracemalloc")) and tracemalloc.is_tracing():
        trace = tracemalloc.get_object_traceback(thing)
        fields["python"] = [f"{frame.filename}:{frame.lineno}" for frame in reversed(trace or ())]
    return fields


def living_types():
    """All classes by their addresses."""
    found, left = {}, [object]
    while left:
        cls = left.pop()
        if id(cls) not in found:
            found[id(cls)] = cls
            left += type.__subclasses__(cls)
    return found


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
        while name := self.names.readline().decode().strip():
            started = time.monotonic()
            sys.stdout.flush()
            sys.stderr.flush()
            pid = os.fork()
            if pid == 0:
                self.be_child(name, run, options_of_regrtest)
            self.report("start", name=name, pid=pid)
            # What the child left running belongs to its group; until the child is reaped, nobody else can have that number.
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            try:
                os.killpg(pid, 9)
            except (ProcessLookupError, PermissionError):
                pass
            _, status, usage = os.wait4(pid, 0)
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

    def be_child(self, name, run, options_of_regrtest):
        """Whatever happens in here, this never returns: the child must not become a second worker."""
        try:
            os.setsid()
            probe.die_with_parent()
            os.close(self.control)
            self.names.close()
            if self.options.logs:
                log = os.open(f"{self.options.logs}/{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
                os.dup2(log, 1)
                os.dup2(log, 2)
                os.close(log)
            run_child(name, run, options_of_regrtest, self.options)
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


def run_child(name, run, options_of_regrtest, options):
    if options.python_stacks:
        # Not from the interpreter's start: what was made before the fork is not the test's, and tracing costs most while modules are imported.
        import tracemalloc

        tracemalloc.start(options.python_stacks)
    check = LeakCheck(options.reports, options.memcheck_log)
    mark_unittests(*leak_check_hooks(options.leak_check_per, check))
    # What the fork itself leaked (logging and threading renew their locks) is not the test's: leaks count from file-start on.
    mark("leak-check", of="fork", seconds=check.forget())
    mark("file-start")
    check.planted = probe.plant_errors(True)
    mark("file-stop", **run_by_regrtest(name, run, options_of_regrtest))
    mark("leak-check", of="file", seconds=check.run())


def run_by_regrtest(name, run, options_of_regrtest):
    """Returns how regrtest describes the outcome."""
    from test.support import os_helper

    with os_helper.temp_cwd(f"{name}.{os.getpid()}", quiet=True):
        # Called from C: what the evaluation loop leaves on its own stack is gone when it returns.
        result = functools.partial(run, name, options_of_regrtest)()
        described = describe(result)
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
    run_by_regrtest(name, run, options_of_regrtest)
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
    parser.add_argument("--logs")
    parser.add_argument("--python-stacks", type=int, default=0, help="frames of Python code to keep for each object")
    parser.add_argument("--leak-check-per", choices=["file", "class", "test"], default="file")
    parser.add_argument("regrtest", nargs="*")
    options = parser.parse_args(args)

    import resource

    # valgrind writes a core file of its own when a test crashes.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    import_machinery()
    worker = Worker(options)
    if not probe.without_free_lists():
        worker.report("free-lists")

    def make(run, ordered):
        def serve_instead(*args, **kwargs):
            _, options_of_regrtest = ordered(*args, **kwargs)
            rehearse(run, options_of_regrtest)
            # What start-up and the imports leaked is nobody's finding, and would be written again by each child.
            collect_garbage()
            LeakCheck(None, None).forget()
            probe.no_leak_check_at_exit()
            # A test's own collections go over what the test made, not over all that was imported before it.
            gc.freeze()
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
    mark_unittests()

    def make(run, ordered):
        def run_and_mark(*args, **kwargs):
            result = run(*ordered(*args, **kwargs))
            mark("file-stop", **describe(result))
            return result

        return run_and_mark

    main = replace_run_of_regrtest(make)
    sys.argv = ["regrtest", "--randseed=1", name]
    mark("file-start")
    main.main()


def look(args):
    """For people: one test file in this process, and what it leaks as memcheck's plain text."""

    def make(run, ordered):
        def look_instead(*args, **kwargs):
            check = LeakCheck(None, None)
            collect_garbage()
            check.forget()
            functools.partial(run, *ordered(*args, **kwargs))()
            forget_last_exception()
            check.run()
            sys.stdout.flush()
            os._exit(0)

        return look_instead

    main = replace_run_of_regrtest(make)
    probe.without_free_lists()
    sys.argv = ["regrtest", "--randseed=1", *args]
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
    if sys.argv[1] == "look":
        look(sys.argv[2:])
    probe.plant_errors(False)
    if sys.argv[1] == "serve":
        serve(sys.argv[2:])
    elif sys.argv[1] == "test":
        run_test_file(sys.argv[2])
    else:
        run_command(sys.argv[2:])
