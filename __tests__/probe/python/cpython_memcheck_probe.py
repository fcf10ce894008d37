"""Stands in for the compiled probe: memory is a dict that a test fills, marks are kept in a list, or in a folder with a file for each
process."""

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
    if folder := os.environ.get("MARKS_FOLDER"):
        with open(f"{folder}/{os.getpid()}.marks", "a") as file:
            file.write(text)


def leak(thing):
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))


def string_keys(mapping):
    """For plain dicts, whose instances do not share their keys."""
    return list(dict.keys(mapping)) if all(type(key) is str for key in dict.keys(mapping)) else []


def running_interpreters():
    return 0


def without_free_lists():
    return True


def plant_errors(are_leaks):
    return []


def nothing(*args):
    return None


def __getattr__(name):
    """All other functions of the compiled probe do nothing."""
    if name.startswith("__"):
        raise AttributeError(name)
    return nothing
