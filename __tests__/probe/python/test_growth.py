"""What keeps an object, for growth."""

import collections
import typing
import unittest

from support import probe  # noqa: F401  # isort: skip
from cpython_memcheck_growth import find_paths
from cpython_memcheck_objects import referents_of


class WithoutModule(type):
    """As of some classes that C code makes."""

    @property
    def __module__(cls):
        raise AttributeError("__module__")


class Odd(metaclass=WithoutModule):
    kept = (b"kept",)


class Watched:
    __slots__ = ()

    @property
    def __class__(self):
        raise AssertionError("code of a test ran")


class Counting:
    counted: typing.ClassVar = collections.Counter(["".join(["a", "key"])])


class PathTest(unittest.TestCase):
    def test_a_class_without_a_module_is_walked_through_like_any_other(self):
        self.assertIn(id(Odd.kept[0]), find_paths({id(Odd.kept[0])}))

    def test_a_string_that_is_a_key_of_a_dict_of_a_subclass_is_kept_by_it(self):
        (key,) = Counting.counted
        self.assertEqual(find_paths({id(key)})[id(key)][-1], "Counter")

    def test_no_code_of_an_object_runs(self):
        self.assertEqual(referents_of(Watched()), [Watched])


if __name__ == "__main__":
    unittest.main()
