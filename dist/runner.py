"""Runs test files, or one command line, inside the checked interpreter and notes events in the report of memcheck or the scan.

    python runner.py serve --control FD [--reports FOLDER] [--memcheck-log FILE | --scan] [--logs FOLDER]
                            [--leak-check-per file|class|test] [--suite regrtest|pytest|unittest] [-- ARGS…]
    python runner.py test test_csv
    python runner.py command ci/check.py --fast
    python runner.py look [--scan] test_csv
    python runner.py look [--scan] --suite pytest tests/test_x.py tests

`serve` is the live leak check: an interpreter that has imported the test machinery reads which test files to run from its standard input,
one per line, and forks for each; ARGS are what regrtest, pytest or unittest gets. Under memcheck a fork costs a fraction of a second where
a start takes many, and a test can only hurt its own child.

Marks are lines in the report: what begins and ends, by the ids that unittest gives its tests.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import cpython_memcheck_probe as probe
from cpython_memcheck_command import run_command
from cpython_memcheck_look import look
from cpython_memcheck_regrtest import run_test_file
from cpython_memcheck_suites import serve

# Python has put it there, too: now `import runner` finds a project's module, or none.
sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != sys.path[0]]

if __name__ == "__main__":
    if sys.argv[1] == "look":
        look(sys.argv[2:])
    probe.plant_errors(False)
    if sys.argv[1] == "serve":
        serve(sys.argv[2:])
    elif sys.argv[1] == "test":
        run_test_file(sys.argv[2])
    else:
        run_command(sys.argv[2:])
