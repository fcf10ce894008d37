"""What keeps an object, for growth."""

import unittest

from support import probe  # noqa: F401  # isort: skip
from cpython_memcheck_growth import find_paths


class WithoutModule(type):
    """As of some classes that C code makes."""

    @property
    def __module__(cls):
        raise AttributeError("__module__")


class Odd(metaclass=WithoutModule):
    kept = (b"kept",)


class PathTest(unittest.TestCase):
    def test_a_class_without_a_module_is_walked_through_like_any_other(self):
        self.assertIn(id(Odd.kept[0]), find_paths({id(Odd.kept[0])}))


if __name__ == "__main__":
    unittest.main()
