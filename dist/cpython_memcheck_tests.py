"""Writes unittest's events of running tests to the report."""

import os
import sys
from importlib.util import find_spec

# A test may replace time.monotonic.
from time import monotonic

from cpython_memcheck_leaks import mark


class TestCount:
    """Tests that ran in this process and were not skipped."""

    def __init__(self):
        self.ran = 0


def mark_unittests(before_test=None, after_test=None):
    """Marks each test's start and stop, which every unittest result object receives, of any class. Returns (count, function that ends
    it)."""
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
        # A skipped subtest is part of a test that ran.
        skipped = skipped or not hasattr(test, "test_case")
        return skip(self, test, reason)

    def mark_again():
        if running is not None:
            mark("test-start", id=running)

    # A process that a test forks writes a separate report, and its errors are that test's.
    os.register_at_fork(after_in_child=mark_again)

    TestResult.startTest, TestResult.stopTest, TestResult.addSkip = start_and_mark, stop_and_mark, skip_and_remember

    def end():
        TestResult.startTest, TestResult.stopTest, TestResult.addSkip = start, stop, skip

    return count, end


def id_of(test):
    # test__interpreters stores a number in self.id.
    return type(test).id(test)


class TestTimes:
    """Seconds that each test takes."""

    MAX_TESTS = 300
    MIN_SECONDS = 0.02

    def __init__(self):
        self.started, self.seconds = None, {}

    def before_test(self, test):
        self.started = monotonic()

    def after_test(self, test):
        if self.started is not None:
            id = id_of(test)
            self.seconds[id] = self.seconds.get(id, 0) + monotonic() - self.started

    def mark_slowest(self):
        slow = sorted(self.seconds.items(), key=lambda item: -item[1])[: self.MAX_TESTS]
        tests = [[id, round(seconds, 3)] for id, seconds in slow if seconds >= self.MIN_SECONDS]
        if tests:
            mark("slow-tests", tests=tests)


def leave_out(ids):
    """Makes unittest skip these tests in this process."""
    from unittest import TestCase

    ids, run = frozenset(ids), TestCase.run

    def run_unless_left_out(self, result=None):
        return result if id_of(self) in ids else run(self, result)

    if ids:
        TestCase.run = run_unless_left_out


def call_after(one, other):
    """Combines two hooks of a test, called one after the other."""

    def call_both(test):
        one(test)
        other(test)

    return call_both


class TestChecks:
    """Leak checks after single tests or classes. When their time is used up, the remaining leaks are attributed to the whole file."""

    def __init__(self, options, check):
        self.per, self.check, self.seconds_left = options.leak_check_per, check, options.leak_check_seconds
        self.child_watch = options.child_watch

    def run(self, of, id):
        if of == "test" and self.child_watch:
            self.child_watch.after_test(id)
        if self.per == of and self.seconds_left > 0:
            seconds = self.check.run()
            self.seconds_left -= seconds
            mark("leak-check", of=of, id=id, seconds=seconds)


def leak_check_hooks(options, check):
    """Hooks before and after each test, to find out which one leaked."""
    checks, current = TestChecks(options, check), None

    def before(test):
        nonlocal current
        if current is not None and type(test) is not current:
            checks.run("class", f"{current.__module__}.{current.__qualname__}")
        current = type(test)

    def after(test):
        checks.run("test", id_of(test))

    return before, after


def tests_in(suite):
    """The single tests of a suite of unittest."""
    from unittest import TestSuite

    if isinstance(suite, TestSuite):
        for part in suite:
            yield from tests_in(part)
    else:
        yield suite


def pose_as(package, args):
    """As `python -m PACKAGE ARGS…`. Processes that multiprocessing starts would import our runner as the main module."""
    main = sys.modules["__main__"]
    sys.argv = [package.__file__.replace("__init__", "__main__"), *args]
    main.__file__ = sys.argv[0]
    main.__spec__ = find_spec(f"{package.__name__}.__main__")


def forget_last_exception():
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)
