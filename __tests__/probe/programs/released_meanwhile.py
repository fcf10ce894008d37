"""Checks for leaks while another thread waits in the middle of releasing a generator's values; prints whether all were released."""

import gc
import os
import sys
import threading
import weakref

from cpython_memcheck_leaks import SanitizerLeakCheck


class Value:
    pass


class Waiting:
    def __del__(self):
        started.set()
        may_end.wait()


def generate(value):
    waiting, rest = Waiting(), value
    del value
    yield rest is waiting


started, may_end = threading.Event(), threading.Event()
check = SanitizerLeakCheck(sys.argv[1])
gc.collect()
check.forget()
value = Value()
reference = weakref.ref(value)
generator = generate(value)
del value
thread = threading.Thread(target=list, args=(generator,))
thread.start()
started.wait()
check.run()
may_end.set()
thread.join()
print("kept" if reference() else "released")
sys.stdout.flush()
os._exit(0)
