"""Which allocation sites are made to fail: by the functions that are watched, and by slice."""

import struct
import unittest

from support import probe  # isort: skip
from cpython_memcheck_torture import Torture
from cpython_memcheck_torture_plan import Plan, teach


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


class LoadedFunctions:
    """Stands in for the symbols: functions of 16 bytes, one after the other."""

    def __init__(self, *names):
        self.names, self.code = names, []

    def refresh(self):
        pass

    def all_images(self):
        return [self, None]

    def ranges(self, chosen):
        return [(start, start + 16) for name, start in zip(self.names, range(0, 16 * len(self.names), 16), strict=True) if chosen(name)]


WATCHED = 3


def watched(names, asked):
    """Where the injector looks for functions; none for everywhere."""
    settings = {}
    probe.torture_set = settings.__setitem__
    teach(LoadedFunctions(*names), Torture(asked).functions)
    return list(struct.iter_unpack("QQ", settings[WATCHED]))


class WatchedFunctions(unittest.TestCase):
    def test_are_none_where_none_are_asked_for(self):
        self.assertEqual(watched(["f", "g"], "{}"), [])

    def test_are_those_that_are_asked_for_with_the_copies_that_the_compiler_made(self):
        self.assertEqual(watched(["f", "g", "f.cold", "ff"], '{"functions": ["f"]}'), [(0, 16), (32, 48)])

    def test_are_at_no_address_where_none_of_them_is_loaded(self):
        for asked in ('{"functions": ["g"]}', '{"functions": []}'):
            self.assertEqual(watched(["f"], asked), [(0, 0)])

    def test_may_be_named_as_the_record_of_a_build_names_them(self):
        # By their file, and as a copy that the compiler made: symbols have no file, and another copy.
        for key in ("codegen.c:f", "f.constprop.0", "codegen.c:f.isra.0.cold", "f.localalias"):
            self.assertEqual(watched(["g", "f"], f'{{"functions": ["{key}"]}}'), [(16, 32)], key)


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
