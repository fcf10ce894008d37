"""A forked child, in which a batch of injections runs, with one live leak check at its end."""

import array
import functools
import gc
import json
import os
import select
import struct
import sys
import time

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import SanitizerLeakCheck, collect_garbage, divide_immortals
from cpython_memcheck_owners import find_owners
from cpython_memcheck_torture_plan import unpack_frames
from cpython_memcheck_torture_turns import Outcome, lost_error_in


def be_child(kind, injections, is_thorough, scratch, path):
    """Never returns."""
    status = 70
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.close(null)
        probe.die_with_parent()
        check = SanitizerLeakCheck(scratch)
        said = run_injections(kind, injections, is_thorough, check)
        with open(path + ".new", "w") as file:
            json.dump(said, file)
        os.rename(path + ".new", path)
        os.unlink(f"{scratch}/{os.getpid()}.jsonl")
        status = 0
    except FileNotFoundError:
        status = 0
    except BaseException:
        import traceback

        with open(path + ".failure", "w") as file:
            traceback.print_exc(file=file)
    finally:
        exit_at_once(status)


exit_at_once = os._exit


class Injections:
    """A turn for each."""

    def __init__(self, injections, outcome):
        self.injections, self.outcome = injections, outcome
        self.errors, self.unreached, self.called = [], [], set()

    def before(self, turn):
        self.outcome.lost_error = None
        probe.torture_turn(turn + 1)

    def call(self, turn, method):
        self.called.add(turn)
        return self.injections[turn].call(method)

    def after(self, turn):
        _, failures, _, _, _ = probe.torture_progress()
        if failures == 0 and turn in self.called and self.injections[turn].site is not None:
            self.unreached.append(turn + 1)
        if self.outcome.lost_error is not None:
            self.errors.append((turn + 1, self.outcome.lost_error))


def run_injections(kind, injections, is_thorough, check):
    check.plant()
    outcome = Outcome()
    turns = Injections(injections, outcome)
    tests = [injection.test for injection in injections]

    def note_unraisable(unraisable):
        outcome.lost_error = outcome.lost_error or lost_error_in(unraisable.exc_value)

    sys.unraisablehook = note_unraisable
    probe.torture_begin()
    # Called from C: references on the evaluation loop's own stack are gone when it returns.
    functools.partial(kind.run, tests, turns, outcome)()
    if is_thorough:
        gc.unfreeze()
        collect_garbage()
    else:
        gc.collect()
    lost = lost_now(check)
    uncalled = [turn + 1 for turn in range(len(injections)) if turn not in turns.called]
    failed = unpack_frames(probe.torture_progress()[3])
    return {"errors": turns.errors, "unreached": turns.unreached, "uncalled": uncalled, "lost": lost, "failed": failed}


def lost_now(check):
    """For each stack and injection: blocks that no lost block refers to, and their bytes including those that they own."""
    probe.torture_clear_stack()
    stacks, blocks = check.lost()
    own = check.without_planted(blocks)
    if len(own) == len(blocks):
        raise RuntimeError("the leak check does not see what is planted")
    _, others = divide_immortals(own)
    owners = find_owners(others)
    tags = array.array("I", probe.torture_tags(struct.pack(f"{len(owners)}Q", *(block.address for block, _ in owners))))
    found = {}
    for (block, held), number in zip(owners, tags, strict=True):
        one = found.setdefault(
            (block.record, number), {"number": number, "blocks": 0, "bytes": 0, "frames": own_frames(stacks[block.record])}
        )
        one["blocks"] += 1
        one["bytes"] += block.size + held
    return list(found.values())


def own_frames(frames):
    return [(path, offset) for path, offset in frames if path is None or not path.endswith("/torture.so")]


def wait_or_kill(pid, patience):
    """Whether a child ended before one of its injections took too long."""
    descriptor = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    number, since, has_ended = None, time.monotonic(), True
    while not poll.poll(200):
        now = probe.torture_progress()[0]
        if now != number:
            number, since = now, time.monotonic()
        elif time.monotonic() - since > patience:
            has_ended = False
            os.kill(pid, 9)
    os.close(descriptor)
    os.waitpid(pid, 0)
    return has_ended


def read_json(path):
    try:
        with open(path) as file:
            said = json.load(file)
        os.unlink(path)
        return said
    except (OSError, ValueError):
        return None
