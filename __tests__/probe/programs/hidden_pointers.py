"""Loses objects to which non-owning pointers remain, and prints how many of each kind a leak check finds."""

import asyncio
import contextlib
import ctypes
import functools
import gc
import itertools
import json
import os
import sys
import weakref

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import SanitizerLeakCheck

COPIES = 8

# Plain numbers would look like pointers.
DISGUISE = 0x5A5A5A5A5A5A5A5A

IDS, KEPT = set(), []
COUNTS, NUMBERS, REFERENCES = {}, set(), weakref.WeakSet()


class Plain:
    """Too large for the free lists of the system's python3, which keep addresses."""

    __slots__ = ("__weakref__", *(f"value{number}" for number in range(30)))


class Number(int):
    pass


class KnownById(Plain):
    __slots__ = ()

    def __hash__(self):
        return id(self)


class Stack(list):
    pass


def make_known_by_id():
    instance = Plain()
    IDS.add(id(instance))
    return instance


def make_member_of_small_set():
    """The set grows, and keeps a copy of the entries that it had before."""
    instance = Plain()
    small = {instance}
    small.update(range(20))
    small.discard(instance)
    KEPT.append(small)
    return instance


def make_counted():
    instance = Plain()
    COUNTS[Number(id(instance))] = 1
    return instance


def make_numbered():
    instance = Plain()
    NUMBERS.add(float(id(instance)))
    return instance


def make_referenced():
    instance = KnownById()
    REFERENCES.add(instance)
    return instance


def make_popped():
    stack = Stack(Plain() for _ in range(20))
    KEPT.append(stack)
    return stack.pop()


def generate():
    yield Plain()


def make_in_generator():
    """It waits, and the value that it gave is still above the top of its stack."""
    generator = generate()
    KEPT.append(generator)
    return next(generator)


async def give_back(instance):
    return instance


def make_in_coroutine():
    """It is done, and its local variable is still in its frame."""
    coroutine = give_back(Plain())
    KEPT.append(coroutine)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value


def make_replaced(name):
    """A method that the class has replaced since it was called."""

    class Owner:
        def __init__(self):
            pass

        def __getitem__(self, index):
            pass

    for _ in range(300):
        Owner()[0]
    method = getattr(Owner, name)
    setattr(Owner, name, len)
    KEPT.append(Owner)
    return method


async def wait():
    await asyncio.Future()


async def make_in_loop():
    task = asyncio.get_running_loop().create_task(wait())
    await asyncio.sleep(0)
    return task


def make_task():
    """It is not done, so that a list of tasks has it (3.14)."""
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        return loop.run_until_complete(make_in_loop())


def make_caller(length):
    """A function that calls a method at a place of its code that depends on the length."""
    namespace = {}
    exec(f"def call(instance):\n    {'one = instance; ' * length}\n    for _ in range(50):\n        instance.method()", namespace)
    return namespace["call"]


CALLERS = itertools.cycle([make_caller(length) for length in range(COPIES)])


def make_called_class():
    class Called:
        def method(self):
            return __class__

    next(CALLERS)(Called())
    return Called


KINDS = {
    "plain": Plain,
    "id in a set": make_known_by_id,
    "member of a set that grew": make_member_of_small_set,
    "id of another type in a dict": make_counted,
    "id of another type in a set": make_numbered,
    "hashed by its id": make_referenced,
    "popped from a list of a subclass": make_popped,
    "yielded by a generator": make_in_generator,
    "returned by a coroutine": make_in_coroutine,
    "class of a method that was called": make_called_class,
    "replaced __getitem__": lambda: make_replaced("__getitem__"),
    "replaced __init__": lambda: make_replaced("__init__"),
    "task that waits": make_task,
}


def lose(make):
    thing = make()
    probe.leak(thing)
    return id(thing) ^ DISGUISE


def lose_all():
    return {kind: [lose(make) for _ in range(COPIES)] for kind, make in KINDS.items()}


def lose_in_registers():
    planted = [lose(Plain) for _ in range(COPIES)]
    load(ctypes.c_uint64(DISGUISE), (ctypes.c_uint64 * COPIES)(*planted))
    return planted


load = ctypes.CDLL(f"{sys.argv[1]}/vector-registers.so").load
check = SanitizerLeakCheck(sys.argv[1])
gc.collect()
check.forget()
# Called from C: what the evaluation loop leaves on its own stack is gone when it returns.
planted = functools.partial(lose_all)()
planted["in a vector register"] = functools.partial(lose_in_registers)()
check.run()
found = {kind: sum(any(block.holds(one ^ DISGUISE) for block in check.blocks) for one in lost) for kind, lost in planted.items()}
print(json.dumps(found))
sys.stdout.flush()
os._exit(0)
