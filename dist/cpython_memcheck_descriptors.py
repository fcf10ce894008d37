"""What a test file leaves open: the descriptors that are there when it ends, and were not when it began."""

import collections
import re
import tempfile

# A test may leave its own functions in place of these.
from os import __file__ as os_file
from os import getpid, listdir, readlink
from os.path import dirname

from cpython_memcheck_leaks import mark

LIBRARY = dirname(os_file)

MAX_TOLD = 50


class DescriptorWatch:
    """Tells of descriptors that are open at the end, with the test after which each was first there."""

    def __init__(self):
        self.before = open_descriptors()
        self.standard = {target for number, target in self.before if number <= 2}
        # What was open after the latest test; and after which test each was first seen.
        self.seen, self.opened_by = self.before, {}

    def after_test(self, id):
        now = open_descriptors()
        for descriptor in now - self.seen:
            self.opened_by[descriptor] = id
        self.seen = now

    def tell(self):
        left = collections.Counter((self.describe(one[1]), self.opened_by.get(one)) for one in open_descriptors() - self.before)
        for ((kind, path), id), count in sorted(left.items(), key=repr)[:MAX_TOLD]:
            mark("open-descriptor", kind=kind, path=path, count=count, id=id)

    def describe(self, target):
        # Ours go to files whose names differ from run to run.
        return ("copy of a standard stream", None) if target in self.standard else describe_target(target)


def open_descriptors():
    """Pairs of number and target, `socket:[1234]` or a path: a number alone may have been closed and opened again."""
    # By our own number: where a test has mounted another /proc over this one, or none, nothing is said.
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
    """Kind and path; what differs from run to run is left out. Only a path can begin with a slash."""
    if not target.startswith("/"):
        # socket:[1234], pipe:[1234], anon_inode:[eventpoll]
        kind, _, name = target.partition(":")
        return (name.strip("[]") if kind == "anon_inode" else kind), None
    if target.startswith("/memfd:"):
        return "memfd", None
    # regrtest gives each process a folder of its own below that one. A deleted file often has a random name.
    if target.startswith(tempfile.gettempdir() + "/") or "/test_python_" in target or target.endswith(" (deleted)"):
        return "temporary file", None
    return "file", re.sub(r"[0-9]+", "N", target.replace(LIBRARY, "Lib", 1))
