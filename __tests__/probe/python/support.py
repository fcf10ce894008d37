"""What the tests of the runner's Python share. They run with the system's python3, without CPython's source or valgrind."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PROBE = os.path.join(HERE, "..", "..", "..", "src", "probe")
sys.path[:0] = [HERE, PROBE]
sys.dont_write_bytecode = True

import cpython_memcheck_probe as probe  # noqa: E402


def take_marks():
    """The marks since the last call."""
    marks, probe.marks[:] = list(probe.marks), []
    return marks
