import assert from "node:assert/strict";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { writeWhole } from "../../src/system/whole-file.ts";
import { temporaryFolder } from "../support/folders.ts";

suite("a file that is written as a whole", () => {
  test("takes with it what earlier writers left who were killed, and nothing else", async () => {
    const folder = temporaryFolder();
    const living = `file.${process.ppid}.new`;
    for (const name of ["file.999999999.new", `file.${process.pid}.new`, living, "other.999999999.new", "file.new"])
      writeFileSync(join(folder, name), "");
    await writeWhole(join(folder, "file"), "text");
    assert.deepEqual(readdirSync(folder).sort(), ["file", living, "file.new", "other.999999999.new"].sort());
  });

  test("goes to no other place by a link that stands in its way", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "other"), "precious");
    for (const name of ["file", `file.${process.pid}.new`]) symlinkSync("other", join(folder, name));
    await writeWhole(join(folder, "file"), "text");
    assert.deepEqual(
      ["other", "file"].map((name) => readFileSync(join(folder, name), "utf8")),
      ["precious", "text"],
    );
  });
});
