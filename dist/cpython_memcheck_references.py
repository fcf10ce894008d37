"""References that are never released to objects that live on: a constant, a cached string. No memory is lost, so no leak check sees them.

After each run of the same tests the references to every object are counted, less those that the collector can see: what is left is held by
C code, and stays as it is from run to run. A leaked reference adds to it with each run. Immortal objects have no count.
"""

import collections
import functools
import gc
import itertools
import sys

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import collect_garbage, mark, mark_watch_failed
from cpython_memcheck_objects import describe_object, referents_of

# The first run, which gives the test file's result, fills caches; so does the second.
RUNS = 4

MAX_DESCRIBED = 50

IMMORTAL = 2**28


def find_growing_references(run):
    """Reports objects that got more references with each run. `run` runs the tests once more, without reporting."""
    planted = [b"planted %d" % len(sys.argv)]
    counts = []
    for _ in range(RUNS - 1):
        run()
        probe.leak(planted[0])
        # Called from C: references on the evaluation loop's own stack are gone when it returns.
        counts.append(functools.partial(count_unseen_references, counts)())
    growth = {
        address: least
        for address in set.intersection(*map(set, counts))
        if (least := min(after[address] - before[address] for before, after in itertools.pairwise(counts))) > 0
    }
    if growth.pop(id(planted[0]), 0) != 1:
        mark_watch_failed("growth-proof-missing", of="reference")
    for thing in find_objects(set(growth))[:MAX_DESCRIBED]:
        mark("growing-reference", references=growth[id(thing)], **describe_object(sys.getrefcount(thing), False, thing))
    if len(growth) > MAX_DESCRIBED:
        mark_watch_failed("too-much-growth", of="references", found=len(growth), limit=MAX_DESCRIBED)


def count_unseen_references(ours):
    """For each mortal object, its address and the number of references that no container holds, without objects that only `ours` holds."""
    collect_garbage()
    probe.clear_method_cache()
    seen_references, objects = collections.Counter(), {}
    waiting = gc.get_objects()
    own = {id(seen_references), id(objects), id(waiting), id(ours)}
    while waiting:
        thing = waiting.pop()
        if id(thing) in objects or id(thing) in own:
            continue
        objects[id(thing)] = thing
        referents = referents_of(thing)
        for referent in referents:
            seen_references[id(referent)] += 1
        waiting += referents
        del referents
    # Two references are ours: the name `thing` and the dict; getrefcount's argument is a third.
    return {
        address: count - 3 - seen_references[address] for address, thing in objects.items() if (count := sys.getrefcount(thing)) < IMMORTAL
    }


def find_objects(addresses):
    found, seen, waiting = [], set(), gc.get_objects()
    own = {id(found), id(seen), id(waiting)}
    while waiting and len(found) < len(addresses):
        thing = waiting.pop()
        if id(thing) in seen or id(thing) in own:
            continue
        seen.add(id(thing))
        if id(thing) in addresses:
            found.append(thing)
        waiting += referents_of(thing)
    return found
