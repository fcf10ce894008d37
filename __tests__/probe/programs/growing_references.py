"""Repeatedly runs code that keeps or leaks more objects each time, and prints which references of each kind grow."""

import _hashlib
import collections
import json
import os
import sys

import cpython_memcheck_probe as probe
from cpython_memcheck_references import find_growing_references

JOURNAL = f"{sys.argv[1]}/journal"
# Neither is interned, so neither is immortal.
KEY, LEAKED = "".join(["a", "key"]), "".join(["a", "leaked", "key"])

kept = []


class Instance:
    pass


def keep_and_leak():
    instance = Instance()
    instance.__dict__[LEAKED] = 1
    kept.append(instance)
    probe.leak(LEAKED)


KINDS = {
    "dict": lambda: kept.append({KEY: 1}),
    "subclass of dict": lambda: kept.append(collections.Counter([KEY])),
    "code": lambda: kept.append(compile("1", KEY, "exec")),
    "untracked instance of a class": lambda: kept.append(_hashlib.openssl_md5()),
    "leak": lambda: probe.leak(LEAKED),
    "leak of a name of instances": keep_and_leak,
}


def growing(run):
    open(JOURNAL, "w").close()
    find_growing_references(run)
    with open(JOURNAL) as journal:
        marks = [json.loads(line.removeprefix("cpython-memcheck ")) for line in journal]
    return [mark.get("repr", mark["event"]) for mark in marks]


probe.start_journal(JOURNAL)
print(json.dumps({kind: growing(run) for kind, run in KINDS.items()}))
sys.stdout.flush()
os._exit(0)
