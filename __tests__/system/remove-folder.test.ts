import assert from "node:assert/strict";
import { chmodSync, existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { removeFolder } from "../../src/system/remove-folder.ts";
import { asUser } from "../support/as-user.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

suite("a folder that tests wrote to", () => {
  test("a folder that tests wrote to is removed with folders that they made read-only, and nothing that its links lead to", async () => {
    const [parent, elsewhere] = [temporaryFolder(), temporaryFolder()];
    const [left, inner, other] = [join(parent, "left"), join(parent, "left/locked"), join(elsewhere, "locked")];
    writeFiles(inner, { "file.txt": "" });
    writeFiles(other, { "file.txt": "" });
    symlinkSync(other, join(inner, "link"));
    for (const folder of [inner, other]) chmodSync(folder, 0o555);
    await asUser([parent, left, inner], () => removeFolder(left));
    assert.deepEqual([existsSync(left), existsSync(join(other, "file.txt"))], [false, true]);
    chmodSync(other, 0o755);
  });

  test("a folder that tests wrote to may be gone", async () => {
    await removeFolder(join(temporaryFolder(), "gone"));
  });
});
