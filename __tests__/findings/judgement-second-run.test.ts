import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareRuns, type Judgement, testsToConfirm } from "../../src/findings/judgement.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { baseline, CRASHED, codesOf, entry, finding, groundsOf, inTest, judgeWith, run } from "../support/builders.ts";

const BEFORE = baseline({ findings: [entry("known"), entry("grows", { blocks: 1 })] }, ["test_x", "test_y", "test_z"]);
const GROUNDS = groundsOf({ kind: "comparable", baseline: BEFORE, where: "here" });

/** Judges runs of which test_x has something fresh, with this second run of it. */
function judge(first: readonly TestRun[], again: readonly TestRun[]): Judgement {
  return judgeWith(first, again, GROUNDS);
}

/** How many new and grown ones are confirmed, how many are not, and how many are flaky. */
function counts({ findings }: Judgement): readonly number[] {
  const isFresh = (status: string): boolean => status === "new" || status === "grown";
  const fresh = findings.filter(({ status }) => isFresh(status));
  const confirmed = fresh.filter(({ isConfirmed }) => isConfirmed).length;
  return [confirmed, fresh.length - confirmed, findings.filter(({ status }) => status === "flaky").length];
}

const FRESH = [run({ findings: [finding("known"), finding("fresh")] })];

suite("a second run", () => {
  test("a second run is only of test files with something fresh, each once", () => {
    const first = [
      run({ findings: [finding("fresh"), finding("other"), finding("known")] }),
      run({ name: "test_y" }),
      run({ name: "test_z", findings: [finding("fresh", inTest("test_z"))] }),
      run({ name: "test_new", findings: [finding("fresh", inTest("test_new"))] }),
    ];
    assert.deepEqual(testsToConfirm(compareRuns(first, GROUNDS)), ["test_x", "test_z"]);
  });

  test("a second run confirms what comes back", () => {
    const judgement = judge(FRESH, [run({ findings: [finding("fresh")] })]);
    assert.deepEqual([counts(judgement), judgement.problems], [[1, 0, 0], []]);
    assert.equal(judgement.findings.find(({ isConfirmed }) => isConfirmed)?.status, "new");
  });

  test("findings that are missing in a second run are flaky, which is not a problem", () => {
    const judgement = judge(FRESH, [run({ findings: [finding("known")] })]);
    assert.deepEqual([counts(judgement), judgement.problems], [[0, 0, 1], []]);
  });

  test("a second run makes flaky what grew only once", () => {
    const grown = [run({ findings: [finding("grows", { blocks: 5 })] })];
    assert.deepEqual(counts(judge(grown, [run({ findings: [finding("grows", { blocks: 1 })] })])), [0, 0, 1]);
    assert.deepEqual(counts(judge(grown, [run({ findings: [finding("grows", { blocks: 2 })] })])), [1, 0, 0]);
  });

  test("a second run that is incomplete leaves a problem, not a flaky error", () => {
    const incomplete = { code: "timeout", seconds: 9 } as const;
    const judgement = judge(FRESH, [run({ status: "timeout", incomplete, findings: [finding("fresh")] })]);
    assert.deepEqual(counts(judgement), [0, 1, 0]);
    const test = { test: "test_x", engine: "memcheck" } as const;
    assert.deepEqual(judgement.problems, [{ code: "not-confirmed", ...test, doubt: { code: "test-incomplete", ...test, incomplete } }]);
  });

  test("a second run that failed or was skipped where the first passed leaves a problem", () => {
    for (const status of ["failed", "skipped"] as const) {
      const judgement = judge(FRESH, [run({ status })]);
      assert.deepEqual([counts(judgement), codesOf(judgement.problems)], [[0, 1, 0], ["not-confirmed"]], status);
    }
  });

  test("a second run confirms all the same what came back before it failed", () => {
    const judgement = judge(FRESH, [run({ status: "failed", findings: [finding("fresh")] })]);
    assert.deepEqual([counts(judgement), judgement.problems], [[1, 0, 0], []]);
  });

  test("findings that are missing in a second run that failed like the first are flaky", () => {
    const first = [run({ status: "failed", findings: [finding("fresh")] })];
    assert.deepEqual(counts(judge(first, [run({ status: "failed" })])), [0, 0, 1]);
  });

  test("a second run that never took place leaves a problem", () => {
    const judgement = judge(FRESH, []);
    assert.deepEqual([counts(judgement), codesOf(judgement.problems)], [[0, 1, 0], ["not-confirmed"]]);
  });

  test("a second run of one test file says nothing about another", () => {
    const first = [...FRESH, run({ name: "test_y", findings: [finding("fresh", inTest("test_y"))] })];
    const again = [run({ findings: [finding("fresh")] }), run({ name: "test_y", incomplete: CRASHED, status: "crashed" })];
    const judgement = judge(first, again);
    assert.deepEqual([counts(judgement), judgement.problems.length], [[1, 1, 0], 1]);
  });
});
