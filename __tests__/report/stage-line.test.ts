import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { JudgedStatus } from "../../src/findings/judgement.ts";
import { stageLine } from "../../src/report/stage-line.ts";
import { finding, run } from "../support/builders.ts";

const judged = (...statuses: readonly JudgedStatus[]) => ({
  findings: statuses.map((status) => ({ finding: finding("f"), status, isConfirmed: false })),
});

suite("the line about a stage in the log", () => {
  test("the line about a stage has its test files, time and new errors", () => {
    assert.equal(
      stageLine("Scan", { runs: [run({})], judgement: judged("new", "grown", "known") }, 9),
      "Scan: 1 test file in 9.0 s, 1 new error and 1 grown leak",
    );
    assert.equal(
      stageLine("Scan", { runs: [run({}), run({})], judgement: judged("known") }, 9),
      "Scan: 2 test files in 9.0 s, no new errors",
    );
  });

  test("the line about a stage without a baseline does not call errors new", () => {
    assert.equal(
      stageLine("Scan", { runs: [run({})], judgement: judged("unrecorded") }, 90),
      "Scan: 1 test file in 1 min 30 s, 1 error, not compared",
    );
  });

  test("the line about a stage counts incomplete test files", () => {
    const runs = [run({}), run({ incomplete: { code: "not-begun" } })];
    assert.equal(
      stageLine("Memcheck", { runs, judgement: judged() }, 1),
      "Memcheck: 2 test files in 1.0 s, no new errors, 1 test file incomplete",
    );
  });
});
