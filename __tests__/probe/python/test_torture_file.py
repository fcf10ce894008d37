"""How torture interprets the ends of its children."""

import unittest

from support import probe  # isort: skip
from cpython_memcheck_torture_file import File
from cpython_memcheck_torture_turns import Cases, Injection, OneTurn, Outcome

SIGSEGV = 11
LOSS = {"number": 1, "blocks": 1, "bytes": 24, "frames": [("/lib/x.so", 16)]}
CHILD = {"errors": [], "unreached": [], "uncalled": [], "lost": [], "failed": []}


class Plan:
    def names_of(self, site):
        return ("parse", "load")


class Symbols:
    def name_of(self, address):
        return "parse"

    def function_at(self, path, offset):
        return "parse"

    def place_of(self, address):
        return "/lib/x.so", address


class Kind:
    @staticmethod
    def id_of(test):
        return test


class ScriptedFile(File):
    """A file whose children give these answers; None for one that crashes."""

    def __init__(self, *answers):
        self.reported = []
        super().__init__(Kind, [], None, None, lambda symbols, test, kind, **fields: self.reported.append(kind))
        self.symbols, self.plan = Symbols(), Plan()
        self.answers, self.thorough = list(answers), []

    def run_child(self, injections, is_thorough=False):
        self.thorough.append(is_thorough)
        answer = self.answers.pop(0)
        if answer is None:
            self.stopped_at, self.ending = 0, "crash"
        return answer

    def explore_two(self):
        return self.explore([Injection("a test", 1), Injection("a test", 2)], float("inf"))


class BrokenFile(ScriptedFile):
    """One failure breaks what all later runs of the test crash on."""

    def run_child(self, injections, is_thorough=False):
        broken = [index for index, injection in enumerate(injections) if injection.site == 3]
        if broken and broken[0] < len(injections) - 1:
            self.stopped_at, self.ending = broken[0] + 1, "crash"
            return None
        return CHILD


class EndTest(unittest.TestCase):
    def setUp(self):
        probe.torture_progress = lambda: (1, 1, SIGSEGV, b"", b"")

    def test_a_failure_that_its_test_was_not_called_for_is_tried_again_in_another_child(self):
        file = ScriptedFile({**CHILD, "uncalled": [2]}, CHILD)
        self.assertEqual(file.explore_two(), [])
        self.assertEqual(file.counts["injections"], 2)

    def test_failures_whose_test_is_never_called_count_as_not_tried(self):
        file = ScriptedFile({**CHILD, "uncalled": [1, 2]})
        self.assertEqual(len(file.explore_two()), 2)
        self.assertEqual(file.counts["injections"], 0)

    def test_a_loss_that_comes_back_alone_is_a_leak(self):
        lost = {**CHILD, "lost": [LOSS]}
        file = ScriptedFile(lost, lost)
        self.assertEqual(file.explore_two(), [])
        self.assertEqual(file.reported, ["leak"])

    def test_a_loss_that_crashes_when_it_is_tried_alone_is_a_crash(self):
        file = ScriptedFile({**CHILD, "lost": [LOSS]}, None, None)
        self.assertEqual(file.explore_two(), [])
        self.assertEqual((file.reported, file.counts["crashes"]), (["crash"], 1))
        # The crash is looked for where it happened: after a full collection.
        self.assertEqual(file.thorough, [False, True, True])

    def test_a_lost_error_that_crashes_when_it_is_tried_alone_is_a_crash(self):
        file = ScriptedFile({**CHILD, "errors": [(1, "returned NULL without setting an exception")]}, None, None)
        self.assertEqual(file.explore_two(), [])
        self.assertEqual(file.reported, ["crash"])

    def test_a_crash_after_an_earlier_failure_is_that_failure_s(self):
        for failures in (0, 1):
            probe.torture_progress = lambda failures=failures: (4, failures, SIGSEGV, b"", b"")
            reported = []
            file = BrokenFile()
            file.report = lambda kind, injection, *args, reported=reported, **fields: reported.append((kind, injection.site))
            self.assertEqual(file.explore([Injection("a test", site) for site in range(1, 9)], float("inf")), [])
            self.assertEqual(reported, [("crash", 3)])


class TurnTest(unittest.TestCase):
    def test_an_error_after_a_test_does_not_end_the_turns_of_others(self):
        class Odd(unittest.TestCase):
            def run(self, result):
                super().run(result)
                raise RuntimeError("Cannot close a running event loop")

            def runTest(self):
                pass

        called, outcome = [], Outcome()
        Cases.run([Odd(), Odd()], OneTurn(lambda method: called.append(method())), outcome)
        self.assertEqual((len(called), outcome.has_passed), (2, False))


if __name__ == "__main__":
    unittest.main()
