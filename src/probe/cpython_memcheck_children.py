"""The interpreters that a test starts: each writes its leaks to a separate file before it ends (children.c), which is read here.

A child's record is trusted as much as that of this process: the tests' code runs in both.
"""

import array
import collections
import struct
import sys

# A test may replace these functions.
from os import getpid, listdir, lstat, mkdir
from stat import S_ISREG

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import MAX_RECORDS, mark, mark_watch_failed, read_leak_lines
from cpython_memcheck_owners import find_owners

# Limit for all records of one test file.
MAX_BYTES = 64 * 1024 * 1024

# Maximum number of objects described for one stack.
MAX_OBJECTS = 4

# Why a record has no end. children.c writes LOOKED, or why a child was not checked.
KILLED, RUNNING = "killed", "running"
LOOKED = "looked"
OBSTACLES = ("allocator", "collector", "exec", "exit", "exit-functions", "no-code", "traced")


class ChildWatch:
    """Counts the children of a test file, and reports their leaks, each with the test after which the child first appeared."""

    def __init__(self, reports):
        self.folder = f"{reports}/{getpid()}.children"
        mkdir(self.folder)
        self.is_following = probe.follow_children(self.folder)
        # Name of a record -> the test.
        self.test_of = {}

    def after_test(self, id):
        for name in self.names():
            self.test_of.setdefault(name, id)

    def names(self):
        try:
            return sorted(name for name in listdir(self.folder) if name.endswith(".child"))
        except OSError:
            return []

    def mark_children(self):
        """Later leaks of a child are not seen."""
        probe.follow_children("")
        if not self.is_following:
            mark_watch_failed("children-not-followed")
            return
        ends, losses, size = collections.Counter(), {}, 0
        for name in self.names():
            path = f"{self.folder}/{name}"
            size += size_of(path)
            child = read_record(path) if size <= MAX_BYTES else None
            end = (child and child.end) or (RUNNING if is_running(int(name.partition("-")[0])) else KILLED)
            ends[end] += 1
            if child and child.blocks:
                losses.setdefault(self.test_of.get(name), Losses()).add(child)
        if size > MAX_BYTES:
            mark_watch_failed("child-report-too-long")
        for id, loss in losses.items():
            loss.mark_leaks(id)
        self.mark_counts(ends)

    def show(self):
        """For the terminal, in the leak sanitizer's format."""
        for name in self.names():
            with open(f"{self.folder}/{name}", encoding="utf-8", errors="replace") as file:
                for line in file:
                    if not line.startswith(("words ", "string ", "object\t")):
                        print(line, end="", file=sys.stderr)

    def mark_counts(self, ends):
        started, others = read_counts(f"{self.folder}/counts")
        # These are counted by the process that starts them: a child of another user, or with limited memory, has no record.
        ends["not-entered"] = max(0, started - ends.total())
        missed = [{"why": end, "count": count} for end, count in sorted(ends.items()) if end != LOOKED and count > 0]
        mark("children", started=ends.total(), looked=ends[LOOKED], missed=missed, others=others)


class ChildRecord:
    """The report of one child: how it ended, and its leaks."""

    def __init__(self, path):
        self.end = None
        self.words_at, self.object_at, self.strings = {}, {}, set()
        with open(path, encoding="utf-8", errors="replace") as file:
            self.stacks, blocks = read_leak_lines(self.without_own(file))
        self.blocks = [block for block in blocks if block.address not in self.strings]

    def without_own(self, lines):
        for line in lines:
            kind, _, rest = line.rstrip("\n").partition("\t" if line.startswith("object\t") else " ")
            if kind == "end" and rest in (LOOKED, *OBSTACLES):
                self.end = rest
            elif kind == "string":
                self.strings.add(int(rest, 16))
            elif kind == "words":
                address, *words = (int(word, 16) for word in rest.split())
                self.words_at[address] = words
            elif kind == "object":
                self.take_object(*rest.split("\t"))
            else:
                yield line

    def take_object(self, address, references, immortal, place, length, type, repr):
        described = {"type": type[:100], "refcount": None if immortal == "1" else int(references)}
        if int(length) >= 0:
            described["length"] = int(length)
        if repr:
            described["repr"] = repr[:200]
        self.object_at[int(address, 16)] = int(place, 16), described

    # Memory access for find_owners.

    def words(self, blocks):
        """None if the child lost too many blocks to list."""
        words = array.array("Q")
        for block in blocks:
            if len(self.words_at.get(block.address, ())) != block.size // 8:
                return None
            words.extend(self.words_at[block.address])
        return words

    def find_object(self, block):
        if block.address not in self.object_at:
            return None
        place, described = self.object_at[block.address]
        return described["refcount"] or 0, place, described["type"]


class Losses:
    """The leaks of several children: many of them lose the same blocks."""

    def __init__(self):
        # Stack -> blocks, bytes, bytes reachable only from them, objects.
        self.of_stack = {}

    def add(self, child):
        for owner, owned_bytes in find_owners(child.blocks, child):
            loss = self.of_stack.setdefault(tuple(child.stacks[owner.record]), [0, 0, 0, []])
            loss[0] += 1
            loss[1] += owner.size
            loss[2] += owned_bytes
            if owner.address in child.object_at and len(loss[3]) < MAX_OBJECTS:
                loss[3].append(child.object_at[owner.address][1])

    def mark_leaks(self, id):
        if len(self.of_stack) > MAX_RECORDS:
            mark_watch_failed("too-many-stacks-of-children", stacks=len(self.of_stack))
        records = list(self.of_stack.items())[:MAX_RECORDS]
        for record, (frames, (blocks, direct, indirect, _)) in enumerate(records):
            mark("leak", record=record, blocks=blocks, direct=direct, indirect=indirect, frames=frames)
        for record, (_, (*_, objects)) in enumerate(records):
            for described in objects:
                mark("leaked-object", record=record, **described)
        mark("leak-check", of="child", **({} if id is None else {"id": id}))


def size_of(path):
    """Only regular files are read: tests may have replaced a record."""
    try:
        status = lstat(path)
    except OSError:
        return 0
    return status.st_size if S_ISREG(status.st_mode) else 0


def read_record(path):
    """None if the content was not written by a child of ours: tests may write there, too."""
    if size_of(path) == 0:
        return None
    try:
        return ChildRecord(path)
    except (OSError, TypeError, ValueError):
        return None


def read_counts(path):
    """The number of started interpreters and other programs."""
    try:
        with open(path, "rb") as file:
            return struct.unpack("II", file.read(8))
    except (OSError, struct.error):
        return 0, 0


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return False
