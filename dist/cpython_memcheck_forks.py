"""Blocks lost by a fork: logging and threading renew their locks in the child, and the old ones have no owner any more.

It is the same in each child, so one that does nothing else is asked once. A leak check takes longer than most test files.
"""

import gc
import os
import struct
import sys

from cpython_memcheck_leaks import lost_by_now
from cpython_memcheck_owners import pack

BLOCK_SIZE = struct.calcsize("QQ")


def lost_by_a_fork(reports):
    """The blocks, packed; None if the next child may lose others, since other threads are running, or if unknown."""
    if len(os.listdir("/proc/self/task")) > 1:
        return None
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        mark_losses(reports, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    return answer if status == 0 and len(answer) % BLOCK_SIZE == 0 else None


def mark_losses(reports, writing):
    status = 1
    try:
        if "t" in sys.abiflags:
            # As in the check that follows (cpython_memcheck_leaks.py).
            gc.unfreeze()
        _, blocks = lost_by_now(f"{reports}/{os.getpid()}.leaks")
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pack(blocks))
        status = 0
    finally:
        os._exit(status)
