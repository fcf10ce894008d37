import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { mergeAtoms, summarize } from "../../src/affected/code.ts";
import { makeFootprints } from "../../src/affected/footprints.ts";
import type { Cause } from "../../src/affected/selection.ts";
import { affectedMessage } from "../../src/report/affected-messages.ts";
import type { AffectedSome } from "../../src/stages/choose-affected.ts";
import type { Budget } from "../../src/stages/memcheck-budget.ts";
import { chooseClosest, chooseReached, reachedNotes } from "../../src/stages/reached-tests.ts";

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

const NOTHING: ReadonlyMap<string, readonly string[]> = new Map();

const scanned = new Map([
  ["test_all", 10],
  ["test_f", 1],
  ["test_g", 1],
  ["test_known", 0.1],
  ["test_new", 1],
]);
const BUDGET: Budget = { budget: 1000, width: 1, recorded: new Map(), scanned };

const chosen = (budget: Partial<Budget> = {}, isSuitable = (_: string): boolean => true) =>
  chooseReached(AFFECTED, isSuitable, { ...BUDGET, ...budget }, []);

suite("the test files that memcheck looks at for a change", () => {
  test("reached test files are the fastest ones that reach all changed functions and files", () => {
    assert.deepEqual(chosen(), { names: ["test_known", "test_g", "test_new"], targets: 3, covered: 3, leaveOut: NOTHING });
  });

  test("one reached test file is selected for several functions if that is faster", () => {
    const cheap = new Map([...scanned, ["test_all", 0.01]]);
    assert.deepEqual(chosen({ scanned: cheap }).names, ["test_all", "test_new"]);
  });

  test("reached test files do not exceed the budget, and the note counts the rest", () => {
    const cut = chosen({ budget: 40 });
    assert.deepEqual(cut, { names: ["test_known", "test_g"], targets: 3, covered: 2, leaveOut: NOTHING });
    assert.equal(
      affectedMessage({ ...note(cut, 40) }),
      "Memcheck checked test_known, test_g, which reach 2 of 3 changed functions and files; more does not fit into `memcheck-budget` (40 s).",
    );
    assert.deepEqual(chosen({ budget: "none" }), { names: [], targets: 3, covered: 0, leaveOut: NOTHING });
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
    assert.deepEqual(none, { names: [], targets: 0, covered: 0, leaveOut: NOTHING });
    assert.match(affectedMessage(note(none, "all")), /no suitable one runs the changed code/);
  });
});

/** `_x.c` has four functions. All test files run one of them, and test_x runs all. */
const KEYS = ["_x.c:a", "_x.c:b", "_x.c:c", "_x.c:everyone's", "x_new"];
const CLOSE_TESTS = new Map([
  ["test_cheap", runs("_x.c:a")],
  ["test_near", runs("_x.c:a", "_x.c:b")],
  ["test_x", runs("_x.c:a", "_x.c:b", "_x.c:c", "x_new")],
]);
const CLOSE: AffectedSome = {
  ...AFFECTED,
  chosen: new Map([...CLOSE_TESTS.keys()].map((name) => [name, [{ code: "function", name: "_x.c:a" }]])),
  functions: ["_x.c:a"],
  footprints: makeFootprints({
    sha: null,
    code: summarize(mergeAtoms([KEYS.map((key) => ({ key, kind: "function", hash: "aa", references: [] }))])),
    sources: new Map(),
    watched: new Set(KEYS),
    shared: runs("_x.c:everyone's"),
    tests: CLOSE_TESTS,
  }),
};
const CLOSE_BUDGET: Budget = {
  ...BUDGET,
  scanned: new Map([
    ["test_cheap", 0.1],
    ["test_near", 1],
    ["test_x", 2],
  ]),
};
/** test_x takes 61 s under memcheck, and 31 s without its slowest test. */
const SLOW_TESTS = new Map([
  [
    "test_x",
    [
      { id: "x.slow", seconds: 1 },
      { id: "x.slower", seconds: 0.5 },
    ],
  ],
]);

const anything = (_: string): boolean => true;

suite("the test files that are closest to a change", () => {
  test("the closest test files come first, even if a faster one reaches as much", () => {
    assert.deepEqual(chooseReached(CLOSE, anything, CLOSE_BUDGET, []).names, ["test_x", "test_near"]);
  });

  test("the closest test files get half of the time until everything changed is reached", () => {
    const short = { ...CLOSE_BUDGET, budget: 100 };
    assert.deepEqual(chooseReached(CLOSE, anything, short, []).names, ["test_near", "test_x"]);
    assert.deepEqual(chooseReached(CLOSE, anything, { ...short, budget: 40 }, []).names, ["test_cheap", "test_near"]);
  });

  test("the closest test files run without their slowest tests if they take too long, and a note counts those", () => {
    const slow = { ...CLOSE_BUDGET, slowTests: SLOW_TESTS, budget: 50 };
    const part = chooseReached(CLOSE, anything, { ...slow, width: 2 }, []);
    assert.deepEqual([part.names, [...part.leaveOut]], [["test_x", "test_near"], [["test_x", ["x.slow"]]]]);
    assert.deepEqual(reachedNotes(part, slow)[1], { code: "memcheck-partly", test: "test_x", leftOut: 1 });
    const both = chooseReached(CLOSE, anything, { ...slow, budget: 40 }, []);
    assert.deepEqual(both.leaveOut.get("test_x"), ["x.slow", "x.slower"]);
    const tooShort = chooseReached(CLOSE, anything, { ...slow, budget: 20 }, []);
    assert.deepEqual([tooShort.names, tooShort.leaveOut.size], [["test_cheap"], 0]);
  });

  test("the closest test files run as a whole if the baseline has their errors", () => {
    const recorded = new Map([["test_x", 61]]);
    const known = chooseReached(CLOSE, anything, { ...CLOSE_BUDGET, slowTests: SLOW_TESTS, budget: 50, width: 2, recorded }, []);
    assert.equal(known.leaveOut.size, 0);
  });

  test("the closest test files are found by the changed C file if the changed function is global", () => {
    const global = { ...CLOSE, functions: ["x_new"] };
    assert.deepEqual(chooseReached(global, anything, CLOSE_BUDGET, ["Modules/_x.c"]).names, ["test_x", "test_near"]);
    assert.deepEqual(chooseReached(global, anything, CLOSE_BUDGET, []).names, ["test_x"]);
  });

  test("the closest test files run in addition to the quick set if a change reaches all test files", () => {
    const everyone = { ...CLOSE, functions: ["_x.c:everyone's", "_x.c:c"] };
    const reached = chooseClosest(everyone, (name) => name !== "test_near", ["test_csv", "test_cheap"], CLOSE_BUDGET, []);
    assert.deepEqual(reached, { names: ["test_csv", "test_cheap", "test_x"], targets: 2, covered: 2, leaveOut: NOTHING });
    const none = chooseClosest(everyone, anything, ["test_csv"], { ...CLOSE_BUDGET, budget: "none" }, []);
    assert.deepEqual(none, { names: ["test_csv"], targets: 2, covered: 1, leaveOut: NOTHING });
  });
});

function note(reached: ReturnType<typeof chosen>, budget: Budget["budget"]) {
  const [made] = reachedNotes(reached, { budget });
  assert.ok(made?.code === "memcheck-chosen");
  return made;
}
