"""Descriptions of lost objects."""

import sys


def describe_object(refcount, immortal, thing):
    # Immortal objects are not reference-counted: for example, an interned string of a subinterpreter that has ended.
    fields = {"type": type(thing).__qualname__[:100], "refcount": None if immortal else refcount}
    # Uses only methods of built-in types, which run none of the test's code.
    if type(thing) in (str, bytes, bytearray, list, tuple, dict, set, frozenset):
        fields["length"] = len(thing)
    if type(thing) in (str, bytes):
        fields["repr"] = repr(thing[:60])
    elif type(thing) is float or (type(thing) is int and thing.bit_length() < 200):
        fields["repr"] = repr(thing)
    elif type(thing) is type(describe_object):
        fields["repr"] = thing.__qualname__[:100]
    elif isinstance(thing, type):
        fields["class"] = True
        fields["repr"] = type.__repr__(thing)[:100]
    if (tracemalloc := sys.modules.get("tracemalloc")) and tracemalloc.is_tracing():
        trace = tracemalloc.get_object_traceback(thing)
        fields["python"] = [f"{frame.filename}:{frame.lineno}" for frame in reversed(trace or ())]
    return fields


def living_types():
    """All classes, by address."""
    found, left = {}, [object]
    while left:
        cls = left.pop()
        if id(cls) not in found:
            found[id(cls)] = cls
            left += type.__subclasses__(cls)
    return found
