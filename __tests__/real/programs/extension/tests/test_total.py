import unittest

import basket


def test_total(tmp_path):
    assert basket.total("abc") == 3


class Total(unittest.TestCase):
    def test_of_nothing(self):
        self.assertEqual(basket.total([]), 0)
