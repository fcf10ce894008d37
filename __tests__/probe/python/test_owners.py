"""Which of the lost blocks own the others: find_owners and divide_immortals."""

import unittest

from support import probe, take_marks  # isort: skip
from cpython_memcheck_leaks import SanitizerLeakCheck, divide_immortals
from cpython_memcheck_owners import MAX_OWNING_BYTES, LostBlock, cycle_of, find_owners


def heap(**words):
    """Blocks of 32 bytes, named by letters: a=["b"] is a block at 0x1000 that points to the block `b`. They come as the leak sanitizer
    would say it: owned if anything points to them."""
    address_of = {name: 0x1000 * (index + 1) for index, name in enumerate(words)}
    probe.memory = {
        address_of[name]: [address_of.get(target, target) if isinstance(target, str) else target for target in targets]
        for name, targets in words.items()
    }
    pointed_at = {target for targets in words.values() for target in targets}
    return {name: LostBlock(0, address, 32, name in pointed_at) for name, address in address_of.items()}


def owners_of(blocks):
    """Name -> the bytes that only this owner holds."""
    names = {block.address: name for name, block in blocks.items()}
    return {names[block.address]: owned_bytes for block, owned_bytes in find_owners(list(blocks.values()))}


class FindOwnersTest(unittest.TestCase):
    def test_blocks_without_pointers_are_all_owners(self):
        self.assertEqual(owners_of(heap(a=[], b=[])), {"a": 0, "b": 0})

    def test_no_blocks_have_no_owner(self):
        self.assertEqual(find_owners([]), [])

    def test_chain_is_owned_by_its_first_block(self):
        self.assertEqual(owners_of(heap(a=["b"], b=["c"], c=[])), {"a": 64})

    def test_chain_is_owned_by_its_first_block_in_whatever_order_addresses_are(self):
        self.assertEqual(owners_of(heap(a=[], b=["a"], c=["b"])), {"c": 64})

    def test_tree_is_owned_by_its_root(self):
        self.assertEqual(owners_of(heap(a=["b", "c"], b=[], c=["d"], d=[])), {"a": 96})

    def test_block_with_two_owners_is_counted_once(self):
        owners = owners_of(heap(a=["c"], b=["c"], c=[]))
        self.assertEqual(set(owners), {"a", "b"})
        self.assertEqual(sum(owners.values()), 32)

    def test_cycle_that_nothing_points_to_has_one_owner(self):
        owners = owners_of(heap(a=["b"], b=["c"], c=["a"]))
        self.assertEqual(list(owners.values()), [64])

    def test_cycle_is_owned_by_what_points_to_its_first_block(self):
        self.assertEqual(owners_of(heap(a=["b"], b=["a"], c=["a"])), {"c": 64})

    def test_cycle_that_is_pointed_to_elsewhere_has_an_owner_of_its_own_as_for_memcheck(self):
        self.assertEqual(owners_of(heap(a=["b"], b=["a"], c=["b"])), {"a": 32, "c": 0})

    def test_block_that_points_to_itself_is_an_owner(self):
        self.assertEqual(owners_of(heap(a=["a"])), {"a": 0})

    def test_pointer_into_the_middle_of_a_block_counts(self):
        self.assertEqual(owners_of(heap(a=[0x2000 + 31], b=[])), {"a": 32})

    def test_pointer_behind_the_end_of_a_block_does_not_count(self):
        self.assertEqual(owners_of(heap(a=[0x2000 + 32], b=[])), {"a": 0, "b": 0})

    def test_blocks_know_afterwards_whether_they_are_owned(self):
        blocks = heap(a=["b"], b=["a"], c=[])
        find_owners(list(blocks.values()))
        self.assertEqual([block.owned for block in blocks.values()], [False, True, False])

    def test_more_than_can_be_read_is_reported_as_by_the_leak_sanitizer(self):
        probe.memory = {}
        blocks = [LostBlock(0, 0x1000, MAX_OWNING_BYTES, False), LostBlock(0, 2**40, 8, True)]
        self.assertEqual([(block.address, size) for block, size in find_owners(blocks)], [(0x1000, 0)])


class CycleTest(unittest.TestCase):
    """Two objects that point to each other: the one with an additional reference was not released."""

    def owner_of(self, references, sizes=(64, 64)):
        """The index of the owner of two lists, in the order of their addresses."""
        lists = sorted(([], []), key=id)
        # A list stands behind its PyGC_Head.
        addresses = [id(thing) - 16 for thing in lists]
        probe.memory = {address: [id(other)] for address, other in zip(addresses, reversed(lists), strict=True)}
        probe.objects = {address: (count, False, thing) for address, count, thing in zip(addresses, references, lists, strict=True)}
        [(owner, owned_bytes)] = find_owners([LostBlock(0, address, size, True) for address, size in zip(addresses, sizes, strict=True)])
        index = addresses.index(owner.address)
        self.assertEqual(owned_bytes, sizes[1 - index])
        return index

    def test_owner_of_a_cycle_is_the_object_with_a_reference_too_many_wherever_it_lies(self):
        self.assertEqual([self.owner_of((2, 1)), self.owner_of((1, 2))], [0, 1])

    def test_owner_of_a_cycle_is_its_largest_block_if_references_do_not_decide(self):
        self.assertEqual([self.owner_of((1, 1), (96, 64)), self.owner_of((1, 1), (64, 96))], [0, 1])
        self.assertEqual([self.owner_of((2, 2), (96, 64)), self.owner_of((2, 2), (64, 96))], [0, 1])

    def test_owner_of_a_cycle_without_objects_is_its_first_block_as_for_memcheck(self):
        probe.memory = {0x1000: [0x2000], 0x2000: [0x1000]}
        [(owner, _)] = find_owners([LostBlock(0, 0x1000, 64, True), LostBlock(0, 0x2000, 96, True)])
        self.assertEqual(owner.address, 0x1000)

    def test_owner_of_a_cycle_is_not_an_immortal_object_because_of_its_count(self):
        lists = sorted(([], []), key=id)
        addresses = [id(thing) - 16 for thing in lists]
        probe.memory = {address: [id(other)] for address, other in zip(addresses, reversed(lists), strict=True)}
        probe.objects = {addresses[0]: (2**30, True, lists[0]), addresses[1]: (2, False, lists[1])}
        [(owner, _)] = find_owners([LostBlock(0, address, 64, True) for address in addresses])
        self.assertEqual(owner.address, addresses[1])

    def test_what_many_owners_share_is_not_followed_for_each_of_them(self):
        # There is nothing to look up for block 1.
        self.assertEqual(cycle_of(0, {0: [1]}, {0: [], 1: [0]}), {0})

    def tearDown(self):
        probe.objects = {}


class ImmortalStringsTest(unittest.TestCase):
    def test_immortal_strings_are_distinguished(self):
        blocks = heap(a=[], b=[], c=[])
        probe.immortal = {blocks["b"].address}
        self.assertEqual(divide_immortals(list(blocks.values())), ([blocks["b"]], [blocks["a"], blocks["c"]]))

    def test_without_blocks_there_are_no_immortal_strings(self):
        self.assertEqual(divide_immortals([]), ([], []))


class ReportTest(unittest.TestCase):
    def test_each_stack_with_an_owner_is_a_leak_and_owned_bytes_count_for_the_owner(self):
        blocks = heap(a=["b"], b=[], c=[])
        blocks["b"].record, blocks["c"].record = 1, 0
        take_marks()
        SanitizerLeakCheck("/nowhere").mark_leaks(["stack of a and c", "stack of b"], list(blocks.values()))
        leak = {"event": "leak", "record": 0, "blocks": 2, "direct": 64, "indirect": 32, "frames": "stack of a and c"}
        self.assertEqual(take_marks(), [leak])


if __name__ == "__main__":
    unittest.main()
