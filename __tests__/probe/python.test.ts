import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ROOT } from "../support/command.ts";

const FOLDER = join(import.meta.dirname, "python");

/** The system's python3 in an environment with pytest. */
function pythonWithPytest(): string {
  return join(execFileSync(join(ROOT, "scripts/pypi-tool"), ["pytest"], { encoding: "utf8" }).trim(), "python3");
}

suite("the runner's Python", () => {
  const python = pythonWithPytest();
  for (const name of readdirSync(FOLDER).filter((file) => /^test_\w+\.py$/.test(file))) {
    test(`the tests in python/${name} pass with the system's python3`, () => {
      const { status, stderr } = spawnSync(python, ["-W", "error", join(FOLDER, name)], { encoding: "utf8" });
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^Ran [1-9]\d* tests? in /m);
    });
  }
});
