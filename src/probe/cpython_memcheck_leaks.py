"""The leak check while the interpreter lives: by memcheck, or by the leak sanitizer's runtime where that is preloaded.

Both see the same: CPython's own links are hidden (hide.h), and what was lost before is not reported again. Marks say what the lost objects
are.
"""

import array
import bisect
import gc
import os
import re
import struct
import sys
import time

import cpython_memcheck_probe as probe
from cpython_memcheck_json import to_json

MARK = "cpython-memcheck "

# Of the lines that the runner writes (protocol.ts).
PROTOCOL = 1

MAX_ADDRESS = 2**64 - 1


def mark(event, **fields):
    """A line in the report."""
    probe.mark(MARK + to_json({"event": event, **fields}) + "\n")


def collect_garbage():
    # The first collection runs finalizers, which may leave new cycles.
    for _ in range(3):
        gc.collect()


class LostBlock:
    """A block of memory that is lost, or that only a lost block points to."""

    def __init__(self, record, address, size, owned):
        # An int of this size is stored in digits of 30 bits: it is never taken for a pointer.
        self.record, self.address, self.size, self.owned = record, address, size, owned

    def holds(self, address):
        return self.address <= address < self.address + self.size


class LeakCheck:
    """What was lost since the last check goes into the report, with a mark for each lost object that says what it is."""

    def __init__(self):
        self.blocks, self.types = [], {}
        # The addresses of the lists that we lost ourselves, disguised.
        self.planted = []

    def plant(self):
        """Loses some lists, for proof that the next check looks."""
        self.planted = probe.plant_errors(True)

    def without_planted(self, blocks):
        # A list stands behind its PyGC_Head.
        planted = {(~address & MAX_ADDRESS) - 16 for address in self.planted}
        return [block for block in blocks if block.address not in planted]

    def forget(self):
        """What is lost by now is not the next test's. Returns the seconds it took."""
        started = time.perf_counter()
        self.pass_over()
        return round(time.perf_counter() - started, 3)

    def run(self, is_last=False):
        """Returns the seconds it took."""
        started = time.perf_counter()
        # serve froze what was there before the test; cycles of it may be garbage by now.
        gc.unfreeze()
        collect_garbage()
        if is_last:
            # What destroys the test's garbage is the test's; what comes now is ours.
            probe.end_footprint()
        self.blocks = self.look()
        self.mark_objects()
        return round(time.perf_counter() - started, 3)

    def mark_objects(self):
        blocks = self.without_planted(self.blocks)
        if not blocks:
            return
        self.types = living_types()
        described_of = dict.fromkeys((block.record for block in blocks), 0)
        # A leaked object may be half made, and what was never written is in what we say of it, too: none of that is the test's error.
        probe.report_errors(False)
        try:
            for block in blocks:
                described = self.describe(block) if described_of[block.record] < 4 else None
                # Of what a leaked object owns, only a class says more than the object does. In a cycle any block may be called the owner.
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

# Compiled once: a child would spend more time on that than on the check.
LOSS_RECORD = re.compile(r"in (?:\w+ )?loss record ([\d,]+) of")
LOST_BLOCK = re.compile(r"==\d+== ( *)0x([0-9A-F]+)\[(\d+)\]")


class MemcheckLeakCheck(LeakCheck):
    def __init__(self, reports=None, memcheck_log=None):
        super().__init__()
        self.reports, self.memcheck_log = reports, memcheck_log

    def pass_over(self):
        probe.added_leaks()

    def look(self):
        if not self.reports or not self.memcheck_log:
            probe.added_leaks()
            return []
        log_size = os.stat(self.memcheck_log).st_size
        probe.added_leaks(f"{self.reports}/{os.getpid()}.xml", self.memcheck_log)
        strings, others = divide_immortal_strings(self.read_blocks(log_size))
        sizes = {}
        for block in strings:
            if not block.owned:
                sizes.setdefault(block.record, []).append(block.size)
        for record, of_record in sizes.items():
            mark("immortal-strings", record=record, blocks=len(of_record), bytes=sum(of_record))
        return others

    def read_blocks(self, start):
        """memcheck's answers to block_list: for each loss record a line with its number, its stack, and its blocks as `0xADDRESS[SIZE]`;
        what those blocks own is indented."""
        record, blocks = None, []
        with open(self.memcheck_log, encoding="ascii", errors="replace") as log:
            log.seek(start)
            for line in log:
                if found := LOSS_RECORD.search(line):
                    record = int(found[1].replace(",", ""))
                elif found := LOST_BLOCK.match(line):
                    blocks.append(LostBlock(record, int(found[2], 16), int(found[3]), owned=found[1] != ""))
        return blocks


# ---- By the leak sanitizer. ----

RECORD = re.compile(r"(Direct|Indirect) leak of \d+ byte")
FRAME = re.compile(r" +#\d+ 0x[0-9a-f]+ +(?:\((.+)\+0x([0-9a-f]+)\))?")
BLOCK = re.compile(r"0x([0-9a-f]+) \((\d+) bytes\)")

# What one check reads and tells at most: beyond it says so, and the test file counts as not looked at.
MAX_REPORT_BYTES = 256 * 1024 * 1024
MAX_RECORDS = 5000

# Of lost memory in which the owners are looked for.
MAX_OWNING_BYTES = 16 * 1024 * 1024


class SanitizerLeakCheck(LeakCheck):
    def __init__(self, reports):
        super().__init__()
        self.reports = reports
        self.report = f"{reports}/{os.getpid()}.leaks"
        probe.start_journal(f"{reports}/{os.getpid()}.jsonl")

    def prove(self):
        """Tells of a planted leak alone; all else that is lost by now is passed over."""
        self.plant()
        stacks, blocks = self.lost()
        others = set(self.without_planted(blocks))
        self.tell(stacks, [block for block in blocks if block not in others])

    def pass_over(self):
        self.lost()

    def look(self):
        stacks, blocks = self.lost()
        _, others = divide_immortal_strings(blocks)
        self.tell(stacks, others)
        return others

    def lost(self):
        """Returns the stack of each record, and all blocks."""
        probe.sanitizer_leaks(self.report)
        try:
            stacks, blocks = self.read_report()
        except FileNotFoundError:
            return [], []
        os.unlink(self.report)
        # The leak sanitizer knows no "since the last check".
        probe.ignore_blocks(pack(blocks))
        return stacks, blocks

    def read_report(self):
        stacks, blocks = [], []
        if os.stat(self.report).st_size > MAX_REPORT_BYTES:
            mark("trouble", what="too much is lost: the leak sanitizer's report of it is too long to be read")
            return stacks, blocks
        with open(self.report, encoding="utf-8", errors="replace") as report:
            for line in report:
                if found := RECORD.match(line):
                    stacks.append([])
                    owned = found[1] == "Indirect"
                elif stacks and (found := FRAME.match(line)):
                    stacks[-1].append((found[1], int(found[2] or "0", 16)))
                elif stacks and (found := BLOCK.match(line)):
                    blocks.append(LostBlock(len(stacks) - 1, int(found[1], 16), int(found[2]), owned))
        return stacks, blocks

    def tell(self, stacks, blocks):
        """A leak for each stack on which an owner was allocated."""
        lost = dict.fromkeys((block.record for block in blocks), ())
        for owner, owned_bytes in find_owners(blocks):
            count, direct, indirect = lost[owner.record] or (0, 0, 0)
            lost[owner.record] = count + 1, direct + owner.size, indirect + owned_bytes
        records = [record for record in lost if lost[record]]
        if len(records) > MAX_RECORDS:
            mark("trouble", what=f"too much is lost: {len(records)} stacks allocated it")
        for record in records[:MAX_RECORDS]:
            count, direct, indirect = lost[record]
            mark("leak", record=record, blocks=count, direct=direct, indirect=indirect, frames=stacks[record])


def find_owners(blocks):
    """Of lost blocks those that no other one points to, and of each cycle that nothing else points to one; with the bytes that only they
    hold.

    As memcheck does it (lc_process_memory in mc_leakcheck.c). The leak sanitizer calls every block of a cycle indirect.
    """
    blocks.sort(key=lambda block: block.address)
    if sum(block.size for block in blocks) > MAX_OWNING_BYTES:
        return [(block, 0) for block in blocks if not block.owned]
    starts = [block.address for block in blocks]
    words = array.array("Q", probe.block_words(pack(blocks)))
    ends, end = [], 0
    for block in blocks:
        end += block.size // 8
        ends.append(end)

    def targets(index):
        for word in words[ends[index] - blocks[index].size // 8 : ends[index]]:
            target = bisect.bisect_right(starts, word) - 1
            if target >= 0 and target != index and blocks[target].holds(word):
                yield target

    owned_bytes, reached = {}, [False] * len(blocks)
    for index in range(len(blocks)):
        if reached[index]:
            continue
        reached[index] = True
        owned_bytes[index], waiting = 0, [index]
        while waiting:
            for target in targets(waiting.pop()):
                if not reached[target]:
                    reached[target] = True
                    owned_bytes[index] += blocks[target].size
                    waiting.append(target)
                elif target in owned_bytes and target != index:
                    # It was reached first, and is owned all the same.
                    owned_bytes[index] += owned_bytes.pop(target) + blocks[target].size
    for index, block in enumerate(blocks):
        block.owned = index not in owned_bytes
    return [(blocks[index], size) for index, size in owned_bytes.items()]


def divide_immortal_strings(blocks):
    """Returns those of the blocks that are immortal strings, and the others.

    From 3.12 on interned strings are immortal, and a release build leaves them behind when their interpreter ends, on purpose
    (_PyUnicode_ClearInterned in unicodeobject.c): thousands for each interpreter with a table of its own, and one more with each new
    identifier.
    """
    answers = probe.immortal_strings(pack(blocks))
    strings, others = [], []
    for block, is_string in zip(blocks, answers, strict=True):
        (strings if is_string else others).append(block)
    return strings, others


def pack(blocks):
    return b"".join(struct.pack("QQ", block.address, block.size) for block in blocks)


# ---- What a lost object is. ----


def describe_object(refcount, immortal, thing):
    # An immortal object has no count: an interned string of a subinterpreter that has ended, for one.
    fields = {"type": type(thing).__qualname__[:100], "refcount": None if immortal else refcount}
    # Only what the built-in types themselves say, which runs no code of the test's.
    if type(thing) in (str, bytes, bytearray, list, tuple, dict, set, frozenset):
        fields["length"] = len(thing)
    if type(thing) in (str, bytes):
        fields["repr"] = repr(thing[:60])
    elif type(thing) is float or (type(thing) is int and thing.bit_length() < 200):
        fields["repr"] = repr(thing)
    elif type(thing) is type(describe_object):
        fields["repr"] = thing.__qualname__[:100]
    elif isinstance(thing, type):
        fields["class"] = True
        fields["repr"] = type.__repr__(thing)[:100]
    if (tracemalloc := sys.modules.get("tracemalloc")) and tracemalloc.is_tracing():
        trace = tracemalloc.get_object_traceback(thing)
        fields["python"] = [f"{frame.filename}:{frame.lineno}" for frame in reversed(trace or ())]
    return fields


def living_types():
    """All classes by their addresses."""
    found, left = {}, [object]
    while left:
        cls = left.pop()
        if id(cls) not in found:
            found[id(cls)] = cls
            left += type.__subclasses__(cls)
    return found
