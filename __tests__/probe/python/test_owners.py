"""Which of the lost blocks own the others: find_owners and divide_immortal_strings."""

import unittest

from support import probe, take_marks  # isort: skip
from cpython_memcheck_leaks import MAX_OWNING_BYTES, LostBlock, SanitizerLeakCheck, divide_immortal_strings, find_owners


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

    def test_more_than_can_be_read_is_told_as_the_leak_sanitizer_has_it(self):
        probe.memory = {}
        blocks = [LostBlock(0, 0x1000, MAX_OWNING_BYTES, False), LostBlock(0, 2**40, 8, True)]
        self.assertEqual([(block.address, size) for block, size in find_owners(blocks)], [(0x1000, 0)])


class ImmortalStringsTest(unittest.TestCase):
    def test_immortal_strings_are_told_apart(self):
        blocks = heap(a=[], b=[], c=[])
        probe.immortal = {blocks["b"].address}
        self.assertEqual(divide_immortal_strings(list(blocks.values())), ([blocks["b"]], [blocks["a"], blocks["c"]]))

    def test_no_blocks_have_none(self):
        self.assertEqual(divide_immortal_strings([]), ([], []))


class TellTest(unittest.TestCase):
    def test_each_stack_with_an_owner_is_a_leak_and_owned_bytes_count_for_the_owner(self):
        blocks = heap(a=["b"], b=[], c=[])
        blocks["b"].record, blocks["c"].record = 1, 0
        take_marks()
        SanitizerLeakCheck("/nowhere").tell(["stack of a and c", "stack of b"], list(blocks.values()))
        leak = {"event": "leak", "record": 0, "blocks": 2, "direct": 64, "indirect": 32, "frames": "stack of a and c"}
        self.assertEqual(take_marks(), [leak])


if __name__ == "__main__":
    unittest.main()
