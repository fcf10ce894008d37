"""Leaves garbage and losses in other interpreters; prints how many blocks a leak check reports, and how many interpreters it left out."""

import gc
import json
import os
import sys
import threading

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import SanitizerLeakCheck

try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters

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
}


KEPT = []


def wait_in_thread():
    event, started = threading.Event(), threading.Event()
    threading.Thread(target=lambda: (started.set(), event.wait()), daemon=True).start()
    started.wait()


def look_after(name, code):
    # An interpreter ends with its id.
    KEPT.append(interpreters.create())
    interpreters.run_string(KEPT[-1], code)
    if name.endswith("thread"):
        wait_in_thread()
    check.run()
    return len(check.blocks), probe.running_interpreters()


check = SanitizerLeakCheck(sys.argv[1])
gc.collect()
check.forget()
print(json.dumps({name: look_after(name, code) for name, code in CODES.items()}))
sys.stdout.flush()
os._exit(0)
