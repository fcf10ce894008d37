"""Which allocation sites are made to fail: by the functions on them, and by slice."""

import struct
import unittest

from support import probe  # isort: skip
from cpython_memcheck_torture import Torture
from cpython_memcheck_torture_plan import Plan


class NamedAddresses:
    """Stands in for the symbols: the name of each address, as `Symbols.name_of` has it."""

    def __init__(self, names):
        self.names = names

    def name_of(self, address):
        return self.names[address]


def plan_of(sites, asked):
    """@param sites the functions of each site, innermost first"""
    names = sorted({name for functions in sites for name in functions})
    packed = [struct.pack(f"{len(functions)}Q", *map(names.index, functions)) for functions in sites]
    probe.torture_site = packed.__getitem__
    plan = Plan(NamedAddresses(names), Torture(asked))
    plan.add("a test", 0.1, range(len(sites)))
    return plan


def chosen(sites, asked):
    plan = plan_of(sites, asked)
    return [sites[site] for _, chosen_sites in plan.by_test() for site in chosen_sites]


class ChosenByFunctions(unittest.TestCase):
    def test_all_sites_are_chosen_where_no_functions_are_asked_for(self):
        self.assertEqual(chosen([("f", "g"), ("h",)], "{}"), [("f", "g"), ("h",)])

    def test_sites_with_an_asked_function_on_their_stack_are_chosen(self):
        self.assertEqual(chosen([("f", "g"), ("h", "f"), ("h",)], '{"functions": ["f"]}'), [("f", "g"), ("h", "f")])

    def test_no_site_is_chosen_where_no_function_changed(self):
        self.assertEqual(chosen([("f", "g")], '{"functions": []}'), [])

    def test_a_function_may_be_named_as_the_record_of_a_build_names_it(self):
        # By its file, and as a copy that the compiler made: stacks have neither.
        for key in ("codegen.c:f", "f.constprop.0", "codegen.c:f.isra.0.cold", "f.localalias"):
            self.assertEqual(chosen([("f", "g"), ("h",)], f'{{"functions": ["{key}"]}}'), [("f", "g")], key)


class ChosenBySlice(unittest.TestCase):
    def test_each_site_is_in_one_slice(self):
        sites = [(f"f{number}", "g") for number in range(100)]
        slices = [chosen(sites, f'{{"slice": [{part}, 7]}}') for part in range(7)]
        self.assertEqual(sorted(site for one in slices for site in one), sorted(sites))
        self.assertTrue(all(slices))

    def test_a_slice_has_the_same_sites_wherever_they_lie_in_memory(self):
        sites = [(f"f{number}", "g") for number in range(100)]
        asked = '{"slice": [2, 7]}'
        self.assertEqual(chosen(sites[::-1], asked), chosen(sites, asked))


if __name__ == "__main__":
    unittest.main()
