"""Objects that are still referenced, but more of them after each run of the same tests: caches and registries that only grow.

A block that was allocated in a run and lives on after all of them is a survivor. What grows has survivors of each run: allocated by the
same stack, of the same type, and kept in the same way. A cache that is filled once has survivors of one run, and one with a limit stays as
it is.
"""

import array
import collections
import copyreg
import functools
import gc
import sys
import types
import warnings

import cpython_memcheck_probe as probe
from cpython_memcheck_leaks import collect_garbage, mark, mark_watch_failed
from cpython_memcheck_objects import describe_object, living_types, referents_of
from cpython_memcheck_owners import LostBlock, find_owners

# Maximum number of survivors described for each run and stack, and of findings reported.
MAX_DESCRIBED_PER_STACK = 20
MAX_FINDINGS = 50

# Maximum length of a path.
MAX_STEPS = 8

WARM_UP = 10

# Growth in the test files themselves is not a bug.
TESTS = ("test", "__main__")


class Growth:
    """Watches the runs; then reports the objects that each left."""

    def __init__(self, check):
        self.check, self.runs = check, 0
        # A list that grows by one object with each run, to prove that the check works.
        self.planted = []
        # Code that runs often is specialized, and then its calls have another stack. A call of a class is not before an attribute of the
        # class was looked up, which a test may do that looks at all objects.
        hasattr(Planted, "value")
        for _ in range(WARM_UP):
            self.plant()
        self.saved = CacheState()
        probe.watch_growth()

    def run(self, run):
        self.runs += 1
        probe.growth_round(self.runs)
        try:
            run()
            self.plant()
        finally:
            probe.growth_round(0)
        self.saved.restore()
        collect_garbage()

    def plant(self):
        self.planted.append(Planted())

    def mark_growing(self):
        # Lost objects are leaks, not growth: looked up before anything here refers to them.
        lost = {block.address for block in self.check.lost()[1]}
        survivors = self.survivors_by_stack(lost)
        if survivors is None:
            mark_watch_failed("too-many-survivors")
            return
        kept, examples = self.group(survivors)
        grown = [key for key, counts in kept.items() if len(counts) == self.runs]
        if not any(kind == Planted.__qualname__ for _, kind, _ in grown):
            mark_watch_failed("growth-proof-missing", of="object")
        found = [(stack, kind, path) for stack, kind, path in grown if kind != Planted.__qualname__ and not is_of_tests(path)]
        for stack, kind, path in found[:MAX_FINDINGS]:
            blocks = min(kept[stack, kind, path].values())
            mark("growth", blocks=blocks, object=examples[stack, kind, path], path=path, frames=probe.survivor_stack(stack))
        if len(found) > MAX_FINDINGS:
            mark_watch_failed("too-much-growth", of="kinds", found=len(found), limit=MAX_FINDINGS)

    def survivors_by_stack(self, lost):
        """Stack -> run -> blocks that are not lost, for stacks with some in each run; None if the limit was exceeded."""
        packed = probe.survivors()
        if packed is None:
            return None
        words = array.array("Q", packed)
        by_stack = collections.defaultdict(lambda: collections.defaultdict(list))
        for address, size, stack, run in zip(words[0::4], words[1::4], words[2::4], words[3::4], strict=True):
            if address not in lost:
                by_stack[stack][run].append(LostBlock(stack, address, size, False))
        return {stack: by_run for stack, by_run in by_stack.items() if len(by_run) == self.runs}

    def group(self, survivors):
        """(Stack, type, path) -> run -> count, and (stack, type, path) -> one of the objects, described; None for other memory.

        What only another survivor of the same run keeps is not reported: that one is.
        """
        wanted = []
        for run in range(1, self.runs + 1):
            blocks = [block for by_run in survivors.values() for block in by_run[run]]
            owners = {block.address for block, _ in find_owners(blocks)}
            for stack, by_run in survivors.items():
                of_stack = [block for block in by_run[run] if block.address in owners]
                wanted += [(stack, run, block) for block in of_stack[:MAX_DESCRIBED_PER_STACK]]
        classes = living_types()
        described, objects = {}, {}
        for _, _, block in wanted:
            found = probe.lost_object(block.address, block.size, classes)
            if found is not None:
                objects[block.address] = id(found[2])
                described[block.address] = describe_object(*found)
        found = None
        paths = find_paths(set(objects.values()))
        groups, examples = collections.defaultdict(collections.Counter), {}
        for stack, run, block in wanted:
            path = paths.get(objects.get(block.address), ())
            example = described.get(block.address)
            group = stack, example and example["type"], tuple(path)
            groups[group][run] += 1
            examples.setdefault(group, example)
        return groups, examples


class Planted:
    __slots__ = ("value",)


def is_of_tests(path):
    return bool(path) and path[0].partition(".")[0] in TESTS


# ---- What keeps an object. ----


def find_paths(addresses):
    """Address -> what keeps the object, outermost first (`typing._cleanups: list`); without objects that only C code keeps."""
    reached = {}
    walk([thing for name, thing in sorted(sys.modules.items()) if isinstance(thing, types.ModuleType) and not is_ours(name)], reached)
    # For modules that are no longer in sys.modules, or that C code keeps.
    walk([cls for cls in living_types().values() if not is_ours(module_of(cls))], reached)
    return {address: describe_path(address, reached) for address in addresses if address in reached}


def module_of(cls):
    try:
        return cls.__module__
    except AttributeError:
        # For a class that C code created without it.
        return None


def is_ours(module):
    return str(module).startswith("cpython_memcheck_") or module == "__main__"


def walk(roots, reached):
    """Adds to `reached` all objects reachable from the roots: address -> (object, address of what keeps it), by the shortest path."""
    ours = {id(reached), id(roots)} | {id(thing) for name, thing in sys.modules.items() if is_ours(name)}
    waiting = collections.deque()
    for root in roots:
        if id(root) not in reached:
            reached[id(root)] = root, None
            waiting.append(root)
    ours.add(id(waiting))
    while waiting:
        holder = waiting.popleft()
        for thing in referents_of(holder):
            if id(thing) not in reached and id(thing) not in ours:
                reached[id(thing)] = thing, id(holder)
                waiting.append(thing)


def describe_path(address, reached):
    chain = []
    while address is not None:
        thing, address = reached[address]
        chain.append(thing)
    # Outermost first, without the object itself.
    chain.reverse()
    if len(chain) > 2 and isinstance(chain[0], types.ModuleType) and chain[1] is chain[0].__dict__:
        module, namespace, kept = chain[:3]
        name = next((key for key, value in namespace.items() if value is kept), "?")
        steps = [f"{module.__name__}.{name}" if len(chain) == 3 else f"{module.__name__}.{name}: {type_name(kept)}"]
        return (steps + [type_name(thing) for thing in chain[3:-1]])[:MAX_STEPS]
    return [type_name(thing) for thing in chain[:-1]][:MAX_STEPS]


def type_name(thing):
    if isinstance(thing, type):
        return f"class {thing.__qualname__}"[:100]
    if isinstance(thing, types.FunctionType):
        return f"function {thing.__qualname__}"[:100]
    return type(thing).__qualname__[:100]


# ---- Caches. ----


class CacheState:
    """State that regrtest restores between its own repeated runs (dash_R_cleanup of libregrtest/refleak.py)."""

    def __init__(self):
        self.filters = warnings.filters[:]
        self.dispatch_table = copyreg.dispatch_table.copy()
        self.importers = sys.path_importer_cache.copy()

    def restore(self):
        warnings.filters[:] = self.filters
        replace(copyreg.dispatch_table, self.dispatch_table)
        replace(sys.path_importer_cache, self.importers)
        try:
            # The list of all caches, which differs between versions of CPython.
            from test.libregrtest.utils import clear_caches

            clear_caches()
        except Exception:
            pass
        clear_limited_caches()
        probe.clear_method_cache()


def clear_limited_caches():
    """A cache with a limit does not grow forever, but seems to until it is full."""
    for thing in gc.get_objects():
        if type(thing) is functools._lru_cache_wrapper and thing.cache_parameters()["maxsize"] is not None:
            thing.cache_clear()


def replace(mapping, content):
    mapping.clear()
    mapping.update(content)
