"""Stands in for the compiled probe: memory is a dict that a test fills, marks are kept in a list."""

import ctypes
import json
import os
import struct

# Address -> the words there.
memory = {}
# Addresses of immortal strings.
immortal = set()
# Address -> (reference count, whether it is immortal, object).
objects = {}
marks = []


def blocks_of(packed):
    return list(struct.iter_unpack("QQ", packed))


def block_words(packed):
    words = []
    for address, size in blocks_of(packed):
        known = memory.get(address, [])
        words += (known + [0] * (size // 8))[: size // 8]
    return struct.pack(f"{len(words)}Q", *words)


def immortals(packed):
    return bytes(address in immortal for address, _ in blocks_of(packed))


def lost_object(address, size, types):
    return objects.get(address)


def mark(text):
    fields = json.loads(text.removeprefix("cpython-memcheck "))
    marks.append(fields)
    if os.environ.get("PRINT_MARKS"):
        print(text, end="", flush=True)


def leak(thing):
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))


def running_interpreters():
    return 0


def nothing(*args):
    return None


added_leaks = leak_buffer = leak_malloc = leak_pymem = begin_footprint = clear_method_cache = end_footprint = ignore_blocks = (
    plant_errors
) = report_errors = sanitizer_leaks = start_journal = nothing
