import unittest

import torture_planted


class Tests(unittest.TestCase):
    def test_handles_all(self):
        self.assertEqual(torture_planted.handles_all(), ["text and 123456"])

    def test_swallows(self):
        # An exception that the test itself catches is fine.
        try:
            torture_planted.handles_all()
        except MemoryError:
            pass

    def test_forgets_block(self):
        torture_planted.forgets_block()

    def test_forgets_object(self):
        torture_planted.forgets_object()

    def test_forgets_argument(self):
        torture_planted.forgets_argument([1, 2, 3])

    def test_forgets_plain_malloc(self):
        torture_planted.forgets_plain_malloc()

    def test_forgets_far_out(self):
        torture_planted.forgets_far_out()

    def test_forgets_in_second_failure(self):
        torture_planted.forgets_in_second_failure()

    def test_uses_null(self):
        torture_planted.uses_null()

    def test_gives_up(self):
        torture_planted.gives_up()

    def test_sets_no_error(self):
        torture_planted.sets_no_error()

    def test_succeeds_with_an_error(self):
        torture_planted.succeeds_with_an_error()
