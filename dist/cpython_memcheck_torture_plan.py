"""Which allocations are made to fail, and in which test."""

import os
import re
import struct
import sys
import zlib

import cpython_memcheck_probe as probe

# Functions that allocate for their caller, as in src/findings/cpython-functions.ts: they are not part of a site.
ALLOCATORS = re.compile(
    r"(_?PyMem_.*|_?PyObject_(Malloc|Calloc|Realloc)|_PyObject_(Malloc|Realloc|Calloc)WithType|_?PyObject_(GC_)?New(Var)?"
    r"|_?PyObject_GC_(Malloc|Calloc|NewVar|Resize)|gc_alloc|_PyType_AllocNoTrack|PyType_GenericAlloc|PyType_GenericNew"
    r"|(_*interceptor_)?(malloc|calloc|realloc)|_*str(n)?dup)"
)

# Functions in which allocations never fail, with the reason.
SPARED = {
    r"(_?PyImport_|import_|_imp_|exec_code_in_module).*": "an import that fails leaves half of a module, and what follows proves nothing",
    r"(_?PyTraceMalloc_|tracemalloc_|traceback_new).*": "tracemalloc ends the process when it has no memory for itself",
    r"Py_(Initialize|Finalize|NewInterpreter|EndInterpreter).*": "start and end of an interpreter: a failure there is fatal",
    r"new_interpreter|_?PyInterpreterState_New": "the same",
    r"_?Py_FatalError.*|fatal_error.*|faulthandler_.*": "the process ends anyway",
    r"(PyOS_AfterFork|_PyRuntimeState_ReInit|_PyImport_ReInit|run_at_forkers).*": "a fork that fails half way ends the process",
}
SPARED_PATTERN = re.compile("|".join(f"(?:{pattern})" for pattern in SPARED))

# Its functions allocate to load libraries, which is part of an import, and for thread-local variables, without which the process ends.
SPARED_LIBRARY = re.compile(r"/ld[-.][^/]*$")


def is_allocator(name):
    return ALLOCATORS.fullmatch(name.partition(".")[0]) is not None


def teach(symbols, functions=None, of_extensions=False):
    """Gives the injector the addresses of functions, and which are watched: all, some by name, or those of loaded extensions."""
    symbols.refresh()
    allocators, spared, watched = [], [], []
    for image in symbols.all_images():
        if image is None:
            continue
        allocators += image.ranges(is_allocator)
        spared += image.ranges(lambda name: SPARED_PATTERN.fullmatch(name.partition(".")[0]))
        watched += image.ranges(lambda name: name.partition(".")[0] in (functions or ()))
    if of_extensions:
        files = extension_files()
        watched += [(start, end) for start, end, path, _ in symbols.code if path in files]
    spared += [(start, end) for start, end, path, _ in symbols.code if SPARED_LIBRARY.search(path)]
    code = [(start, end) for start, end, path, _ in symbols.code if not path.endswith("/torture.so")]
    # Names of functions that are not loaded are watched, too: at no address.
    watched += [(0, 0)] if (functions is not None or of_extensions) and not watched else []
    for kind, ranges in enumerate((allocators, spared, code, watched)):
        probe.torture_set(kind, b"".join(struct.pack("QQ", start, end) for start, end in merge(ranges)))


def extension_files():
    """Shared objects of modules that belong neither to the interpreter nor to us."""
    modules = [(name.partition(".")[0], getattr(module, "__file__", None)) for name, module in list(sys.modules.items())]
    return {
        os.path.realpath(file)
        for package, file in modules
        if isinstance(file, str) and ".so" in file and package not in sys.stdlib_module_names and package != "cpython_memcheck_probe"
    }


def merge(ranges):
    merged = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def unpack_frames(packed):
    return struct.unpack(f"{len(packed) // 8}Q", packed)


def function_of(key):
    """The function of a key in the record of a build (src/affected), as in stacks: `codegen.c:f.constprop.0` is `f`."""
    return key.rpartition(":")[2].partition(".")[0]


class Plan:
    """Each site once, in the fastest test that reaches it."""

    def __init__(self, symbols, torture):
        self.symbols, self.torture = symbols, torture
        self.best = {}
        self.names = {}

    def add(self, test, seconds, sites):
        for site in sites:
            if site not in self.best or seconds < self.best[site][0]:
                self.best[site] = seconds, test

    def names_of(self, site):
        """The functions of a site, innermost first: the same in each build of the same source."""
        if site not in self.names:
            self.names[site] = tuple(self.symbols.name_of(address) for address in unpack_frames(probe.torture_site(site)))
        return self.names[site]

    def is_chosen(self, site):
        index, count = self.torture.slice
        return zlib.crc32(" ".join(self.names_of(site)).encode()) % count == index

    def by_test(self):
        """(test, sites) for each test, sites in the order of their names, which does not depend on addresses."""
        chosen = {}
        for site, (_, test) in self.best.items():
            if self.is_chosen(site):
                chosen.setdefault(id(test), (test, []))[1].append(site)
        for test, sites in chosen.values():
            yield test, sorted(sites, key=lambda site: (self.names_of(site), unpack_frames(probe.torture_site(site))))
