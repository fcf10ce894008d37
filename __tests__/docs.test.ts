import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

test("the threat model names tests that exist", () => {
  const text = readFileSync(join(import.meta.dirname, "..", "docs", "threat-model.md"), "utf8");
  const named = [...text.matchAll(/`([\w/-]+(?:\.test)?\.ts)`/g)].map(([, name = ""]) => name);
  assert.ok(named.length > 30);
  assert.deepEqual(
    named.filter((name) => !existsSync(join(import.meta.dirname, name))),
    [],
  );
});
