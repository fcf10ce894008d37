"""What each interpreter does between its start and its end (lifecycle.c): imports the C modules of the build, and leaves alive what
shutdown must clear.

Each interpreter does the same, so what one more of them leaves behind was lost by its start or its end.
"""

import asyncio
import contextvars
import ctypes
import datetime
import decimal
import json
import os
import re
import sys
import threading
import weakref

# Modules for tests keep things on purpose; the others take the terminal, or libraries that keep state of their own for as long as the
# process lives.
LEFT_OUT = ("_test", "_xx", "xx", "_ctypes_test", "readline", "_curses", "_tkinter", "_dbm", "_gdbm", "nis", "ossaudiodev")


def import_c_modules():
    names = set(sys.builtin_module_names)
    for folder in sys.path:
        if os.path.isdir(folder):
            names.update(name.partition(".")[0] for name in os.listdir(folder) if name.endswith(".so"))
    for name in sorted(names):
        if not name.startswith(LEFT_OUT):
            try:
                __import__(name)
            except ImportError:
                # It is for the main interpreter only.
                pass


class Cycle:
    def __init__(self):
        self.self = self

    def __del__(self):
        self.deleted = True


def generate():
    try:
        yield 1
    finally:
        pass


def raise_and_catch():
    try:
        raise ValueError("planted")
    except ValueError as error:
        return error


async def nap():
    await asyncio.sleep(0)
    return 1


import_c_modules()

cycle = Cycle()
died = []
reference = weakref.ref(Cycle(), died.append)
generator = generate()
next(generator)
error = raise_and_catch()
variable = contextvars.ContextVar("variable", default=1)
variable.set([])
local = threading.local()
local.value = []
thread = threading.Thread(target=setattr, args=(local, "value", []))
thread.start()
thread.join()
result = asyncio.run(nap())
number = decimal.Decimal(1) / 3
date = datetime.datetime.now(datetime.UTC).isoformat()
text = json.loads(json.dumps({"a": [1.5, None]}))
pattern = re.compile("a+(b|c)*")
structure = type("Point", (ctypes.Structure,), {"_fields_": [("x", ctypes.c_int)]})(1)
