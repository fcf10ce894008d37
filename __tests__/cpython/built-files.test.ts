import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { folderAt, isAsItWasBuilt, type Stamp } from "../../src/cpython/build-folder.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const MODULE = "build/lib.linux-x86_64-3.13/_csv.so";

function built(): { readonly tree: string; readonly isBelieved: () => boolean } {
  const folder = folderAt(temporaryFolder());
  writeFiles(folder.tree, { python: "program", [MODULE]: "module", "Lib/csv.py": "" });
  const stamp: Stamp = { stampVersion: 3, key: "k", state: "built", tree: folder.tree, time: Date.now() + 1, files: {} };
  return { tree: folder.tree, isBelieved: () => isAsItWasBuilt(folder, stamp) };
}

suite("a build is believed", () => {
  test("as long as nobody has written to its interpreter and modules", async () => {
    const { tree, isBelieved } = built();
    assert.ok(isBelieved());
    await new Promise((done) => setTimeout(done, 20));
    writeFileSync(join(tree, "Lib", "test_new.py"), "");
    assert.ok(isBelieved());
    writeFileSync(join(tree, MODULE), "another");
    assert.ok(!isBelieved());
  });

  test("not where its interpreter is empty or gone", () => {
    const { tree, isBelieved } = built();
    truncateSync(join(tree, "python"));
    assert.ok(!isBelieved());
  });
});
