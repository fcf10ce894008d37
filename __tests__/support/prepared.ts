import type { PreparedBuild } from "../../src/build/prepare.ts";
import type { Recipe } from "../../src/build/recipe.ts";
import type { SourceTree } from "../../src/build/source.ts";
import type { Toolchain } from "../../src/build/toolchain.ts";

export const TOOLCHAIN: Toolchain = {
  compiler: "gcc",
  compilerVersion: "gcc (Debian 12.2.0-14) 12.2.0",
  libc: "glibc 2.36",
  architecture: "x86_64",
  valgrind: "3.19.0",
};

const RECIPE: Recipe = { configureArgs: ["--with-valgrind", "--without-pymalloc"], toolchain: TOOLCHAIN };

export const SOURCE: SourceTree = {
  path: "/checkout",
  version: "3.13.5",
  hasFreelistsOption: true,
  files: new Map([["Modules/_csv.c", { hash: "aa", kind: "file" }]]),
  contentHash: "0123",
  commit: null,
};

/** What is checked: a built CPython. */
export const PREPARED: PreparedBuild = {
  source: SOURCE,
  recipe: RECIPE,
  python: {
    path: "/builds/tree/python",
    version: "3.13.5",
    tree: "/builds/tree",
    roots: ["/cpython", "/builds/tree"],
    freeThreaded: false,
    framePointers: true,
    suppressions: { all: "/builds/tree/Misc/valgrind-python.supp", definiteLeaks: "/builds/definite-leaks.supp" },
    probe: {
      runner: "/builds/probe/runner.py",
      preload: "/builds/probe/preload.so",
      marker: "/builds/probe/marker.so",
      footprint: "/builds/probe/footprint.so",
      torture: "/builds/probe/torture.so",
      children: { follow: "/builds/probe/follow.so", look: "/builds/probe/children.so" },
      lifecycle: { library: "/builds/probe/lifecycle.so", script: "/builds/probe/cpython_memcheck_lifecycle.py" },
    },
    build: { kind: "warm", seconds: 3.25 },
  },
  [Symbol.asyncDispose]: async () => {},
};
