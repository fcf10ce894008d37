import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { writeAtomically } from "../../src/system/atomic-write.ts";
import { temporaryFolder } from "../support/folders.ts";

suite("a file that is written as a whole", () => {
  test("writing a file as a whole removes files left by writers that were killed hours ago, and nothing else", async () => {
    const folder = temporaryFolder();
    const leftovers = [`file.${randomUUID()}.new`, "file.1.new", `file.${process.pid}.new`];
    const others = [`other.${randomUUID()}.new`, "file.new", "file.backup.new"];
    const living = [`file.${randomUUID()}.new`, "file.999999999.new"];
    for (const name of [...leftovers, ...others, ...living]) writeFileSync(join(folder, name), "");
    const hoursAgo = new Date(Date.now() - 2 * 3600 * 1000);
    for (const name of [...leftovers, ...others]) utimesSync(join(folder, name), hoursAgo, hoursAgo);
    await writeAtomically(join(folder, "file"), "text");
    assert.deepEqual(readdirSync(folder).sort(), ["file", ...others, ...living].sort());
  });

  test("a file that is written as a whole replaces a link in its place, and does not follow it", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "other"), "precious");
    symlinkSync("other", join(folder, "file"));
    await writeAtomically(join(folder, "file"), "text");
    assert.deepEqual(
      ["other", "file"].map((name) => readFileSync(join(folder, name), "utf8")),
      ["precious", "text"],
    );
  });

  test("a file that is written as a whole can be written by many at once", async () => {
    const folder = temporaryFolder();
    await Promise.all(Array.from({ length: 20 }, (_, index) => writeAtomically(join(folder, "file"), `${index}`)));
    assert.deepEqual(readdirSync(folder), ["file"]);
  });
});
