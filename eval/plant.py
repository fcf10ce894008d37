"""Leaks 50 objects of a kind, or creates as many without a leak: python plant.py PROBE_FOLDER KIND leak|live"""

import sys

sys.path.insert(0, sys.argv[1])
import cpython_memcheck_probe as probe
import selftest

kind, leaks = sys.argv[2], sys.argv[3] == "leak"
for _ in range(50):
    if kind in selftest.BLOCKS:
        if leaks:
            selftest.BLOCKS[kind]()
    else:
        thing = selftest.KINDS[kind]()
        if leaks:
            probe.leak(thing)
