"""For people: one test file in this process, and what it leaks in memcheck's or, with --scan, the leak sanitizer's words."""

import os
import shutil
import sys
import tempfile

import cpython_memcheck_probe as probe
import cpython_memcheck_regrtest
from cpython_memcheck_leaks import MemcheckLeakCheck, SanitizerLeakCheck, collect_garbage
from cpython_memcheck_suites import runner_of
from cpython_memcheck_tests import forget_last_exception
from cpython_memcheck_torture import torture_and_show


def look(args):
    """--torture TEST [-m ID], [--scan] TEST [OPTIONS…] of regrtest, or [--scan] [--script] --suite RUNNER FILE ARGS…"""
    if args[0] == "--torture":
        probe.without_free_lists()
        name, *match = args[1:]
        cpython_memcheck_regrtest.look([name], lambda run: torture_and_show(name, match[-1] if match else None))
    reports = tempfile.mkdtemp() if args[0] == "--scan" else None
    args = args[1:] if reports else args
    is_script = args[0] == "--script"
    args = args[1:] if is_script else args
    suite, args = (args[1], args[2:]) if args[0] == "--suite" else ("regrtest", args)
    probe.without_free_lists()
    runner_of(suite, is_script).look(args, lambda run: look_at(run, reports))


def look_at(run, reports):
    check = SanitizerLeakCheck(reports) if reports else MemcheckLeakCheck()
    collect_garbage()
    check.forget()
    run()
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
