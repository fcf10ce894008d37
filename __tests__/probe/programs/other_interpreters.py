"""Leaves garbage and losses in other interpreters; prints how many blocks a leak check reports, and how many interpreters it left out."""

import gc
import json
import os
import sys
import threading
import time
import unittest.mock

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import SanitizerLeakCheck, collect_all_garbage

try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters

# Plain numbers would look like pointers.
DISGUISE = 0x5A5A5A5A5A5A5A5A

GARBAGE = "class A: pass\nfor _ in range(9): a = A(); a.a = a\ndel a"

LOSSES = """
import ctypes
class Plain: __slots__ = [f"value{number}" for number in range(30)]
kept = []
def lose():
    class Owner: attribute = Plain()
    for _ in range(50): Owner.attribute
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(Owner.attribute))
    Owner.attribute = None
    kept.append(Owner)
for _ in range(8): lose()
"""

CODES = {
    "nothing": "pass",
    "class attributes": LOSSES,
    "garbage": GARBAGE,
    "garbage without collections": f"import gc; gc.disable()\n{GARBAGE}",
    "frozen garbage": f"import gc\n{GARBAGE}\ngc.freeze()",
    "garbage with another thread": GARBAGE,
    "garbage with a thread that ends during the check": GARBAGE,
}


KEPT = []


class Plain:
    __slots__ = [f"value{number}" for number in range(30)]


def wait_in_thread():
    """Returns what ends the thread."""
    event, started = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: (started.set(), event.wait()), daemon=True)
    thread.start()
    started.wait()

    def end():
        event.set()
        thread.join()
        while len(os.listdir("/proc/self/task")) > 1:
            time.sleep(0.01)

    return end


class CheckWithThread(SanitizerLeakCheck):
    end_thread = staticmethod(lambda: None)

    def look(self):
        with unittest.mock.patch("cpython_memcheck_leaks.collect_all_garbage", self.collect):
            return super().look()

    def collect(self):
        """Only if the first look found something."""
        collect_all_garbage()
        self.end_thread()


def lose():
    thing = Plain()
    probe.leak(thing)
    return id(thing) ^ DISGUISE


def look_after(name, code):
    # An interpreter ends with its id.
    KEPT.append(interpreters.create())
    interpreters.run_string(KEPT[-1], code)
    end_thread = wait_in_thread() if "thread" in name else lambda: None
    ends = "ends" in name
    check.end_thread = end_thread if ends else lambda: None
    # In our own interpreter, so that the check looks twice.
    lost = [lose() for _ in range(8 if ends else 0)]
    check.run()
    end_thread()
    others = [block for block in check.blocks if not any(block.holds(one ^ DISGUISE) for one in lost)]
    return len(others), probe.running_interpreters()


check = CheckWithThread(sys.argv[1])
gc.collect()
check.forget()
print(json.dumps({name: look_after(name, code) for name, code in CODES.items()}))
sys.stdout.flush()
os._exit(0)
