import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { Checkout } from "../support/checkout.ts";
import { assertExit, readReport, WORK_DIR } from "../support/command.ts";
import { type RanJob, runJob } from "../support/job.ts";

const checkout = await Checkout.open();
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-runner-"));
after(() => {
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

function job(event: string, ref: string, inputs: Readonly<Record<string, string>> = {}): Promise<RanJob> {
  const given = { tests: "test_bisect", scan: "none", "work-dir": WORK_DIR, baseline: checkout.baseline, ...inputs };
  return runJob({ folder, event, ref, inputs: given, env: { GITHUB_WORKSPACE: checkout.source } });
}

suite("the action on a real CPython", () => {
  test("the action does not call a pull request clean when there is nothing to compare it with", async () => {
    const ran = await job("pull_request", "refs/pull/1/merge");
    assertExit(ran, 2);
    assert.equal(ran.outputs.verdict, "inconclusive");
    assert.match(ran.summary, /There is no baseline yet/);
  });

  test("the action records the baseline on a push to the default branch", async () => {
    const ran = await job("push", "refs/heads/main");
    assertExit(ran, 0);
    assert.match(ran.summary, /Recorded as the baseline/);
  });

  test("the action finds a pull request without a new error clean", async () => {
    const ran = await job("pull_request", "refs/pull/1/merge");
    assertExit(ran, 0);
    assert.deepEqual([ran.outputs.verdict, ran.outputs.new, ran.outputs["cache-hit"]], ["clean", "0", "true"]);
    assert.doesNotMatch(ran.stdout, /^::(error|warning)/m);
  });

  test("the action annotates the line of a new leak, fails, and shows the rest in the summary", async () => {
    checkout.edit(
      "Modules/_bisectmodule.c",
      "return internal_bisect_left(a, x, lo, hi, key);",
      "(void)PyMem_RawMalloc(40);\n    return internal_bisect_left(a, x, lo, hi, key);",
    );
    const ran = await job("pull_request", "refs/pull/1/merge");
    assertExit(ran, 1);
    assert.match(ran.stdout, /^::error title=New memory leak in _bisect_bisect_left\w*,file=Modules\/_bisectmodule\.c,line=\d+::/m);
    assert.match(ran.summary, /❌ .*new error[\s\S]*<summary>Suppression<\/summary>/);
    const report = readReport(ran.outputs.report ?? "");
    assert.equal(report.verdict, "new-errors");
    assert.equal(ran.outputs.new, `${report.findings.filter(({ status }) => status === "new").length}`);
  });

  test("the action only reports a new leak with `fail-on: none`", async () => {
    const ran = await job("pull_request", "refs/pull/1/merge", { "fail-on": "none" });
    assertExit(ran, 0);
    assert.equal(ran.outputs.verdict, "new-errors");
  });
});
