"""Reports of descriptors that a test file leaves open: DescriptorWatch."""

import os
import tempfile
import unittest

from support import take_marks  # isort: skip
from cpython_memcheck_descriptors import DescriptorWatch


def left_by(leave_open):
    """The report after a call that returns the descriptors that it left open: (kind, path, count) of each."""
    watch = DescriptorWatch()
    descriptors = leave_open()
    watch.mark_left_open()
    for descriptor in descriptors:
        os.close(descriptor)
    return [(mark["kind"], mark["path"], mark["count"]) for mark in take_marks()]


def open_deleted(folder):
    descriptor, path = tempfile.mkstemp(dir=folder)
    os.unlink(path)
    return [descriptor]


class DescriptorWatchTest(unittest.TestCase):
    def test_nothing_is_reported_if_nothing_stays_open(self):
        self.assertEqual(left_by(list), [])

    def test_a_pipe_has_two_ends(self):
        self.assertEqual(left_by(os.pipe), [("pipe", None, 2)])

    def test_a_file_has_its_path_without_numbers(self):
        self.assertEqual(left_by(lambda: [os.open("/proc/self/status", os.O_RDONLY)]), [("file", "/proc/N/status", 1)])

    def test_a_deleted_file_has_no_path_for_it_is_often_a_random_one(self):
        self.assertEqual(left_by(lambda: open_deleted("/dev/shm")), [("temporary file", None, 1)])

    def test_shared_memory_has_no_path_for_its_name_is_random(self):
        with tempfile.NamedTemporaryFile(dir="/dev/shm") as file:
            self.assertEqual(left_by(lambda: [os.open(file.name, os.O_RDONLY)]), [("temporary file", None, 1)])

    def test_a_device_has_its_path_though_it_may_be_a_standard_stream_too(self):
        self.assertEqual(left_by(lambda: [os.open("/dev/null", os.O_RDONLY)]), [("file", "/dev/null", 1)])

    def test_a_copy_of_a_standard_stream_does_not_have_the_path_of_our_log(self):
        self.assertEqual(left_by(lambda: [os.dup(1), os.dup(2)]), [("copy of a standard stream", None, 2)])


if __name__ == "__main__":
    unittest.main()
