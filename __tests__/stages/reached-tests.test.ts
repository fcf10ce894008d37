import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { mergeAtoms, summarize } from "../../src/affected/code.ts";
import { makeFootprints } from "../../src/affected/footprints.ts";
import type { Cause } from "../../src/affected/selection.ts";
import { affectedMessage } from "../../src/report/affected-messages.ts";
import type { AffectedSome } from "../../src/stages/choose-affected.ts";
import type { Budget } from "../../src/stages/memcheck-budget.ts";
import { chooseReached, reachedNote } from "../../src/stages/reached-tests.ts";

const runs = (...functions: readonly string[]) => ({ functions: new Set(functions), files: new Set<string>() });

const FUNCTIONS = ["f", "g", "everyone's"];
const TESTS = new Map([
  ["test_all", runs("f", "g")],
  ["test_f", runs("f")],
  ["test_g", runs("g")],
  ["test_known", runs("f")],
]);

const AFFECTED: AffectedSome = {
  kind: "some",
  chosen: new Map<string, readonly Cause[]>([
    ...[...TESTS.keys()].map((name) => [name, [{ code: "function", name: "f" }]] as const),
    ["test_new", [{ code: "file", name: "Lib/test/test_new.py" }]] as const,
    ["test_lost", [{ code: "unrecorded" }]] as const,
  ]),
  functions: FUNCTIONS,
  rewritten: FUNCTIONS,
  scanned: [],
  footprints: makeFootprints({
    sha: null,
    code: summarize(mergeAtoms([FUNCTIONS.map((key) => ({ key, kind: "function", hash: "aa", references: [] }))])),
    sources: new Map(),
    watched: new Set(FUNCTIONS),
    shared: runs("everyone's"),
    tests: TESTS,
  }),
};

const scanned = new Map([
  ["test_all", 10],
  ["test_f", 1],
  ["test_g", 1],
  ["test_known", 0.1],
  ["test_new", 1],
]);
const BUDGET: Budget = { budget: 1000, width: 1, recorded: new Map(), scanned };

const chosen = (budget: Partial<Budget> = {}, isSuitable = (_: string): boolean => true) =>
  chooseReached(AFFECTED, isSuitable, { ...BUDGET, ...budget });

suite("the test files that memcheck looks at for a change", () => {
  test("reached test files are the fastest ones that reach all changed functions and files", () => {
    assert.deepEqual(chosen(), { names: ["test_known", "test_g", "test_new"], targets: 3, covered: 3 });
  });

  test("one reached test file is selected for several functions if that is faster", () => {
    const cheap = new Map([...scanned, ["test_all", 0.01]]);
    assert.deepEqual(chosen({ scanned: cheap }).names, ["test_all", "test_new"]);
  });

  test("reached test files do not exceed the budget, and the note counts the rest", () => {
    const cut = chosen({ budget: 40 });
    assert.deepEqual(cut, { names: ["test_known", "test_g"], targets: 3, covered: 2 });
    assert.equal(
      affectedMessage({ ...note(cut, 40) }),
      "Memcheck checked test_known, test_g, which reach 2 of 3 changed functions and files; more does not fit into `memcheck-budget` (40 s).",
    );
    assert.deepEqual(chosen({ budget: "none" }), { names: [], targets: 3, covered: 0 });
  });

  test("reached test files include those with errors in the baseline, if they fit", () => {
    const recorded = new Map([
      ["test_f", 5],
      ["test_other", 1],
    ]);
    assert.deepEqual(chosen({ recorded }).names, ["test_known", "test_g", "test_new", "test_f"]);
  });

  test("reached test files are all suitable for memcheck", () => {
    const none = chosen({}, () => false);
    assert.deepEqual(none, { names: [], targets: 0, covered: 0 });
    assert.match(affectedMessage(note(none, "all")), /no suitable one runs the changed code/);
  });
});

function note(reached: ReturnType<typeof chosen>, budget: Budget["budget"]) {
  const made = reachedNote(reached, { budget });
  assert.ok(made.code === "memcheck-chosen");
  return made;
}
