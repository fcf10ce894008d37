import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { FREE_THREADED_SUPPRESSIONS } from "../../src/build/free-threaded.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

/** Reads freed memory: through inlined functions, as CPython takes a reference without a lock, and directly. */
const PROGRAM = `
#include <stdint.h>
#include <stdlib.h>
static inline uint32_t load_local(uint32_t *at) { return __atomic_load_n(at, __ATOMIC_RELAXED); }
static inline int64_t load_shared(int64_t *at) { return __atomic_load_n(at, __ATOMIC_RELAXED); }
static inline int _Py_TryIncrefFast(uint32_t *count) { return load_local(count) + 1 == 0; }
static inline int _Py_TryIncRefShared(int64_t *count) { return load_shared(count) != 3; }
__attribute__((noipa)) int take_reference(void *object) { rand(); return _Py_TryIncrefFast(object) || _Py_TryIncRefShared(object); }
__attribute__((noipa)) int use(void *object) { rand(); return load_shared(object) == 5; }
int main(void) {
    int64_t *volatile object = calloc(1, 16);
    free(object);
    return take_reference(object) + use(object) > 5;
}
`;

suite("the suppressions of free-threaded builds", () => {
  const folder = temporaryFolder();
  before(() => {
    writeFiles(folder, { "program.c": PROGRAM, "own.supp": FREE_THREADED_SUPPRESSIONS });
    execFileSync("gcc", ["-g", "-O2", "-w", "-o", "program", "program.c"], { cwd: folder });
  });

  const readers = (...options: readonly string[]): readonly string[] => {
    const words = ["--command-line-only=yes", "-q", ...options, join(folder, "program")];
    const { stderr } = spawnSync("valgrind", words, { encoding: "utf8", timeout: 60_000 });
    return [...stderr.matchAll(/by 0x\w+: (take_reference|use) /g)].map(([, name = ""]) => name);
  };

  test("the suppressions of free-threaded builds hide lock-free reads of a freed object's reference count, and no other read", () => {
    assert.deepEqual(readers(), ["take_reference", "take_reference", "use"]);
    assert.deepEqual(readers(`--suppressions=${join(folder, "own.supp")}`), ["use"]);
  });
});
