"""Runs tests in which selected allocations fail, and reports the results."""

import functools
import re
import time
import unittest

import cpython_memcheck_probe as probe
from cpython_memcheck_tests import id_of

# CPython's own checks that an exception is set if and only if a call failed (_Py_CheckFunctionResult in call.c, ceval.c).
LOST_ERROR = re.compile(
    r"returned NULL without setting an exception|returned a result with an exception set|error return without exception set"
    r"|returned a result with an error set|null argument to internal routine"
)


class Injection:
    """An allocation that fails in a run of a test; without a site, none fails."""

    def __init__(self, test, site=None, is_lasting=False):
        self.test, self.site, self.is_lasting = test, site, is_lasting

    def call(self, method):
        return method() if self.site is None else probe.torture_fail(method, self.site, self.is_lasting)


class Outcome(unittest.TestResult):
    """Keeps no exception: its traceback would keep lost objects of the test alive."""

    def __init__(self):
        super().__init__()
        self.has_passed, self.lost_error = True, None

    def take(self, error):
        self.has_passed = False
        self.lost_error = self.lost_error or lost_error_in(error)

    def addError(self, test, err):
        self.take(err[1])

    addFailure = addExpectedFailure = addError

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.take(err[1])

    def addSkip(self, test, reason):
        self.has_passed = False

    def addUnexpectedSuccess(self, test):
        self.has_passed = False


def lost_error_in(error):
    for _ in range(10):
        if error is None:
            return None
        if type(error) is SystemError and LOST_ERROR.search(text := str(error)):
            return text[:300]
        error = error.__cause__ or error.__context__
    return None


class Cases:
    """Tests of unittest."""

    id_of = staticmethod(id_of)

    @staticmethod
    def run(tests, turns, outcome):
        """Runs each test as often as it is named, one after another. `turns` has `before(turn)`, `call(turn, method)` to call the test's
        method, and `after(turn)`."""
        Suite(tests, turns).run(outcome)


class Suite(unittest.TestSuite):
    """Classes and modules are set up when they change."""

    _cleanup = False

    def __init__(self, tests, turns):
        super().__init__()
        self.named, self.turns = tests, turns

    def __iter__(self):
        for turn, test in enumerate(self.named):
            self.turns.before(turn)
            # For an asynchronous test, the function that awaits the method.
            own = test._callTestMethod
            test._callTestMethod = lambda method, turn=turn, own=own: self.turns.call(turn, functools.partial(own, method))
            test.run = functools.partial(run_and_take, test.run)
            yield test
            del test._callTestMethod, test.run
            # For IsolatedAsyncioTestCase, which can run only once.
            if hasattr(test, "_asyncioRunner"):
                test._asyncioRunner = None
            self.turns.after(turn)


def run_and_take(run, outcome):
    """A failure in asyncio may break what unittest does after the test, outside of its result."""
    try:
        run(outcome)
    except BaseException as error:
        outcome.take(error)


class OneTurn:
    """A single run, in which `call` calls the method."""

    def __init__(self, call):
        self.call_method = call

    def before(self, turn):
        pass

    def call(self, turn, method):
        return self.call_method(method)

    def after(self, turn):
        pass


def run_test(kind, test, call):
    """Returns the outcome, and the seconds it took. @param kind `Cases`, or an equivalent"""
    outcome, started = Outcome(), time.perf_counter()
    try:
        kind.run([test], OneTurn(call), outcome)
    except Exception:
        outcome.has_passed = False
    return outcome, time.perf_counter() - started
