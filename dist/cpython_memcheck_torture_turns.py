"""Runs of tests in which chosen allocations fail, and what they tell."""

import functools
import re
import time
import unittest

import cpython_memcheck_probe as probe

# Of CPython's own checks that an exception is set if and only if a call failed (_Py_CheckFunctionResult in call.c, ceval.c).
LOST_ERROR = re.compile(
    r"returned NULL without setting an exception|returned a result with an exception set|error return without exception set"
    r"|returned a result with an error set|null argument to internal routine"
)


class Injection:
    """An allocation that fails in a run of a test; with no site, none does."""

    def __init__(self, test, site=None, is_lasting=False):
        self.test, self.site, self.is_lasting = test, site, is_lasting

    def call(self, method):
        return method() if self.site is None else probe.torture_fail(method, self.site, self.is_lasting)


class Outcome(unittest.TestResult):
    """Keeps no exception: its traceback would keep alive what the test lost."""

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


class Turns(unittest.TestSuite):
    """Tests one after another, each as often as it is named; classes and modules are set up when they change. `call(turn, method)`
    is what calls a test's method."""

    _cleanup = False

    def __init__(self, tests, call):
        super().__init__()
        self.named, self.call = tests, call

    def __iter__(self):
        for turn, test in enumerate(self.named):
            self.before(turn)
            # Of an asynchronous test it is what awaits the method.
            own = test._callTestMethod
            test._callTestMethod = lambda method, turn=turn, own=own: self.call(turn, functools.partial(own, method))
            yield test
            del test._callTestMethod
            # Of IsolatedAsyncioTestCase, which is made to run once only.
            if hasattr(test, "_asyncioRunner"):
                test._asyncioRunner = None
            self.after(turn)

    def before(self, turn):
        pass

    def after(self, turn):
        pass


def run_test(test, call):
    """Returns how it went, and the seconds it took. `call` is what calls its method."""
    outcome, started = Outcome(), time.perf_counter()
    try:
        Turns([test], lambda turn, method: call(method)).run(outcome)
    except Exception:
        outcome.has_passed = False
    return outcome, time.perf_counter() - started
