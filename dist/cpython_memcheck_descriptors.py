"""File descriptors that a test file leaves open: those that exist at its end, but did not at its beginning."""

import collections
import re
import tempfile

# A test may replace these functions.
from os import __file__ as os_file
from os import getpid, listdir, readlink
from os.path import dirname

from cpython_memcheck_leaks import mark

LIBRARY = dirname(os_file)

MAX_REPORTED = 50


class DescriptorWatch:
    """Reports descriptors that are open at the end, each with the test after which it first appeared."""

    def __init__(self):
        self.before = open_descriptors()
        # A test may open /dev/null itself.
        self.standard = {target for number, target in self.before if number <= 2 and not target.startswith("/dev/")}
        # The open descriptors after the latest test; and the test after which each first appeared.
        self.seen, self.opened_by = self.before, {}

    def after_test(self, id):
        now = open_descriptors()
        for descriptor in now - self.seen:
            self.opened_by[descriptor] = id
        self.seen = now

    def mark_left_open(self):
        left = collections.Counter((self.describe(one[1]), self.opened_by.get(one)) for one in open_descriptors() - self.before)
        for ((kind, path), id), count in sorted(left.items(), key=repr)[:MAX_REPORTED]:
            mark("open-descriptor", kind=kind, path=path, count=count, id=id)

    def describe(self, target):
        # Our own descriptors lead to files whose names differ from run to run.
        return ("copy of a standard stream", None) if target in self.standard else describe_target(target)


def open_descriptors():
    """Pairs of number and target, `socket:[1234]` or a path: a number alone may have been closed and opened again."""
    # By our own process number: if a test has mounted another /proc over this one, or none, nothing is reported.
    folder = f"/proc/{getpid()}/fd"
    try:
        names = listdir(folder)
    except OSError:
        return set()
    found = set()
    for name in names:
        try:
            found.add((int(name), readlink(f"{folder}/{name}")))
        except OSError:
            # The one that listed them.
            pass
    return found


def describe_target(target):
    """Kind and path, without the parts that differ from run to run. Only a path can begin with a slash."""
    if not target.startswith("/"):
        # socket:[1234], pipe:[1234], anon_inode:[eventpoll]
        kind, _, name = target.partition(":")
        return (name.strip("[]") if kind == "anon_inode" else kind), None
    if target.startswith("/memfd:"):
        return "memfd", None
    # regrtest gives each process a separate folder below that one. A deleted file often has a random name, and so has shared memory.
    if target.startswith((tempfile.gettempdir() + "/", "/dev/shm/")) or "/test_python_" in target or target.endswith(" (deleted)"):
        return "temporary file", None
    return "file", re.sub(r"[0-9]+", "N", target.replace(LIBRARY, "Lib", 1))
