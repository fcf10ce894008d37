"""Starts interpreters as a test does, follows them, and prints how each ended: its exit code, its output, the last line of its record, and
the number of leaks in it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

OWN = ("LD_PRELOAD", "LSAN_OPTIONS", "PYTHONPATH")
own = {name: os.environ.pop(name) for name in OWN}

import cpython_memcheck_probe as probe  # noqa: E402

LIMIT = "import resource; limit = lambda kind, size: resource.setrlimit(getattr(resource, 'RLIMIT_' + kind), (size, size)); "

CHILDREN = {
    "healthy": "pass",
    "few descriptors": LIMIT + "limit('NOFILE', 4)",
    "little memory": LIMIT + "limit('AS', 2**30)",
    # For root only the namespace has an effect, and for others only the limit.
    "no process": LIMIT + "limit('NPROC', 0); import ctypes; ctypes.CDLL(None).unshare(0x20000000)",
    "no file": LIMIT + "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); limit('FSIZE', 0)",
}

# Several: one may seem alive by chance.
CYCLES = "class A: pass\\nfor _ in range(9): a = A(); a.a = a"
GARBAGE = f"import _xxsubinterpreters as i; kept = i.create(); i.run_string(kept, '{CYCLES}')"

VARIABLES = f"import os; print([name for name in {(*OWN, 'CPYTHON_MEMCHECK_CHILDREN')} if name in os.environ])"


def start(folder, code):
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output, _ = child.communicate()
    lines = [line for path in pathlib.Path(folder).glob(f"{child.pid}-*") for line in path.read_text().splitlines()]
    return [child.returncode, output.strip(), lines[-1] if lines else "", sum("leak of" in line for line in lines)]


folder = sys.argv[1]
os.mkdir(folder)
assert probe.follow_children(folder)
ends = {name: start(folder, code) for name, code in CHILDREN.items()}
ends["garbage"] = start(folder, GARBAGE)
ends["variables"] = start(folder, VARIABLES)
# Like a child of another user, it can't write its record.
shutil.rmtree(folder)
ends["variables without a record"] = start(folder, VARIABLES)
print(json.dumps(ends))
sys.stdout.flush()
os._exit(0)
