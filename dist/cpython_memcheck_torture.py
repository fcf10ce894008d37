"""Torture: the tests of a file are run repeatedly, each time with another allocation failing, and error paths must not lose anything.

Tests run once to warm up and once more to count the sites of their allocations (torture.c). Then each site fails in the fastest test that
reaches it, in two flavors: once, and from then on. Some fifty injections run in one forked child, with one live leak check at its end.
What a batch shows is run again alone, in a child of its own, and only what comes back is reported.
"""

import array
import gc
import json
import os
import sys
import time

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import PROTOCOL, SanitizerLeakCheck, collect_garbage, mark, mark_watch_failed
from cpython_memcheck_symbols import Symbols
from cpython_memcheck_torture_file import File
from cpython_memcheck_torture_plan import function_of, teach
from cpython_memcheck_torture_turns import Injection, run_test


class Torture:
    """The parameters."""

    def __init__(self, text):
        asked = json.loads(text)
        self.seconds = asked.get("seconds", 600)
        self.slice = tuple(asked.get("slice", (0, 1)))
        # Whether sites that are not tried in time count as not selected.
        self.is_sample = asked.get("sample", False)
        # Only with a function of an extension on the stack.
        self.of_extensions = asked.get("extensions", False)
        # A single failure: the functions of its site, and whether later allocations fail, too.
        self.only = asked.get("only")
        functions = asked.get("functions")
        self.functions = None if functions is None else {function_of(key) for key in functions}


def torture_child(options, kind, open_tests, is_broken=False):
    """What a worker's child does with the tests of one file. @param open_tests gives them, as a context. @param is_broken whether the file
    could not be imported"""
    check = SanitizerLeakCheck(options.reports)
    mark("leak-check", of="fork", seconds=check.forget())
    mark("file-start", protocol=PROTOCOL)
    scratch = f"{options.reports}/torture-{os.getpid()}"
    os.mkdir(scratch)
    require_injections()
    with open_tests() as tests:
        ran = torture_tests(kind, tests, Torture(options.torture), scratch, check, mark_finding)
    mark("file-stop", state="FAILED" if is_broken else "PASSED" if ran > 0 else "SKIPPED", ran=ran)
    started = time.perf_counter()
    check.prove()
    mark("leak-check", of="file", seconds=round(time.perf_counter() - started, 3))


def require_injections():
    """Proves that an allocation fails if it is supposed to."""
    teach(Symbols())
    probe.torture_count(allocate)
    sites = array.array("I", probe.torture_seen())
    failures = 0
    for site in sites:
        try:
            probe.torture_fail(allocate, site, False)
        except MemoryError:
            failures += 1
    if not sites or failures != len(sites):
        mark_watch_failed("failure-proof-missing", failed=failures, planted=len(sites))


def allocate():
    return bytearray(1000)


def torture_tests(kind, tests, torture, scratch, check, report_finding):
    """Reports findings and totals. Returns the number of tests that could be repeated."""
    started = time.monotonic()
    file = File(kind, tests, torture, scratch, report_finding)
    file.count_sites()
    if threads := len(os.listdir("/proc/self/task")) - 1:
        mark_watch_failed("threads-left", threads=threads)
        return file.repeated
    collect_garbage()
    check.forget()
    gc.freeze()
    plan = list(file.plan.by_test())
    counted, cpu = time.monotonic(), cpu_seconds()
    mark(
        "torture-plan",
        tests=len(tests),
        leftOut=file.left_out,
        sites=len(file.plan.best),
        chosen=sum(len(sites) for _, sites in plan),
        seconds=round(counted - started, 3),
    )
    injections = [Injection(test, site, is_lasting) for is_lasting in (False, True) for test, sites in plan for site in sites]
    left = injections
    if plan and file.learn_noise([test for test, _ in plan]):
        left = file.explore(injections, started + torture.seconds)
    if left and not torture.is_sample:
        mark_watch_failed("failures-not-tried", left=len(left), planned=len(injections), seconds=torture.seconds)
    mark(
        "torture-end", unfinished=len(left), seconds=round(time.monotonic() - counted, 3), cpu=round(cpu_seconds() - cpu, 3), **file.counts
    )
    return file.repeated


def cpu_seconds():
    """For this process, and for those that it waited for."""
    return sum(os.times()[:4])


def mark_finding(_, test, **fields):
    mark("test-start", id=test)
    mark("torture-finding", **fields)
    mark("test-stop", id=test)


# ---- For people. ----


def torture_and_show(kind, open_tests, asked, test_id):
    import shutil
    import tempfile

    if (torture := Torture(asked)).only:
        with open_tests() as tests:
            fail_again(kind, [test for test in tests if test_id in (None, kind.id_of(test))], torture)
        os._exit(0)
    reports = tempfile.mkdtemp()
    check = SanitizerLeakCheck(reports)
    check.forget()
    with open_tests() as tests:
        chosen = [test for test in tests if test_id in (None, kind.id_of(test))]
        torture_tests(kind, chosen, Torture(asked), reports, check, show_finding)
    print(f"{len(chosen)} tests tortured", flush=True)
    shutil.rmtree(reports)
    os._exit(0)


def fail_again(kind, tests, torture):
    """In this process, so that memcheck can see the errors before a crash."""
    file = File(kind, tests, torture, None, None)
    file.count_sites()
    for site, (_, test) in file.plan.best.items():
        if list(file.plan.names_of(site)) == torture.only["site"]:
            mark("test-start", id=kind.id_of(test))
            run_test(kind, test, Injection(test, site, torture.only["lasting"]).call)
            # What the failure broke may only be used the next time.
            run_test(kind, test, Injection(test).call)


def show_finding(symbols, test, kind, flavor, failed, frames=(), site=(), **fields):
    print(f"\n{kind} in {test}: {fields}")
    shown = {f"the allocation that failed, {flavor}": failed, "the crash" if kind == "crash" else "what is lost was allocated here": frames}
    for what, places in shown.items():
        if places:
            print(f"  {what}:")
        for path, offset in places[:20]:
            print(f"    {symbols.function_at(path, offset)} ({path}+{offset:#x})")
    sys.stdout.flush()
