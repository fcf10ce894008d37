import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { listSharedObjects, listSourceFiles } from "../../src/system/source-files.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

test("source files are listed by path, without hidden folders, npm packages and targets of links", async () => {
  const folder = temporaryFolder();
  const names = ["x.c", "src/y.cpp", "src/deep/z.rs", "src/y.py", ".git/a.c", "node_modules/b/b.c", "docs/readme.md"];
  writeFiles(folder, Object.fromEntries(names.map((name) => [name, ""])));
  symlinkSync(folder, join(folder, "loop"));
  symlinkSync("/dev/zero", join(folder, "endless.c"));
  assert.deepEqual((await listSourceFiles(folder)).toSorted(), ["src/deep/z.rs", "src/y.cpp", "x.c"]);
});

test("source files are listed without headers of packages that are installed in the folder", async () => {
  const folder = temporaryFolder();
  const others = ["deps/numpy-2.dist-info/RECORD", "deps/numpy/ndarraytypes.h", "venv/pyvenv.cfg", "venv/include/greenlet.h"];
  writeFiles(folder, Object.fromEntries(["src/x.c", ...others].map((name) => [name, ""])));
  assert.deepEqual(await listSourceFiles(folder), ["src/x.c"]);
  writeFiles(folder, { "pytest-9.dist-info/RECORD": "" });
  assert.deepEqual(await listSourceFiles(folder), ["src/x.c"]);
});

test("shared objects are listed without those of virtual environments, installed packages and wheel builds", async () => {
  const folder = temporaryFolder();
  const others = [
    "venv/pyvenv.cfg",
    "venv/lib/x.so",
    "env/site-packages/y.so",
    "build/lib.linux-x86_64/z.so",
    "target/debug/deps/p.so",
    ".hidden/w.so",
    "so.py",
  ];
  writeFiles(
    folder,
    Object.fromEntries(["a.so", "src/b.cpython-313.so", "libs/c.so.1.2", "build/cp313/d.so", ...others].map((name) => [name, ""])),
  );
  symlinkSync("c.so.1.2", join(folder, "libs/c.so.1"));
  symlinkSync("/dev/zero", join(folder, "libs/endless.so"));
  const own = ["a.so", "build/cp313/d.so", "libs/c.so.1", "libs/c.so.1.2", "src/b.cpython-313.so"];
  assert.deepEqual((await listSharedObjects(folder)).toSorted(), own);
  assert.deepEqual(await listSharedObjects(join(folder, "build/lib.linux-x86_64")), ["z.so"]);
});

test("a folder that is not there has no source files", async () => {
  assert.deepEqual(await listSourceFiles(join(temporaryFolder(), "missing")), []);
});
