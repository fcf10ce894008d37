"""The leak check while the interpreter is running: by memcheck, or by the leak sanitizer's runtime if that is preloaded.

Both see the same: CPython's own links are hidden (hide.h), and what was lost before is not reported again. Marks say what the lost objects
are.
"""

import gc
import os
import re
import sys
import time

import cpython_memcheck_probe as probe
from cpython_memcheck_json import to_json
from cpython_memcheck_objects import describe_object, living_types
from cpython_memcheck_owners import LostBlock, find_owners, pack

MARK = "cpython-memcheck "

# Version of the lines that the runner writes (protocol.ts).
PROTOCOL = 3

MAX_ADDRESS = 2**64 - 1


def mark(event, **fields):
    """A line in the report."""
    probe.mark(MARK + to_json({"event": event, **fields}) + "\n")


def mark_watch_failed(code, **fields):
    """The file counts as not checked: WatchFaultSchema in watch-fault.ts."""
    mark("watch-failed", why={"code": code, **fields})


def collect_all_garbage():
    """Includes objects that serve froze before the test, and those of other interpreters."""
    gc.unfreeze()
    collect_garbage()
    probe.collect_other_garbage()


def collect_garbage():
    # The first collection runs finalizers, which may create new cycles. A collection that finds nothing runs none.
    for _ in range(3):
        if gc.collect() == 0:
            break


class LeakCheck:
    """Writes the leaks since the last check to the report, with a line for each lost object that describes it."""

    def __init__(self):
        self.blocks, self.types = [], {}
        # The blocks of the lists that we leaked ourselves, with disguised addresses.
        self.planted = []

    def plant(self):
        """Leaks some lists, to prove that the next check works."""
        self.planted = probe.plant_errors(True)

    def without_planted(self, blocks):
        planted = {~address & MAX_ADDRESS for address in self.planted}
        return [block for block in blocks if block.address not in planted]

    def forget(self):
        """Leaks up to now are not the next test's. Returns the seconds it took."""
        started = time.perf_counter()
        self.pass_over()
        return round(time.perf_counter() - started, 3)

    def run(self, is_last=False):
        """Returns the seconds it took."""
        started = time.perf_counter()
        # Leaves out objects that serve froze: most of them do not change, and there are many.
        collect_garbage()
        probe.begin_check()
        if is_last:
            # Destroying the test's garbage is part of the test; from here on, everything is ours.
            probe.end_footprint()
        self.blocks = self.look()
        if running := probe.running_interpreters():
            mark("running-interpreters", count=running)
        self.mark_objects()
        return round(time.perf_counter() - started, 3)

    def mark_objects(self):
        blocks = self.without_planted(self.blocks)
        if not blocks:
            return
        self.types = living_types()
        described_of = dict.fromkeys((block.record for block in blocks), 0)
        # A leaked object may be partly initialized, and so may be its description: none of that is the test's error.
        probe.report_errors(False)
        try:
            for block in blocks:
                described = self.describe(block) if described_of[block.record] < 4 else None
                # Of the objects that a leaked object owns, only a class adds information. In a cycle, any block may count as the
                # owner.
                if described is not None and (not block.owned or described.get("class")):
                    described_of[block.record] += 1
                    mark("leaked-object", record=block.record, **described)
        finally:
            probe.report_errors(True)
        self.types = {}

    def describe(self, block):
        found = probe.lost_object(block.address, block.size, self.types)
        return None if found is None else describe_object(*found)


# ---- By memcheck. ----

# Compiled once: compiling it in each child would take longer than the check.
LOSS_RECORD = re.compile(r"in (?:\w+ )?loss record ([\d,]+) of")
LOST_BLOCK = re.compile(r"==\d+== ( *)0x([0-9A-F]+)\[(\d+)\]")


class MemcheckLeakCheck(LeakCheck):
    def __init__(self, reports=None, memcheck_log=None):
        super().__init__()
        self.reports, self.memcheck_log = reports, memcheck_log

    def pass_over(self):
        probe.added_leaks()

    def look(self):
        collect_all_garbage()
        if not self.reports or not self.memcheck_log:
            probe.added_leaks()
            return []
        log_size = os.stat(self.memcheck_log).st_size
        probe.added_leaks(f"{self.reports}/{os.getpid()}.xml", self.memcheck_log)
        immortals, others = divide_immortals(self.read_blocks(log_size))
        sizes = {}
        for block in immortals:
            if not block.owned:
                sizes.setdefault(block.record, []).append(block.size)
        for record, of_record in sizes.items():
            mark("immortals", record=record, blocks=len(of_record), bytes=sum(of_record))
        return others

    def read_blocks(self, start):
        """memcheck's answers to block_list: for each loss record a line with its number, its stack, and its blocks as `0xADDRESS[SIZE]`;
        what those blocks own is indented."""
        record, blocks = None, []
        # A process that a test forks writes to the same log.
        own = f"=={os.getpid()}== "
        with open(self.memcheck_log, encoding="ascii", errors="replace") as log:
            log.seek(start)
            for line in log:
                if not line.startswith(own):
                    continue
                if found := LOSS_RECORD.search(line):
                    record = int(found[1].replace(",", ""))
                elif found := LOST_BLOCK.match(line):
                    blocks.append(LostBlock(record, int(found[2], 16), int(found[3]), owned=found[1] != ""))
        return blocks


# ---- By the leak sanitizer. ----

RECORD = re.compile(r"(Direct|Indirect) leak of \d+ byte")
FRAME = re.compile(r" +#\d+ 0x[0-9a-f]+ +(?:\((.+)\+0x([0-9a-f]+)\))?")
BLOCK = re.compile(r"0x([0-9a-f]+) \((\d+) bytes\)")

# Limits of one check: beyond them it reports an error, and the test file counts as not checked.
MAX_REPORT_BYTES = 256 * 1024 * 1024
MAX_RECORDS = 5000


def lost_by_now(path):
    """Returns the stack of each record, and all lost blocks that are not ignored. The runtime's report is read from the file at PATH."""
    probe.sanitizer_leaks(path)
    try:
        stacks, blocks = read_leak_report(path)
    except FileNotFoundError:
        return [], []
    os.unlink(path)
    return stacks, blocks


def read_leak_report(path):
    if os.stat(path).st_size > MAX_REPORT_BYTES:
        mark_watch_failed("leak-report-too-long")
        return [], []
    with open(path, encoding="utf-8", errors="replace") as report:
        return read_leak_lines(report)


def read_leak_lines(lines):
    stacks, blocks = [], []
    for line in lines:
        if found := RECORD.match(line):
            stacks.append([])
            owned = found[1] == "Indirect"
        elif stacks and (found := FRAME.match(line)):
            stacks[-1].append((found[1], int(found[2] or "0", 16)))
        elif stacks and (found := BLOCK.match(line)):
            blocks.append(LostBlock(len(stacks) - 1, int(found[1], 16), int(found[2]), owned))
    return stacks, blocks


class SanitizerLeakCheck(LeakCheck):
    def __init__(self, reports):
        super().__init__()
        self.reports = reports
        probe.start_journal(f"{reports}/{os.getpid()}.jsonl")

    @property
    def report(self):
        # Of this process: one that a test forks may come to the end of the test file, too.
        return f"{self.reports}/{os.getpid()}.leaks"

    def prove(self):
        """Reports only a planted leak; all other leaks up to now are ignored."""
        self.plant()
        stacks, blocks = self.lost()
        others = set(self.without_planted(blocks))
        self.mark_leaks(stacks, [block for block in blocks if block not in others])

    def pass_over(self):
        self.lost()

    def look(self):
        if "t" in sys.abiflags:
            # The probe gets to no frozen object (hide-heaps.h), so it could not hide pointers in one: `object` has a dict of the addresses
            # of its subclasses.
            gc.unfreeze()
        stacks, blocks = lost_by_now(self.report)
        # Garbage among frozen objects counts as lost, too: if nothing is lost, there is none.
        if self.without_planted(blocks):
            collect_all_garbage()
            stacks, blocks = lost_by_now(self.report)
        immortals, others = divide_immortals(blocks)
        if immortals and "t" in sys.abiflags:
            # They also own others: a code object its constants. Strings own nothing.
            probe.ignore_blocks(pack(immortals))
            stacks, others = lost_by_now(self.report)
        probe.ignore_blocks(pack(blocks))
        self.mark_leaks(stacks, others)
        return others

    def lost(self):
        """Returns the stack of each record, and all blocks."""
        stacks, blocks = lost_by_now(self.report)
        # The leak sanitizer has no "since the last check".
        probe.ignore_blocks(pack(blocks))
        return stacks, blocks

    def mark_leaks(self, stacks, blocks):
        """One leak for each stack on which an owner was allocated."""
        lost = dict.fromkeys((block.record for block in blocks), ())
        for owner, owned_bytes in find_owners(blocks):
            count, direct, indirect = lost[owner.record] or (0, 0, 0)
            lost[owner.record] = count + 1, direct + owner.size, indirect + owned_bytes
        records = [record for record in lost if lost[record]]
        if len(records) > MAX_RECORDS:
            mark_watch_failed("too-many-stacks", stacks=len(records))
        for record in records[:MAX_RECORDS]:
            count, direct, indirect = lost[record]
            mark("leak", record=record, blocks=count, direct=direct, indirect=indirect, frames=stacks[record])


def divide_immortals(blocks):
    """Returns those of the blocks that are immortal by design, and the others.

    From 3.12 on interned strings are immortal, and a release build leaves them behind when their interpreter ends, on purpose
    (_PyUnicode_ClearInterned in unicodeobject.c): thousands for each interpreter with a table of its own, and one more with each new
    identifier. Free-threaded 3.13 makes functions, code and classes immortal, too.
    """
    answers = probe.immortals(pack(blocks))
    immortals, others = [], []
    for block, is_immortal in zip(blocks, answers, strict=True):
        (immortals if is_immortal else others).append(block)
    return immortals, others
