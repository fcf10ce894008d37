"""JSON as the runner reads and writes it by Python code alone: to_json and from_json."""

import json
import unittest

import support  # noqa: F401  # isort: skip
from cpython_memcheck_json import from_json, to_json


class PlainJson(unittest.TestCase):
    def test_what_is_written_is_json(self):
        for value in [{}, [], {"a": [1, -2.5, None, True, False]}, {'é\n"\ud83d\ude00': "\\"}, [["b", 3]], ("c",)]:
            self.assertEqual(json.loads(to_json(value)), json.loads(json.dumps(value)))

    def test_orders_are_read(self):
        for order in [
            {"name": "test_csv", "references": False, "log": "test_csv.log"},
            {"name": 'tests/é "x\\\n.py', "references": True, "log": "x.log"},
            {"none": None},
            {"name": ""},
        ]:
            for is_ascii in (True, False):
                self.assertEqual(from_json(json.dumps(order, separators=(",", ":"), ensure_ascii=is_ascii)), order)

    def test_invalid_orders_are_refused(self):
        for text in ['{"a":1}', '{"a"', "{"]:
            with self.assertRaises((ValueError, IndexError, StopIteration)):
                from_json(text)


if __name__ == "__main__":
    unittest.main()
