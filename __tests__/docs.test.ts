import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

for (const [page, least] of [
  ["threat-model", 30],
  ["attacks", 40],
] as const) {
  test(`docs/${page}.md names tests that exist`, () => {
    const text = readFileSync(join(import.meta.dirname, "..", "docs", `${page}.md`), "utf8");
    const named = [...text.matchAll(/`([\w/-]+(?:\.test)?\.ts)`/g)].map(([, name = ""]) => name);
    assert.ok(named.length > least);
    assert.deepEqual(
      named.filter((name) => !existsSync(join(import.meta.dirname, name))),
      [],
    );
  });
}
