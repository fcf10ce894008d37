import assert from "node:assert/strict";
import { test } from "node:test";
import { type Checks, outcomeOf } from "../../../eval/history/outcome.ts";
import { type Report, reportProblem } from "../../../src/report/report.ts";
import { report, reported, testOf } from "../../support/reports.ts";

const scanned = (overrides: Parameters<typeof testOf>[1] = {}) => testOf("test_x", { engine: "scan", ran: 5, ...overrides });
const CRASHED = { code: "crashed", signal: "SIGSEGV", exit: null, message: "crashed" } as const;
const FAILED = reportProblem({ code: "test-failed", test: "test_x", engine: "scan" });
const NO_SCAN = reportProblem({ code: "engine-failed", engine: "scan", detail: "no ptrace", hint: null });

function checks(change: Partial<Report>, overrides: Partial<Checks> = {}): Checks {
  const base = report({ tests: [scanned()] });
  return { isHarmless: false, tests: ["test_x"], base, change: report({ tests: [scanned()], ...change }), ...overrides };
}

const harmless = (change: Partial<Report>): Checks => checks(change, { isHarmless: true });

test("a bug is found by new and grown findings, at the changed line if the change touches the stack", () => {
  const place = { file: "Modules/_y.c", line: 12 };
  const findings = [reported("leaky", { place, engine: "scan" }), reported("other", { status: "grown" })];
  assert.deepEqual(outcomeOf(checks({ findings })), {
    code: "found",
    findings: [
      {
        by: ["scan"],
        kind: "Leak_DefinitelyLost",
        function: "leaky",
        ...place,
        isInChange: true,
        test: "test.test_x.Tests.test_one",
      },
      {
        by: ["memcheck"],
        kind: "Leak_DefinitelyLost",
        function: "other",
        file: "Modules/_x.c",
        line: 7,
        isInChange: false,
        test: "test.test_x.Tests.test_one",
      },
    ],
  });
});

test("a test file that crashes only with the change shows a bug, and one that crashed before does not", () => {
  const tests = [scanned({ status: "crashed", incomplete: CRASHED })];
  const outcome = outcomeOf(checks({ tests }));
  assert.deepEqual(outcome.code === "found" && outcome.findings.map(({ by, test: name }) => [by, name]), [[["crash"], "test_x"]]);
  assert.equal(outcomeOf(checks({ tests }, { base: report({ tests }) })).code, "not-reached");
});

test("known and flaky findings and warnings find no bug", () => {
  const statusOf = (status: "known" | "flaky" | "warning") => outcomeOf(checks({ findings: [reported("leaky", { status })] }));
  assert.deepEqual(statusOf("known"), { code: "missed", why: "nothing-new", detail: "test_x (scan)" });
  for (const status of ["flaky", "warning"] as const) {
    const outcome = statusOf(status);
    assert.equal(outcome.code === "missed" && outcome.why, "unconfirmed");
  }
});

test("a missed bug says whether its test files were not chosen, or fail", () => {
  const whyOf = (change: Partial<Report>) => {
    const outcome = outcomeOf(checks(change));
    return outcome.code === "missed" ? outcome.why : outcome.code;
  };
  assert.equal(whyOf({ tests: [testOf("test_y")] }), "not-chosen");
  assert.equal(whyOf({ tests: [scanned({ status: "failed" })], problems: [FAILED] }), "test-failed");
});

test("a bug is not reached if its tests are skipped, cut short or absent, or the check failed", () => {
  const whyOf = (given: Checks) => {
    const outcome = outcomeOf(given);
    return outcome.code === "not-reached" ? outcome.why : outcome.code;
  };
  assert.equal(whyOf(checks({}, { base: report({ tests: [scanned({ status: "skipped", ran: 0 })] }) })), "test-skipped");
  assert.equal(whyOf(checks({}, { tests: ["test_z"] })), "no-test");
  const incomplete = { code: "timeout", seconds: 1200, message: "took too long" } as const;
  assert.equal(whyOf(checks({ tests: [scanned({ status: "timeout", incomplete })] })), "test-incomplete");
  assert.equal(whyOf(checks({ problems: [NO_SCAN] })), "check-failed");
});

test("a harmless commit is quiet only if its check has no new findings and no problems", () => {
  assert.deepEqual(outcomeOf(harmless({})), { code: "quiet" });
  assert.equal(outcomeOf(harmless({ findings: [reported()] })).code, "false-alarm");
  assert.equal(outcomeOf(harmless({ problems: [FAILED] })).code, "inconclusive");
  assert.equal(outcomeOf(harmless({ findings: [reported("leaky", { status: "known" })] })).code, "quiet");
});

test("a harmless commit that reaches no test file is quiet", () => {
  assert.equal(outcomeOf(harmless({ tests: [] })).code, "quiet");
});
