"""Shows for each kind of leak whether an engine finds it, and that it reports no living object of that kind.

    valgrind …options of the live leak check… --xml-file=FOLDER/%p.xml --log-fd=N python selftest.py memcheck FOLDER LOG
    LD_PRELOAD=…the leak sanitizer's runtime… python selftest.py scan FOLDER

The answer is known within the process: the engine gives the addresses of lost blocks, and we know the addresses of what we planted. The
last line is the result as JSON; the lines before it are for people. Exit status 1 if anything is wrong.
"""

import functools
import gc
import json
import os
import re
import sys
import sysconfig
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import MARK, MemcheckLeakCheck, SanitizerLeakCheck
from cpython_memcheck_objects import living_types

# Every object must be made at run time: a constant belongs to its code object, a short string to the table of interned strings.
COUNT = iter(range(10**6, 10**9))

# memcheck takes any word that looks like an address for a pointer.
DISGUISE = 2**64 - 1


class Plain:
    def method(self):
        return self


class WithSlots:
    __slots__ = ("value",)


class WithWeakref:
    pass


def generate():
    yield 1


def make_generator():
    generator = generate()
    next(generator)
    return generator


def make_exception():
    try:
        raise ValueError(next(COUNT))
    except ValueError as error:
        return error


def make_cycle():
    cycle = [next(COUNT)]
    cycle.append(cycle)
    return cycle


def make_function():
    number = next(COUNT)
    return lambda: number


def make_slots():
    instance = WithSlots()
    instance.value = next(COUNT)
    return instance


def make_popped():
    items = [Plain() for _ in range(20)]
    POPPED.append(items)
    return items.pop()


def make_weakly_referenced():
    import weakref

    instance = WithWeakref()
    WEAK.append(weakref.ref(instance))
    return instance


def make_frozen():
    """gc.freeze() moves all containers to a list that gc.get_objects() leaves out."""
    instance = Plain()
    gc.freeze()
    return instance


def make_class():
    return type("Planted", (), {"method": lambda self: None})


def make_called_function():
    def function(x=None):
        return x

    for _ in range(50):
        function()
    return function


def make_class_attribute():
    """Looked up on the class, so that a method cache has it, then replaced."""

    class Owner:
        attribute = Plain()

    for _ in range(50):
        value = Owner.attribute
    Owner.attribute = None
    OWNERS.append(Owner)
    return value


def call_in_thread(function):
    """Calls a function in a new thread, waits for the thread to end, and returns the function's result."""
    import threading

    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results.pop()


def make_shared():
    """References of other threads are counted separately from those of the thread that made the object."""
    instance = Plain()
    call_in_thread(lambda: len([instance, instance]))
    return instance


def make_shared_class():
    """Each thread separately counts the references of instances that it makes."""
    cls = make_class()
    call_in_thread(lambda: len([cls() for _ in range(50)]))
    return cls


def make_shared_function():
    """References on a stack are not counted."""
    function = make_called_function()
    call_in_thread(lambda: len([function() for _ in range(50)]))
    return function


POPPED, WEAK, OWNERS = [], [], []

# The kinds that must be found.
KINDS = {
    "str": lambda: f"planted {next(COUNT)}",
    "bytes": lambda: b"planted %d" % next(COUNT),
    "int": lambda: next(COUNT) ** 4,
    "float": lambda: next(COUNT) / 7,
    "tuple": lambda: (next(COUNT), next(COUNT)),
    "tuple of containers": lambda: ([], {}),
    "list": lambda: [next(COUNT)],
    "dict": lambda: {next(COUNT): next(COUNT)},
    "set": lambda: {next(COUNT)},
    "instance": Plain,
    "instance with slots": make_slots,
    "function": make_function,
    "called function": make_called_function,
    "generator": make_generator,
    "bound method": lambda: Plain().method,
    "exception": make_exception,
    "cycle": make_cycle,
    "popped from a list": make_popped,
    "weakly referenced": make_weakly_referenced,
    "frozen by gc.freeze()": make_frozen,
    "class": make_class,
    "class attribute": make_class_attribute,
}
IS_FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
if IS_FREE_THREADED:
    KINDS |= {
        "made by a thread that has ended": lambda: call_in_thread(Plain),
        "shared with a thread": make_shared,
        "class shared with a thread": make_shared_class,
        "function shared with a thread": make_shared_function,
    }
if IS_FREE_THREADED and sys.version_info < (3, 14):
    # Once a thread has started, classes are immortal there: one that is dropped is never freed.
    del KINDS["class"], KINDS["class shared with a thread"]
BLOCKS = {
    "malloc block": probe.leak_malloc,
    "PyMem block": probe.leak_pymem,
    "Py_buffer": lambda: probe.leak_buffer(bytearray(next(COUNT) % 90 + 9)),
}


# In a free-threaded build, blocks are in memory that memcheck searches for references, so it never reports a block that points to itself
# or a cycle.
NOT_FOR_MEMCHECK = {"set", "generator", "cycle", "class", "class shared with a thread"}

# Of each kind, and how many of them may seem alive by chance: what is left in dead memory may look like a pointer to one (of a thousand
# blocks, to two or three), on one build in every run.
COPIES, MAX_ALIVE = 4, 1


def plant():
    """The disguised addresses of the leaked things of each kind, and the live things."""
    planted, live = {}, {}
    for kind, make in KINDS.items():
        live[kind] = make()
        planted[kind] = [leak_one(make) for _ in range(COPIES)]
    for kind, leak in BLOCKS.items():
        planted[kind] = [leak() for _ in range(COPIES)]
    return planted, live


def leak_one(make):
    thing = make()
    probe.leak(thing)
    address = id(thing) ^ DISGUISE
    # The traceback of an exception keeps this frame.
    del thing
    return address


def missed_kinds(planted, is_found):
    """Those of which more than one seems alive. @param is_found whether a disguised address was reported as lost"""
    return [kind for kind, addresses in planted.items() if sum(not is_found(address) for address in addresses) > MAX_ALIVE]


def main(engine, folder, log=None):
    has_free_lists = not probe.without_free_lists()
    check = MemcheckLeakCheck(folder, log) if engine == "memcheck" else SanitizerLeakCheck(folder)
    gc.collect()
    check.forget()
    if engine == "memcheck":
        probe.no_leak_check_at_exit()
    # Called from C: what the evaluation loop leaves on its own stack is gone when it returns.
    if engine == "memcheck" and IS_FREE_THREADED:
        for kind in NOT_FOR_MEMCHECK:
            KINDS.pop(kind, None)
    planted, live = functools.partial(plant)()
    seconds = check.run()
    blocks = check.blocks

    def block_of(address):
        return next((block for block in blocks if block.holds(address)), None)

    check.types = living_types()
    stacks = read_stacks(f"{folder}/{os.getpid()}.xml") if engine == "memcheck" else {}
    for kind, addresses in planted.items():
        for block in [block_of(address ^ DISGUISE) for address in addresses]:
            described = "" if block is None else {**(check.describe(block) or {})}
            print(f"{'found' if block else 'NOT FOUND':10} {kind:22} {stacks.get(block.record, '') if block else ''} {described}")
    missed = missed_kinds(planted, lambda address: block_of(address ^ DISGUISE) is not None)
    false_alarms = [kind for kind, thing in live.items() if block_of(id(thing))]
    for kind in false_alarms:
        print(f"REPORTED, though it lives: {kind}")
    if has_free_lists:
        print("This build has free lists: stacks may be those of an earlier owner. Configure it --without-freelists.")
    print(f"check took {seconds:.2f} s")
    result = {"event": "self-test", "kinds": len(planted), "missed": missed, "falseAlarms": false_alarms}
    print(MARK + json.dumps(result))
    return 1 if missed or false_alarms else 0


def read_stacks(path):
    """Loss record number -> the functions that allocated it. The report is not whole yet, so each error is parsed by itself."""
    stacks = {}
    with open(path) as report:
        errors = re.findall(r"<error>.*?</error>", report.read(), re.S)
    for error in errors:
        element = ElementTree.fromstring(error)
        record = re.search(r"definitely lost in (?:\w+ )?loss record ([\d,]+)", element.findtext("xwhat/text") or "")
        if record:
            functions = [frame.findtext("fn") or "?" for frame in element.find("stack")]
            stacks[int(record[1].replace(",", ""))] = " < ".join(functions[1:16])
    return stacks


if __name__ == "__main__":
    sys.stdout.flush()
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)
