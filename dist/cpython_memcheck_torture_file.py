"""The tests of one file: allocation sites are counted, each site fails in each variant, and errors of a batch are tried again alone."""

import array
import itertools
import os
import re
import time

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import mark_watch_failed
from cpython_memcheck_symbols import Symbols
from cpython_memcheck_torture_child import be_child, read_json, wait_or_kill
from cpython_memcheck_torture_plan import Plan, is_allocator, teach, unpack_frames
from cpython_memcheck_torture_turns import Injection, run_test

FLAVORS = "once", "from-then-on"

BATCH = 50

# Seconds: tests that take longer are left out.
MAX_TEST_SECONDS = 1.0

# An injection that takes this much longer than its test hangs: a factor, and seconds.
PATIENCE, MIN_PATIENCE = 20, 2.0

# After this number of hangs, the rest of a test's injections is left out.
MAX_HANGS = 5

# Number of injections that are tried again alone for what looks like the same finding.
MAX_CONFIRMATIONS = 2

# Findings look the same if these agree: functions on the stack of the lost block, and of the failed allocation.
SAME_LOST_FRAMES, SAME_FAILED_FRAMES = 4, 3


class File:
    """The tests of one file."""

    def __init__(self, kind, tests, torture, scratch, report_finding):
        self.kind, self.tests, self.torture, self.scratch, self.report_finding = kind, tests, torture, scratch, report_finding
        self.symbols = Symbols()
        self.plan = Plan(self.symbols, torture)
        self.seconds_of, self.left_out = {}, {"slow": 0, "failing": 0}
        # Tests that passed twice.
        self.repeated = 0
        self.counts = dict.fromkeys(("injections", "unreached", "hangs", "afterHangs", "unconfirmed", "children", "crashes"), 0)
        # (Kind, functions) -> how often it was confirmed, and tried.
        self.confirmed, self.tried = {}, {}
        self.noise = set()
        self.hangs_of = {}

    def leave_out(self, why):
        self.left_out[why] += 1

    # ---- Counting. ----

    def count_sites(self):
        steady = [test for test in self.tests if self.is_steady(test)]
        teach(self.symbols, self.torture.functions, self.torture.of_extensions)
        for test in steady:
            self.count_sites_of(test)

    def count_sites_of(self, test):
        seen = array.array("I")

        def count(method):
            try:
                return probe.torture_count(method)
            finally:
                seen.frombytes(probe.torture_seen())

        outcome, seconds = run_test(self.kind, test, count)
        self.seconds_of[id(test)] = seconds
        if outcome.has_passed:
            self.repeated += 1
            self.plan.add(test, seconds, seen)
        else:
            self.leave_out("failing")

    def is_steady(self, test):
        outcome, seconds = run_test(self.kind, test, lambda method: method())
        if outcome.testsRun == 0 or not outcome.has_passed:
            self.leave_out("failing")
        elif seconds > MAX_TEST_SECONDS:
            self.leave_out("slow")
        else:
            return True
        return False

    # ---- Children. ----

    def run_child(self, injections, is_thorough=False):
        """The child's result; None if it did not finish, see `stopped_at` and `ending`."""
        self.counts["children"] += 1
        path = f"{self.scratch}/{self.counts['children']}.json"
        pid = os.fork()
        if pid == 0:
            be_child(self.kind, injections, is_thorough, self.scratch, path)
        patience = max(MIN_PATIENCE, PATIENCE * max(self.seconds_of[id(injection.test)] for injection in injections))
        has_ended = wait_or_kill(pid, patience)
        said = read_json(path)
        if said is not None and has_ended:
            return said
        number, _, signal, _, _ = probe.torture_progress()
        self.stopped_at = max(0, min(number, len(injections)) - 1)
        self.ending = "crash" if has_ended and signal else "end" if has_ended else "hang"
        return None

    # ---- Batches. ----

    def learn_noise(self, tests):
        """Blocks that the tests lose without a failure."""
        said = self.run_child([Injection(test) for test in tests for _ in range(2)], True)
        if said is None:
            mark_watch_failed("ends-in-fork", ending=self.ending)
            return False
        self.noise = {stack_key(lost["frames"]) for lost in said["lost"]}
        return True

    def explore(self, injections, deadline):
        """Returns the injections that were not run: the time was over, or a test's method is not called again in a child."""
        never_called = []
        waiting = [injections[start : start + BATCH] for start in range(0, len(injections), BATCH)][::-1]
        while waiting and time.monotonic() < deadline:
            asked = waiting.pop()
            batch = [injection for injection in asked if self.hangs_of.get(id(injection.test), 0) < MAX_HANGS]
            self.counts["afterHangs"] += len(asked) - len(batch)
            if not batch:
                continue
            is_thorough = len(batch) == 1
            said = self.run_child(batch, is_thorough)
            if said is None:
                self.counts["injections"] += 1
                before, after = batch[: self.stopped_at], batch[self.stopped_at + 1 :]
                self.examine_end(batch[self.stopped_at], is_thorough, before)
                waiting += [part for part in (after, before) if part]
                continue
            uncalled = [batch[number - 1] for number in said["uncalled"]]
            self.counts["injections"] += len(batch) - len(uncalled)
            self.counts["unreached"] += len(said["unreached"])
            if len(uncalled) == len(batch):
                never_called += uncalled
            elif uncalled:
                # A failure before them may have broken what the tests set up.
                waiting.append(uncalled)
            for number, text in said["errors"]:
                self.examine_error(batch[number - 1], text)
            untagged = self.examine_losses(batch, said["lost"])
            if untagged and len(batch) > 1:
                half = len(batch) // 2
                waiting += [batch[half:], batch[:half]]
        return never_called + [injection for batch in waiting for injection in batch]

    def examine_losses(self, batch, losses):
        """Returns whether a block was lost whose injection is unknown."""
        untagged = False
        for lost in losses:
            if stack_key(lost["frames"]) in self.noise:
                continue
            if lost["number"] == 0 and len(batch) > 1:
                untagged = True
                continue
            injection = batch[max(lost["number"], 1) - 1]
            if self.is_worth_trying(self.key_of_loss(injection, lost)):
                self.confirm_loss(injection)
        return untagged

    def is_worth_trying(self, key):
        if self.confirmed.get(key) or self.tried.get(key, 0) >= MAX_CONFIRMATIONS:
            return False
        self.tried[key] = self.tried.get(key, 0) + 1
        return True

    def key_of_loss(self, injection, lost):
        return "leak", self.owners_of(lost["frames"]), self.plan.names_of(injection.site)[:SAME_FAILED_FRAMES]

    def confirm_loss(self, injection):
        said = self.run_child([injection], True)
        if said is None:
            # With a full collection it comes upon what the failure has broken.
            self.examine_end(injection, True)
            return
        losses = [lost for lost in said["lost"] if stack_key(lost["frames"]) not in self.noise]
        if not losses:
            self.counts["unconfirmed"] += 1
        for lost in losses:
            key = self.key_of_loss(injection, lost)
            if not self.confirmed.get(key):
                self.confirmed[key] = True
                self.report("leak", injection, said["failed"], frames=lost["frames"], blocks=lost["blocks"], bytes=lost["bytes"])

    def examine_end(self, injection, is_thorough=False, before=()):
        """A child has crashed, hung or ended by itself. `before` are the injections that ran in it earlier."""
        ending = self.ending
        _, failures, _, _, crash = probe.torture_progress()
        functions = tuple(self.symbols.name_of(address) for address in unpack_frames(crash)[:SAME_LOST_FRAMES])
        key = (ending, functions, self.plan.names_of(injection.site)[:SAME_FAILED_FRAMES])
        if ending == "crash":
            self.counts["crashes"] += 1
        else:
            self.counts["hangs"] += 1
            self.hangs_of[id(injection.test)] = self.hangs_of.get(id(injection.test), 0) + 1
        if ending != "crash" or not self.is_worth_trying(key):
            return
        if (failures == 0 and before) or not self.crashes([injection], is_thorough):
            injection = self.find_cause(injection, before)
        if injection is None:
            self.counts["unconfirmed"] += 1
            return
        self.confirmed[key] = True
        _, _, signal, failed, crash = probe.torture_progress()
        self.report("crash", injection, unpack_frames(failed), frames=self.places_of(unpack_frames(crash)), signal=signal)

    def find_cause(self, crashed, before):
        """The earlier failure that broke what the test then crashes on without a failure; None if there is none."""
        test = Injection(crashed.test)
        while len(before) > 1:
            half = len(before) // 2
            before = before[half:] if self.crashes([*before[half:], test]) else before[:half]
        return before[0] if before and self.crashes([*before, test]) else None

    def crashes(self, injections, is_thorough=False):
        return self.run_child(injections, is_thorough) is None and self.ending == "crash"

    def examine_error(self, injection, text):
        key = ("lost-error", re.sub(r"0x[0-9a-f]+", "", text), self.plan.names_of(injection.site)[:SAME_FAILED_FRAMES])
        if not self.is_worth_trying(key):
            return
        said = self.run_child([injection], True)
        if said is None:
            self.examine_end(injection, True)
            return
        if not said["errors"]:
            self.counts["unconfirmed"] += 1
            return
        self.confirmed[key] = True
        self.report("lost-error", injection, said["failed"], what=said["errors"][0][1])

    def report(self, kind, injection, failed, **fields):
        self.report_finding(
            self.symbols,
            self.kind.id_of(injection.test),
            kind=kind,
            flavor=FLAVORS[injection.is_lasting],
            site=list(self.plan.names_of(injection.site)),
            failed=self.places_of(failed),
            **fields,
        )

    def places_of(self, addresses):
        return [self.symbols.place_of(address) for address in addresses]

    def owners_of(self, frames):
        """The innermost functions that do not allocate for others."""
        names = (self.symbols.function_at(path, offset) for path, offset in frames)
        own = itertools.dropwhile(is_allocator, names)
        return tuple(itertools.islice(own, SAME_LOST_FRAMES))


def stack_key(frames):
    return tuple((path, offset) for path, offset in frames[:12])
