"""Calls a function of an extension between two leak checks: look.py ENGINE FOLDER LOG PROBE MODULE.FUNCTION"""

import functools
import importlib
import os
import sys

engine, folder, log, probe_folder, target = sys.argv[1:6]
sys.path.insert(0, probe_folder)
import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import MemcheckLeakCheck, SanitizerLeakCheck, collect_garbage, mark

del sys.path[0]
name, _, function = target.partition(".")
module = importlib.import_module(name)
probe.without_free_lists()
check = MemcheckLeakCheck(folder, log) if engine == "memcheck" else SanitizerLeakCheck(folder)
collect_garbage()
check.forget()
if engine == "memcheck":
    probe.no_leak_check_at_exit()
for _ in range(5):
    # A pointer that is left on the stack may keep one block alive, but not five.
    functools.partial(getattr(module, function))()
check.run()
mark("looked")
sys.stdout.flush()
os._exit(0)
