import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeAtoms, summarize } from "../../src/affected/code.ts";
import { makeFootprints } from "../../src/affected/footprints.ts";
import { blameNotes } from "../../src/stages/blame-notes.ts";
import type { Affected } from "../../src/stages/choose-affected.ts";
import { finding, inTest, run } from "../support/builders.ts";

const ran = (...functions: readonly string[]) => ({ functions: new Set(functions), files: new Set<string>() });

const AFFECTED: Affected = {
  kind: "some",
  chosen: new Map(),
  functions: ["codegen.c:forgets", "codegen.c:harmless"],
  scanned: [],
  footprints: makeFootprints({
    sha: null,
    code: summarize(
      mergeAtoms([["codegen.c:forgets", "codegen.c:harmless"].map((key) => ({ key, kind: "function", hash: "aa", references: [] }))]),
    ),
    sources: new Map(),
    watched: new Set(["codegen.c:forgets", "codegen.c:harmless"]),
    shared: ran(),
    tests: new Map([
      ["test_x", ran("codegen.c:forgets", "codegen.c:harmless")],
      ["test_y", ran("codegen.c:harmless")],
    ]),
  }),
};

const leaking = (...functions: string[]) => ({
  findings: [
    { status: "new" as const, isConfirmed: true, finding: { ...finding("ste_new", inTest("test_x")), stack: functions.map(frame) } },
  ],
});
const frame = (name: string) => ({ ...BASE, function: name });
const BASE = { file: null, line: null, object: null, role: "key" as const };

const RUNS = [run({ name: "test_x" }), run({ name: "test_y" })];

test("a leak whose stack did not change has a note with the functions that may have forgotten it", () => {
  const { findings } = leaking("ste_new");
  const signature = findings[0]?.finding.signature ?? "";
  assert.deepEqual(blameNotes(AFFECTED, { findings }, RUNS), [{ code: "leak-suspects", signature, functions: ["forgets"], cleanTests: 0 }]);
});

test("a leak with a changed function on its stack has none, nor has one of a check that chose by no change", () => {
  assert.deepEqual(blameNotes(AFFECTED, leaking("ste_new", "harmless"), RUNS), []);
  assert.deepEqual(blameNotes({ kind: "any", why: "asked" }, leaking("ste_new"), RUNS), []);
});
