import assert from "node:assert/strict";
import { test } from "node:test";
import { folderAt } from "../../src/build/build-folder.ts";
import { concernsMake } from "../../src/build/make.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

test("make is concerned with a changed library file only if it freezes that file", () => {
  const folder = folderAt(temporaryFolder());
  writeFiles(folder.tree, { Makefile: "FROZEN_FILES_IN = \\\n\t\tLib/os.py \\\n\t\tLib/__phello__/spam.py\n" });
  const concerned = (...changed: readonly string[]): boolean => concernsMake(folder, changed);
  assert.deepEqual([concerned(), concerned("Lib/csv.py", "Lib/test/test_os.py")], [false, false]);
  assert.deepEqual(
    [concerned("Lib/csv.py", "Lib/os.py"), concerned("Lib/__phello__/spam.py"), concerned("Modules/_csv.c")],
    [true, true, true],
  );
});
