import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { listSourceFiles } from "../../src/system/source-files.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

test("source files are listed by path, without hidden folders, npm packages and targets of links", async () => {
  const folder = temporaryFolder();
  const names = ["x.c", "src/y.cpp", "src/deep/z.rs", "src/y.py", ".git/a.c", "node_modules/b/b.c", "docs/readme.md"];
  writeFiles(folder, Object.fromEntries(names.map((name) => [name, ""])));
  symlinkSync(folder, join(folder, "loop"));
  symlinkSync("/dev/zero", join(folder, "endless.c"));
  assert.deepEqual((await listSourceFiles(folder)).toSorted(), ["src/deep/z.rs", "src/y.cpp", "x.c"]);
});

test("a folder that is not there has no source files", async () => {
  assert.deepEqual(await listSourceFiles(join(temporaryFolder(), "missing")), []);
});
