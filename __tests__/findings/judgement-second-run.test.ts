import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Judgement, judgeFindings } from "../../src/findings/judgement.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { baseline, entry, finding, groundsOf, inTest, run } from "../support/builders.ts";

const BEFORE = baseline({ findings: [entry("known"), entry("grows", { blocks: 1 })] }, ["test_x", "test_y", "test_z"]);

/** Judges runs of which test_x has something fresh, with this second run of it. */
async function judge(first: readonly TestRun[], again: readonly TestRun[]): Promise<Judgement & { asked: readonly string[] }> {
  const asked: string[] = [];
  const judgement = await judgeFindings(first, groundsOf({ kind: "comparable", baseline: BEFORE, where: "here" }), async (names) => {
    asked.push(...names);
    return again;
  });
  return { ...judgement, asked };
}

const counts = ({ confirmed, unconfirmed, flaky }: Judgement): readonly number[] => [confirmed.length, unconfirmed.length, flaky.length];

const FRESH = [run({ findings: [finding("known"), finding("fresh")] })];

suite("the second run", () => {
  test("is only of test files with something fresh, each once", async () => {
    const first = [
      run({ findings: [finding("fresh"), finding("other"), finding("known")] }),
      run({ name: "test_y" }),
      run({ name: "test_z", findings: [finding("fresh", inTest("test_z"))] }),
      run({ name: "test_new", findings: [finding("fresh", inTest("test_new"))] }),
    ];
    assert.deepEqual((await judge(first, first)).asked, ["test_x", "test_z"]);
  });

  test("confirms what comes back", async () => {
    const judgement = await judge(FRESH, [run({ findings: [finding("fresh")] })]);
    assert.deepEqual([counts(judgement), judgement.reasons], [[1, 0, 0], []]);
    assert.equal(judgement.confirmed[0]?.status, "new");
  });

  test("makes flaky what does not come back, which is no reason to fail", async () => {
    const judgement = await judge(FRESH, [run({ findings: [finding("known")] })]);
    assert.deepEqual([counts(judgement), judgement.reasons], [[0, 0, 1], []]);
  });

  test("makes flaky what grew only once", async () => {
    const grown = [run({ findings: [finding("grows", { blocks: 5 })] })];
    assert.deepEqual(counts(await judge(grown, [run({ findings: [finding("grows", { blocks: 1 })] })])), [0, 0, 1]);
    assert.deepEqual(counts(await judge(grown, [run({ findings: [finding("grows", { blocks: 2 })] })])), [1, 0, 0]);
  });

  test("tells nothing when it is incomplete: that is a reason, not a flaky error", async () => {
    const judgement = await judge(FRESH, [
      run({ status: "timeout", incomplete: "it took longer than 9 s and was killed", findings: [finding("fresh")] }),
    ]);
    assert.deepEqual(counts(judgement), [0, 1, 0]);
    assert.match(judgement.reasons.join(), /test_x: its new errors could not be confirmed.*it took longer than 9 s/);
  });

  test("does not acquit when it failed or was skipped where the first passed", async () => {
    for (const status of ["failed", "skipped"] as const) {
      const judgement = await judge(FRESH, [run({ status })]);
      assert.deepEqual(counts(judgement), [0, 1, 0], status);
      assert.match(judgement.reasons.join(), /could not be confirmed/, status);
    }
  });

  test("confirms all the same what came back before it failed", async () => {
    const judgement = await judge(FRESH, [run({ status: "failed", findings: [finding("fresh")] })]);
    assert.deepEqual([counts(judgement), judgement.reasons], [[1, 0, 0], []]);
  });

  test("acquits when it failed as the first did", async () => {
    const first = [run({ status: "failed", findings: [finding("fresh")] })];
    assert.deepEqual(counts(await judge(first, [run({ status: "failed" })])), [0, 0, 1]);
  });

  test("that never was does not acquit", async () => {
    const judgement = await judge(FRESH, []);
    assert.deepEqual(counts(judgement), [0, 1, 0]);
    assert.match(judgement.reasons.join(), /could not be confirmed/);
  });

  test("of one test file says nothing about another", async () => {
    const first = [...FRESH, run({ name: "test_y", findings: [finding("fresh", inTest("test_y"))] })];
    const again = [run({ findings: [finding("fresh")] }), run({ name: "test_y", incomplete: "it was killed", status: "crashed" })];
    const judgement = await judge(first, again);
    assert.deepEqual(counts(judgement), [1, 1, 0]);
    assert.equal(judgement.reasons.length, 1);
  });
});
