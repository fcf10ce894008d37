"""Finds out which of the lost blocks own the others."""

import array
import bisect
import collections
import struct

import cpython_memcheck_probe as probe
from cpython_memcheck_objects import living_types

# Limit of lost memory in which owners are searched.
MAX_OWNING_BYTES = 16 * 1024 * 1024


class LostBlock:
    """A block of memory that is lost, or that only a lost block refers to."""

    def __init__(self, record, address, size, owned):
        # An int of this size is stored in 30-bit digits, so it can't look like a pointer.
        self.record, self.address, self.size, self.owned = record, address, size, owned

    def holds(self, address):
        return self.address <= address < self.address + self.size


def pack(blocks):
    return b"".join(struct.pack("QQ", block.address, block.size) for block in blocks)


class OwnMemory:
    """Access to this process for find_owners. A child that has ended reported the same data (ChildRecord)."""

    def __init__(self):
        self.classes = None

    def words(self, blocks):
        return array.array("Q", probe.block_words(pack(blocks)))

    def find_object(self, block):
        """The reference count, the address and the type's name; None if there is no object."""
        self.classes = self.classes or living_types()
        found = probe.lost_object(block.address, block.size, self.classes)
        if found is None:
            return None
        references, is_immortal, thing = found
        return 0 if is_immortal else references, id(thing), type(thing).__qualname__


def find_owners(blocks, memory=None):
    """Of lost blocks those that no other one points to, and of each cycle that nothing else points to one; with the bytes that only they
    hold.

    As memcheck does it (lc_process_memory in mc_leakcheck.c), which takes the first block of a cycle. That depends on addresses, so another
    build of the same source may take another one: see `choose_owner`. The leak sanitizer calls every block of a cycle indirect.
    """
    memory = memory or OwnMemory()
    blocks.sort(key=lambda block: block.address)
    words = memory.words(blocks) if sum(block.size for block in blocks) <= MAX_OWNING_BYTES else None
    if words is None:
        return [(block, 0) for block in blocks if not block.owned]
    targets = find_targets(blocks, words)
    owned_bytes, reached = {}, [False] * len(blocks)
    for index in range(len(blocks)):
        if reached[index]:
            continue
        reached[index] = True
        owned_bytes[index], waiting = 0, [index]
        while waiting:
            for target in targets[waiting.pop()]:
                if not reached[target]:
                    reached[target] = True
                    owned_bytes[index] += blocks[target].size
                    waiting.append(target)
                elif target in owned_bytes and target != index:
                    # It was reached first, and is owned all the same.
                    owned_bytes[index] += owned_bytes.pop(target) + blocks[target].size
    sources = sources_of(targets)
    cycles = [cycle for cycle in (cycle_of(index, targets, sources) for index in owned_bytes) if len(cycle) > 1]
    for cycle, owner in zip(cycles, choose_owners(cycles, blocks, words, memory), strict=True):
        first = next(index for index in cycle if index in owned_bytes)
        owned_bytes[owner] = owned_bytes.pop(first) + blocks[first].size - blocks[owner].size
    for index, block in enumerate(blocks):
        block.owned = index not in owned_bytes
    return [(blocks[index], size) for index, size in sorted(owned_bytes.items())]


def find_targets(blocks, words):
    """For each block the other ones that it points to, by their indices."""
    starts = [block.address for block in blocks]
    targets, end = [], 0
    for index, block in enumerate(blocks):
        start, end = end, end + block.size // 8
        found = {}
        for word in words[start:end]:
            target = bisect.bisect_right(starts, word) - 1
            if target >= 0 and target != index and blocks[target].holds(word):
                found[target] = True
        targets.append(list(found))
    return targets


def sources_of(targets):
    sources = [[] for _ in targets]
    for source, found in enumerate(targets):
        for target in found:
            sources[target].append(source)
    return sources


def cycle_of(index, targets, sources):
    """The blocks that can be reached from this one, and from which it can be reached; itself among them."""
    # Most owners have no source, but many may share a large structure.
    sources_of_it = reachable(index, sources)
    return reachable(index, targets, sources_of_it)


def reachable(index, edges, within=None):
    seen, waiting = {index}, [index]
    while waiting:
        for block in edges[waiting.pop()]:
            if block not in seen and (within is None or block in within):
                seen.add(block)
                waiting.append(block)
    return seen


def choose_owners(cycles, blocks, words, memory):
    """For each cycle the object that has more references than lost blocks point to it: somebody forgot one of them. Else the largest block.

    Neither depends on addresses. A cycle without an object of Python's is that of a container in C++ and its nodes. The container was
    allocated before them, most often at a lower address: it is the first block, which memcheck takes, too.
    """
    found = {index: memory.find_object(blocks[index]) for cycle in cycles for index in cycle}
    objects = {index: one for index, one in found.items() if one is not None}
    addresses = {address for _, address, _ in objects.values()}
    pointers = collections.Counter(word for word in words if word in addresses)

    def rank(index):
        references, address, name = objects.get(index, (0, 0, ""))
        return references > pointers[address], blocks[index].size, name, -index

    return [max(cycle, key=rank) if cycle & objects.keys() else min(cycle) for cycle in cycles]
