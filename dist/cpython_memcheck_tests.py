"""Writes unittest's events of running tests to the report."""

import os
import sys
import threading
from importlib.util import find_spec

# A test may replace time.monotonic.
from time import monotonic

from cpython_memcheck_leaks import mark


class TestCount:
    """Tests that ran in this process and were not skipped."""

    def __init__(self):
        self.ran = 0


class RunningTest(threading.local):
    """The test that this thread runs, without tests that this one runs itself."""

    test, skipped = None, False


def do_nothing(test):
    pass


def mark_unittests(before_test=do_nothing, after_test=do_nothing, after_release=do_nothing):
    """Marks the start and stop of each test, which every unittest result object receives, of any class. Returns (count, function that ends
    it). `after_release(following)` is called when a suite has dropped a test, with the next one or None."""
    from unittest import TestResult, TestSuite

    start, stop, skip = TestResult.startTest, TestResult.stopTest, TestResult.addSkip
    tear_down_class = TestSuite._tearDownPreviousClass
    count = TestCount()
    running = RunningTest()

    def start_and_mark(self, test):
        if running.test is None:
            before_test(test)
            running.test, running.skipped = test, False
            mark("test-start", id=id_of(test))
        return start(self, test)

    def stop_and_mark(self, test):
        if running.test is test:
            after_test(test)
            running.test = None
            if not running.skipped:
                count.ran += 1
            mark("test-stop", id=id_of(test))
        return stop(self, test)

    def skip_and_remember(self, test, reason):
        # A skipped subtest is part of a test that ran.
        running.skipped = running.skipped or running.test is test
        return skip(self, test, reason)

    def tear_down_class_and_tell(self, test, result):
        # A suite calls it before each test: the one before is not referenced any more, so what it stored in itself is gone.
        tear_down_class(self, test, result)
        if running.test is None:
            after_release(test)

    def mark_again():
        if running.test is not None:
            mark("test-start", id=id_of(running.test))

    # A process that a test forks writes a separate report, and its errors are that test's.
    os.register_at_fork(after_in_child=mark_again)

    TestResult.startTest, TestResult.stopTest, TestResult.addSkip = start_and_mark, stop_and_mark, skip_and_remember
    TestSuite._tearDownPreviousClass = tear_down_class_and_tell

    def end():
        TestResult.startTest, TestResult.stopTest, TestResult.addSkip = start, stop, skip
        TestSuite._tearDownPreviousClass = tear_down_class

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
    """Hooks for mark_unittests, to find out which test or class leaked: before a test, after it, and after it was released."""
    # Id and class of a test that ran and was not yet looked at.
    checks, ended = TestChecks(options, check), None

    def after(test):
        nonlocal ended
        ended = id_of(test), type(test)

    def look(following):
        nonlocal ended
        if ended is None:
            return
        (id, cls), ended = ended, None
        checks.run("test", id)
        if type(following) is not cls:
            checks.run("class", f"{cls.__module__}.{cls.__qualname__}")

    # A suite with a run method of its own may not tell that it released a test.
    return look, after, look


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
