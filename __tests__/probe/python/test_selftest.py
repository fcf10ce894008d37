"""Which kinds of leaks the self-test takes for found."""

import unittest

from support import probe  # noqa: F401  # isort: skip
from selftest import COPIES, missed_kinds


class MissedTest(unittest.TestCase):
    def missed(self, alive):
        """@param alive how many of the copies seem alive"""
        return missed_kinds({"list": list(range(COPIES))}, lambda address: address >= alive)

    def test_one_that_seems_alive_by_chance_is_no_miss(self):
        self.assertEqual([self.missed(0), self.missed(1)], [[], []])

    def test_more_are_a_miss(self):
        self.assertEqual([self.missed(2), self.missed(COPIES)], [["list"], ["list"]])


if __name__ == "__main__":
    unittest.main()
