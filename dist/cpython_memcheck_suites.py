"""The runners of a worker's tests: regrtest for CPython's own, pytest or unittest for a project's."""

import os
import sys

from cpython_memcheck_worker import parse_options

HERE = os.path.dirname(os.path.realpath(__file__))


def serve(args):
    options = parse_options(args)
    runner_of(options.suite, options.script).serve(options)


def runner_of(suite, is_script):
    sys.path.insert(0, HERE)
    if suite != "regrtest" and not is_script:
        # Like `python -m pytest`.
        sys.path.insert(0, os.getcwd())
    # pytest belongs to the project, and is only there if a project's tests run.
    if suite == "pytest":
        import cpython_memcheck_pytest as runner
    elif suite == "unittest":
        import cpython_memcheck_unittest as runner
    else:
        import cpython_memcheck_regrtest as runner
    sys.path.remove(HERE)
    return runner
