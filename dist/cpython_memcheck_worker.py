"""A process that forks a child for each test file name that it receives, and cleans up after it.

Under memcheck a fork costs a fraction of a second where a start takes many, and a test can only hurt its own child. With `--no-fork` it
runs one file itself, and ends.
"""

import gc
import os
import sys
import time

import cpython_memcheck_probe as probe
from cpython_memcheck_children import ChildWatch
from cpython_memcheck_forks import lost_by_a_fork
from cpython_memcheck_json import from_json, to_json
from cpython_memcheck_leaks import PROTOCOL, MemcheckLeakCheck, SanitizerLeakCheck, collect_garbage, mark


def parse_options(args):
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--reports")
    parser.add_argument("--memcheck-log")
    parser.add_argument("--scan", action="store_true", help="the leak sanitizer's runtime is preloaded")
    parser.add_argument("--torture", help="fail allocations: what is asked for, as JSON")
    parser.add_argument("--children", action="store_true", help="children.so is preloaded: look at the interpreters that tests start, too")
    parser.add_argument("--logs")
    parser.add_argument("--python-stacks", type=int, default=0, help="frames of Python code to keep for each object")
    parser.add_argument("--leak-check-per", choices=["file", "class", "test"], default="file")
    parser.add_argument("--leak-check-seconds", type=float, default=float("inf"), help="that checks after each class or test may take")
    parser.add_argument("--suite", choices=["regrtest", "pytest", "unittest"], default="regrtest", help="what runs the tests")
    parser.add_argument("--no-fork", dest="fork", action="store_false", help="run one test file in this process, and end")
    parser.add_argument("--script", action="store_true", help="as `pytest` runs: the current folder is not on the path")
    # Known when the worker is ready.
    parser.set_defaults(lost_by_fork=None)
    # In a child: its test file.
    parser.set_defaults(child_watch=None, leave_out=[])
    end = args.index("--") if "--" in args else len(args)
    options = parser.parse_args(args[:end])
    # Of what runs the tests.
    options.args = args[end + 1 :]
    return options


def start_worker(options):
    # Variables for this process would slow down every program that a test starts, and make it report its own leaks.
    for name in ("LD_PRELOAD", "LSAN_OPTIONS", "GLIBC_TUNABLES", "CPYTHON_MEMCHECK_UNWIND"):
        os.environ.pop(name, None)

    import resource

    # valgrind writes a separate core file when a test crashes.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    worker = Worker(options)
    probe.adopt_orphans()
    if not probe.without_free_lists():
        worker.report("free-lists")
    return worker


class Worker:
    def __init__(self, options):
        self.options = options
        # A high number, which tests do not expect, closed in children and by exec.
        self.control = duplicate_high(options.control)
        if options.memcheck_log:
            # The log follows the control pipe. Valgrind writes to a copy of its own; a test's programs would inherit this one.
            os.close(options.control + 1)
        # A child must not read our messages.
        self.names = os.fdopen(duplicate_high(0), "rb", buffering=0)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)

    def report(self, event, **fields):
        os.write(self.control, (to_json({"event": event, **fields}) + "\n").encode())

    def say_ready(self, **fields):
        # All that ran so far made the state that all test files begin with, as does what leads from here to a test. Our own proof is no
        # part of it.
        probe.end_footprint()
        # What start-up and the imports leaked is no test's finding, and would be written again by each child.
        collect_garbage()
        if self.options.scan:
            new_leak_check(self.options).prove()
        else:
            MemcheckLeakCheck().forget()
            probe.no_leak_check_at_exit()
        probe.begin_footprint(f"{self.options.reports}/serving.footprint")
        # A test's own collections go over what the test made, not over all that was imported before it.
        gc.freeze()
        probe.unfreeze_on_demand(gc)
        if self.options.scan and self.options.fork:
            self.options.lost_by_fork = lost_by_a_fork(self.options.reports)
        self.report("ready", protocol=PROTOCOL, pid=os.getpid(), workerKilobytes=resident_kilobytes(), **fields)

    def serve(self, run_child):
        """Returns when there are no more names. `run_child(name, references, options)` is called in the child, if there is to be one."""
        # Programs that imports started serve the tests of all files.
        helpers = own_children()
        while line := self.names.readline():
            order = from_json(line.decode().rstrip())
            if not self.options.fork:
                self.report("start", name=order["name"], pid=os.getpid())
                self.run_and_exit(order, run_child)
            name = order["name"]
            started = time.monotonic()
            sys.stdout.flush()
            sys.stderr.flush()
            pid = os.fork()
            if pid == 0:
                self.run_and_exit(order, run_child)
            self.report("start", name=name, pid=pid)
            wait_for(pid)
            # What the child left running belongs to its group; until the child is reaped, no other process can have that number.
            try:
                os.killpg(pid, 9)
            except (ProcessLookupError, PermissionError):
                pass
            _, status, usage = os.wait4(pid, 0)
            end_orphans(helpers)
            code = os.waitstatus_to_exitcode(status)
            self.report(
                "end",
                name=name,
                pid=pid,
                exit=code if code >= 0 else None,
                signal=-code if code < 0 else None,
                seconds=round(time.monotonic() - started, 3),
                cpu=round(usage.ru_utime + usage.ru_stime, 3),
                workerKilobytes=resident_kilobytes(),
            )

    def run_and_exit(self, order, run_child):
        """Whatever happens in here, this never returns: a child must not become a second worker."""
        try:
            if self.options.fork:
                os.setsid()
                probe.die_with_parent()
            be_killed_first()
            os.close(self.control)
            self.names.close()
            if self.options.logs:
                log = os.open(f"{self.options.logs}/{order['log']}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
                os.dup2(log, 1)
                os.dup2(log, 2)
                os.close(log)
            self.options.leave_out = order["leaveOut"].split()
            run_child(order["name"], order["references"], self.options)
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
    """Until a child has ended, which stays to be reaped. Others that end meanwhile lost their parent in a test, which may ask whether they
    are gone."""
    while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_pid) != pid:
        os.waitpid(ended, 0)


# Seconds. What starts processes faster than they are killed has to be given up some time.
MAX_SECONDS_FOR_ORPHANS = 20


def end_orphans(helpers):
    """Kills all that a test started and that is still there, in groups and sessions of its own too: we are its parent by now."""
    started = time.monotonic()
    while children := own_children() - helpers:
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
        return set()
    children = set()
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                with open(f"/proc/{name}/stat", "rb") as stat:
                    parent = stat.read().rpartition(b")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == os.getpid():
                children.add(int(name))
    return children


def be_killed_first():
    """Where memory runs out, a test has taken it, and neither the worker nor the check (proc(5), oom_score_adj)."""
    try:
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("800")
    except OSError:
        pass


def new_leak_check(options):
    return SanitizerLeakCheck(options.reports) if options.scan else MemcheckLeakCheck(options.reports, options.memcheck_log)


def watch_file(options, run):
    """In a child: what is lost while `run(check)` runs is the test file's. It returns what the mark "file-stop" says."""
    if options.python_stacks:
        # Not from the interpreter's start: what was made before the fork is not the test's, and tracing costs most while modules are
        # imported.
        import tracemalloc

        tracemalloc.start(options.python_stacks)
    check = new_leak_check(options)
    # Where footprint.c is not preloaded, none is made.
    probe.end_footprint()
    # What the fork itself leaked is not the test's: leaks count from file-start on.
    if options.lost_by_fork is None:
        mark("leak-check", of="fork", seconds=check.forget())
    else:
        probe.ignore_blocks(options.lost_by_fork)
    probe.begin_footprint(f"{options.reports}/{os.getpid()}.footprint")
    mark("file-start", protocol=PROTOCOL)
    if options.children:
        options.child_watch = ChildWatch(options.reports)
    check.plant()
    mark("file-stop", **run(check))
    if options.child_watch:
        options.child_watch.mark_children()
    mark("leak-check", of="file", seconds=check.run(is_last=True))


def duplicate_high(descriptor):
    import fcntl

    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
    if descriptor > 2:
        os.close(descriptor)
    return high


def resident_kilobytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * (os.sysconf("SC_PAGE_SIZE") // 1024)
