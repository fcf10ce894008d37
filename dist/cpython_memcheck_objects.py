"""What a lost object is."""

import sys


def describe_object(refcount, immortal, thing):
    # An immortal object has no count: an interned string of a subinterpreter that has ended, for one.
    fields = {"type": type(thing).__qualname__[:100], "refcount": None if immortal else refcount}
    # Only what the built-in types themselves say, which runs no code of the test's.
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
    """All classes by their addresses."""
    found, left = {}, [object]
    while left:
        cls = left.pop()
        if id(cls) not in found:
            found[id(cls)] = cls
            left += type.__subclasses__(cls)
    return found
