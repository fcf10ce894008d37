"""Descriptions of lost objects, and what objects refer to."""

import gc
import sys
import types

import cpython_memcheck_probe as probe

# Attributes that hold references, of types that the collector does not track.
ATTRIBUTES = {
    types.CodeType: ("co_consts", "co_names", "co_filename", "co_name", "co_qualname"),
    types.GetSetDescriptorType: ("__name__",),
    types.MemberDescriptorType: ("__name__",),
}

# Py_TPFLAGS_HEAPTYPE and Py_TPFLAGS_HAVE_GC in object.h.
HEAP_TYPE, HAVE_GC = 1 << 9, 1 << 14
flags_of = type.__dict__["__flags__"].__get__


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


def referents_of(thing):
    """What an object refers to, a list. The collector knows neither string keys, nor the class of an object that it does not track."""
    cls = type(thing)
    more = [getattr(thing, name) for name in ATTRIBUTES.get(cls, ())]
    # Unlike isinstance(), this runs none of the test's code.
    if issubclass(cls, dict):
        more = probe.string_keys(thing)
    elif flags_of(cls) & (HEAP_TYPE | HAVE_GC) == HEAP_TYPE:
        more.append(cls)
    return more + gc.get_referents(thing)
