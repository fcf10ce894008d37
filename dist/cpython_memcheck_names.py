"""Names of pytest's files and tests, as paths from the folder in which the command runs.

pytest's own ids begin in its root folder, which is often another one: that of the innermost pyproject.toml. A person runs `pytest ID` where
the command ran, and `.memcheck.toml` names files the same way.
"""

import functools
import os


def file_name(path, nodeid, folder):
    return name_of(path, nodeid.partition("::")[0], folder)


def test_name(path, nodeid, folder):
    own, *rest = nodeid.partition("::")
    return "".join([name_of(path, own, folder), *rest])


# All names are made while tests are collected: later, a test may have replaced what is called here.
@functools.cache
def name_of(path, own, folder):
    """A file outside of the folder keeps pytest's name, since its path may differ on another machine: `--pyargs` takes installed tests."""
    below = os.path.relpath(path, folder)
    if below != os.curdir and below.split(os.sep)[0] != os.pardir:
        return below
    # Two files must not have the same name.
    return below if own and os.path.isfile(os.path.join(folder, own)) else own
