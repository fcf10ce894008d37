import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";

const FOLDER = join(import.meta.dirname, "python");

suite("the runner's Python", () => {
  for (const name of readdirSync(FOLDER).filter((file) => /^test_\w+\.py$/.test(file))) {
    test(`the tests in python/${name} pass with the system's python3`, () => {
      const { status, stderr } = spawnSync("python3", ["-W", "error", join(FOLDER, name)], { encoding: "utf8" });
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^Ran [1-9]\d* tests? in /m);
    });
  }
});
