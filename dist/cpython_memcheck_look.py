"""For the terminal: runs one test file in this process, and prints its leaks in memcheck's or, with --scan, the leak sanitizer's format."""

import functools
import os
import shutil
import sys
import tempfile

import cpython_memcheck_probe as probe
from cpython_memcheck_children import ChildWatch
from cpython_memcheck_leaks import FRAME, MemcheckLeakCheck, SanitizerLeakCheck, collect_garbage
from cpython_memcheck_suites import runner_of
from cpython_memcheck_symbols import Image
from cpython_memcheck_tests import forget_last_exception


def look(args):
    """[--scan [--children]] TEST [OPTIONS…] of regrtest, or the same with [--script] --suite RUNNER FILE ARGS…

    With `--torture ASKED [--only ID]` in place of --scan allocations fail in the test, as the JSON asks for.
    """
    asked = args[1] if args[0] == "--torture" else None
    args = args[2:] if asked else args
    test_id = args[1] if asked and args[0] == "--only" else None
    args = args[2:] if test_id else args
    reports = tempfile.mkdtemp() if args[0] == "--scan" else None
    args = args[1:] if reports else args
    watch = ChildWatch(reports) if args[0] == "--children" else None
    args = args[1:] if watch else args
    is_script = args[0] == "--script"
    args = args[1:] if is_script else args
    suite, args = (args[1], args[2:]) if args[0] == "--suite" else ("regrtest", args)
    probe.without_free_lists()
    if asked:
        runner_of(suite, is_script).torture_look(args, asked, test_id)
    runner_of(suite, is_script).look(args, lambda run: look_at(run, reports, watch))


def look_at(run, reports, watch):
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
            for line in report:
                print(with_name(line), end="", file=sys.stderr, flush=True)
        if watch:
            watch.show()
        shutil.rmtree(reports)
    else:
        check.run()
    os._exit(0)


# Frames are offsets in the file, so images need no load address.
image_of = functools.cache(lambda path: Image(path, 0))


def with_name(line):
    """Adds the function's name to a frame. The leak sanitizer's reports already have names, those of the marker (marker.c) do not."""
    found = FRAME.match(line)
    name = found and found[1] and image_of(found[1]).name_at(int(found[2], 16))
    return line.replace("(", f"in {name} (", 1) if name else line
