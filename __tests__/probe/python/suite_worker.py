"""A worker as the check starts it, with the stand-in for the compiled probe, that runs all files of a project's tests."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass

from support import HERE, PROBE  # isort: skip
from cpython_memcheck_leaks import MARK


@dataclass
class FileRun:
    exit: int
    marks: list
    log: str

    @property
    def stop(self):
        """The state, and how many tests ran; None if the file did not come to its end."""
        return next(((mark["state"], mark["ran"]) for mark in self.marks if mark["event"] == "file-stop"), None)

    @property
    def started(self):
        return [mark["id"] for mark in self.marks if mark["event"] == "test-start"]


class SuiteTest(unittest.TestCase):
    """Each test has a folder for a project, and one for temporary files."""

    def setUp(self):
        # Of the environment that the worker gets.
        self.variables = {}
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.scratch = self.enterContext(tempfile.TemporaryDirectory())
        # pytest's root folder.
        self.write("pytest.ini", "[pytest]\n")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def environment(self, folder):
        own = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": HERE, "MARKS_FOLDER": folder, "TMPDIR": self.scratch}
        return {**os.environ, **own, **self.variables}

    def serve(self, *args, suite="pytest", options=()):
        """Runs each file that the worker has collected. Returns their results, by their names in the worker's order."""
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            output = stack.enter_context(open(f"{folder}/worker.log", "w+"))
            reading, writing = os.pipe()
            messages = stack.enter_context(os.fdopen(reading))
            command = [sys.executable, f"{PROBE}/runner.py", "serve", "--control", str(writing), "--reports", folder, "--logs", folder]
            worker = stack.enter_context(
                subprocess.Popen(
                    [*command, "--suite", suite, *options, "--", *args],
                    cwd=self.folder,
                    env=self.environment(folder),
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=output,
                    pass_fds=[writing],
                )
            )
            os.close(writing)
            ready = messages.readline()
            if not ready:
                output.seek(0)
                self.fail(f"The worker did not start:\n{output.read()}")
            names = [file["name"] for file in json.loads(ready)["files"]]
            return {name: self.run_file(worker, messages, folder, name) for name in names}

    def run_file(self, worker, messages, folder, name):
        order = {"name": name, "references": False, "leaveOut": "", "log": "file.log"}
        worker.stdin.write((json.dumps(order, separators=(",", ":")) + "\n").encode())
        worker.stdin.flush()
        pid = json.loads(messages.readline())["pid"]
        end = messages.readline()
        # Without a fork the worker itself ends.
        exit = json.loads(end)["exit"] if end else worker.wait()
        with open(f"{folder}/{pid}.marks") as file:
            marks = [json.loads(line.removeprefix(MARK)) for line in file]
        with open(f"{folder}/file.log", errors="replace") as file:
            log = file.read()
        os.unlink(f"{folder}/file.log")
        return FileRun(exit, marks, log)
