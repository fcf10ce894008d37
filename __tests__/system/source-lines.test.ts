import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { readSourceLines } from "../../src/system/source-lines.ts";
import { temporaryFolder } from "../support/folders.ts";

suite("the lines of a source file", () => {
  test("the lines of a source file are read from the file below the folder, if its content is as expected", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "Modules"));
    writeFileSync(join(root, "Modules", "_x.c"), "one\ntwo\n");
    const sha256 = createHash("sha256").update("one\ntwo\n").digest("hex");
    assert.deepEqual(await readSourceLines(root, "Modules/_x.c"), ["one", "two", ""]);
    assert.deepEqual(await readSourceLines(root, "Modules/_x.c", sha256), ["one", "two", ""]);
    assert.equal(await readSourceLines(root, "Modules/_x.c", sha256.replace(/./g, "0")), undefined);
  });

  test("the lines of a source file are unknown if it was replaced by a link, a pipe, a folder, a device or a huge file", async () => {
    const [root, outside] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(outside, "secret"), "secret");
    symlinkSync(join(outside, "secret"), join(root, "link"));
    symlinkSync(outside, join(root, "folder"));
    symlinkSync("/dev/zero", join(root, "endless"));
    execFileSync("mkfifo", [join(root, "pipe")]);
    execFileSync("truncate", ["--size=1G", join(root, "huge")]);
    const names = [
      "link",
      "folder/secret",
      "endless",
      "pipe",
      "huge",
      "folder",
      ".",
      "missing",
      "../x",
      `../${outside.split("/").at(-1)}/secret`,
    ];
    for (const name of [...names, join(outside, "secret"), "a\0b"]) assert.equal(await readSourceLines(root, name), undefined, name);
  });

  test("the lines of a source file are unknown if a link replaced the folder", async () => {
    const [root, other] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(root, "x.c"), "x");
    symlinkSync(root, join(other, "root"));
    assert.equal(await readSourceLines(join(other, "root"), "x.c"), undefined);
  });
});
