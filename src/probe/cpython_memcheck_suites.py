"""What runs the tests of a worker: regrtest for CPython's own, pytest or unittest for a project's."""

import os
import sys

from cpython_memcheck_worker import parse_options


def serve(args):
    options = parse_options(args)
    runner_of(options.suite, options.script).serve(options)


def runner_of(suite, is_script):
    if suite != "regrtest" and not is_script:
        # As for `python -m pytest`.
        sys.path.insert(0, os.getcwd())
    # pytest is the project's, and only there where it is asked for.
    if suite == "pytest":
        import cpython_memcheck_pytest as runner
    elif suite == "unittest":
        import cpython_memcheck_unittest as runner
    else:
        import cpython_memcheck_regrtest as runner
    return runner
