import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { mergeAtoms, summarize } from "../../src/affected/code.ts";
import { makeFootprints } from "../../src/affected/footprints.ts";
import { type Changes, NO_CHANGES } from "../../src/git/changes.ts";
import { blameLeaks, blameNotes } from "../../src/stages/blame-notes.ts";
import type { Affected } from "../../src/stages/choose-affected.ts";
import { changedIn } from "../../src/stages/reached-stage.ts";
import { finding, inTest, run } from "../support/builders.ts";

const ran = (...functions: readonly string[]) => ({ functions: new Set(functions), files: new Set<string>() });

const AFFECTED: Affected = {
  kind: "some",
  chosen: new Map(),
  functions: ["codegen.c:forgets", "codegen.c:harmless"],
  rewritten: ["codegen.c:forgets", "added"],
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

const blamed = (functions: readonly string[]) => blameLeaks(AFFECTED, leaking(...functions), RUNS);

const BEGIN = { function: "forgets", file: "Python/codegen.c", line: 10 };
const PLACES = new Map([
  ["codegen.c:forgets", { site: BEGIN, stack: [10, 14, 20].map((line) => ({ ...frame("forgets"), ...BEGIN, line })) }],
]);
const changed = (from: number, to: number) => ({ moves: new Map(), lines: new Map([["Python/codegen.c", [[from, to] as const]]]) });
const places = (known: typeof PLACES, changes: Changes) =>
  blameNotes(blamed(["ste_new"]), known, changes).flatMap(({ functions }) => functions.map(({ name, file, line }) => [name, file, line]));

suite("a new leak", () => {
  test("a leak with an unchanged stack is attributed to the changed functions that may have caused it", () => {
    const [leak, ...more] = blamed(["ste_new"]);
    assert.deepEqual([leak?.suspects.map(({ name }) => name), more], [["forgets"], []]);
    const signatures = [...(leak?.signatures ?? [])];
    const functions = [{ name: "forgets", file: "Python/codegen.c", line: 10 }];
    assert.deepEqual(blameNotes(blamed(["ste_new"]), PLACES, NO_CHANGES), [
      { code: "leak-suspects", signatures, functions, cleanTests: 0 },
    ]);
  });

  test("leaks of one bug on several paths have the same suspects, by all of their test files", () => {
    const at = { site: { function: "ste_new", file: "Python/symtable.c", line: 102 } };
    const leak = (path: string, test: string) => ({
      status: "new" as const,
      isConfirmed: true,
      finding: { ...finding(path, { ...at, ...inTest(test) }), stack: [frame("ste_new")] },
    });
    const [one, ...more] = blameLeaks(AFFECTED, { findings: [leak("a", "test_x"), leak("b", "test_y")] }, RUNS);
    assert.deepEqual([one?.signatures.length, one?.suspects.map(({ name }) => name), more], [2, ["harmless"], []]);
  });

  test("a leak has the same suspects if a test file without a record has it, too, and none if no other has it", () => {
    const leakIn = (...tests: readonly string[]) =>
      blameLeaks(
        AFFECTED,
        {
          findings: tests.flatMap((name) =>
            leaking("ste_new").findings.map((one) => ({ ...one, finding: { ...one.finding, ...inTest(name) } })),
          ),
        },
        RUNS,
      );
    assert.deepEqual(
      leakIn("test_x", "test_new").flatMap(({ suspects }) => suspects.map(({ name }) => name)),
      ["forgets"],
    );
    assert.deepEqual(leakIn("test_new"), []);
  });

  test("a leak has no suspects with a changed function on its stack, nor in a check without a selection", () => {
    assert.deepEqual(blamed(["ste_new", "harmless"]), []);
    assert.deepEqual(blamed(["ste_new", "added"]), []);
    assert.deepEqual(blameLeaks({ kind: "any", why: "asked" }, leaking("ste_new"), RUNS), []);
  });

  test("a suspect is placed at the changed line nearest to its code, or else at its first line", () => {
    assert.deepEqual(places(PLACES, changed(15, 16)), [["forgets", "Python/codegen.c", 15]]);
    assert.deepEqual(places(PLACES, changed(5, 12)), [["forgets", "Python/codegen.c", 10]]);
    assert.deepEqual(places(PLACES, changed(300, 301)), [["forgets", "Python/codegen.c", 10]]);
    assert.deepEqual(places(new Map(), changed(15, 16)), [["forgets", null, null]]);
  });

  test("a suspect has the name that debug information gives it, which is readable in C++ and Rust", () => {
    const readable = new Map([["codegen.c:forgets", { site: { ...BEGIN, function: "Pool::forgets(int)" }, stack: [] }]]);
    assert.deepEqual(places(readable, NO_CHANGES), [["Pool::forgets(int)", "Python/codegen.c", 10]]);
  });
});

test("an error with a new function on its stack is one of the change", () => {
  assert.deepEqual(changedIn(AFFECTED), {
    changed: ["codegen.c:forgets", "codegen.c:harmless", "added"],
    everywhere: new Set(),
    namesakes: new Set(),
  });
});
