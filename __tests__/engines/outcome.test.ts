import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MEMCHECK } from "../../src/engines/memcheck/memcheck-engine.ts";
import { judgeRun } from "../../src/engines/outcome.ts";
import type { LeakCheck } from "../../src/engines/process-report.ts";

type Evidence = Parameters<typeof judgeRun>[1];
type Ending = Parameters<typeof judgeRun>[0];

const passed = { state: "PASSED", ran: 12 };

const EVIDENCE: Evidence = {
  seen: { leak: true, read: true },
  results: [passed],
  started: true,
  finished: true,
  ending: { complete: true },
  testsStarted: 12,
};

const ENDED: Ending = { code: 0, signal: null, timedOut: false };

const judge = (evidence: Partial<Evidence>, ended: Partial<Ending> = {}, leakCheck: LeakCheck = "exit") =>
  judgeRun({ ...ENDED, ...ended }, { ...EVIDENCE, ...evidence }, { engine: MEMCHECK, leakCheck, timeout: 90 });

const incompleteBecause = (evidence: Partial<Evidence>, ended: Partial<Ending> = {}, leakCheck: LeakCheck = "exit"): string =>
  judge(evidence, ended, leakCheck).incomplete ?? "";

suite("a run", () => {
  test("that memcheck watched from start to end is complete", () => {
    for (const leakCheck of ["live", "exit", "none"] as const)
      assert.deepEqual(judge({}, {}, leakCheck), { status: "passed", incomplete: null, cause: null });
  });

  test("is complete whatever its exit code, which regrtest and valgrind's options give meanings of their own", () => {
    assert.equal(judge({}, { code: 3 }).incomplete, null);
  });

  const proofs: readonly (readonly [string, Partial<Evidence>, RegExp])[] = [
    ["without a report", { ending: undefined }, /left no report/],
    ["whose report is cut off", { ending: { complete: false, reason: "it ends after <stack>" } }, /not whole: it ends after <stack>/],
    ["whose report does not begin at the start", { started: false }, /start to end/],
    ["whose report does not go to the end", { finished: false }, /start to end/],
    ["without the planted read", { seen: { leak: true, read: false } }, /invalid read that was planted/],
    ["without the planted leak", { seen: { leak: false, read: true } }, /leak that was planted/],
  ];
  for (const [what, evidence, said] of proofs) {
    test(`${what} is incomplete, and says so`, () => assert.match(incompleteBecause(evidence), said));
  }

  test("needs the planted leak only where leaks are looked for", () => {
    const seen = { leak: false, read: true };
    assert.equal(judge({ seen }, {}, "none").incomplete, null);
    for (const leakCheck of ["live", "exit"] as const) assert.notEqual(judge({ seen }, {}, leakCheck).incomplete, null);
  });

  test("that took too long is a time-out, whatever else it left", () => {
    const ended = { code: null, signal: "SIGKILL", timedOut: true };
    for (const evidence of [{}, { results: [] }, { ending: undefined }]) {
      assert.deepEqual(judge(evidence, ended), {
        status: "timeout",
        incomplete: "it took longer than 90 s and was killed",
        cause: "timeout",
      });
    }
  });

  test("that was ended by a signal crashed, also after its last test", () => {
    const { status, incomplete, cause } = judge({}, { code: null, signal: "SIGSEGV" });
    assert.deepEqual([status, cause], ["crashed", "signal:SIGSEGV"]);
    assert.equal(incomplete, "its process was ended by SIGSEGV before the test file was over");
  });

  test("without a result crashed, and says with which exit code", () => {
    const { status, incomplete, cause } = judge({ results: [] }, { code: 3 });
    assert.deepEqual([status, cause], ["crashed", "exit:3"]);
    assert.equal(incomplete, "its process ended with exit code 3 before the test file was over");
  });
});

suite("the status of a run", () => {
  const statusOf = (...states: readonly string[]): string => judge({ results: states.map((state) => ({ state, ran: 1 })) }).status;

  test("is passed when regrtest says so, also with a changed environment", () => {
    assert.deepEqual([statusOf("PASSED"), statusOf("ENV_CHANGED")], ["passed", "passed"]);
  });

  test("is skipped when nothing ran", () => {
    for (const state of ["SKIPPED", "RESOURCE_DENIED", "DID_NOT_RUN"]) assert.equal(statusOf(state), "skipped", state);
  });

  test("is skipped when every test of a file that passes is skipped", () => {
    assert.equal(judge({ results: [{ state: "PASSED", ran: 0 }] }).status, "skipped");
    assert.equal(judge({ results: [{ state: "PASSED", ran: null }] }).status, "passed");
  });

  test("is failed for all else that regrtest says now or will say", () => {
    for (const state of ["FAILED", "UNCAUGHT_EXC", "REFLEAK", "INTERRUPTED", "TIMEOUT", "WORKER_FAILED", "SOMETHING_NEW", ""])
      assert.equal(statusOf(state), "failed", state);
  });

  test("is that of the worst part of a package, and of any part that ran", () => {
    assert.equal(statusOf("PASSED", "FAILED", "SKIPPED"), "failed");
    assert.equal(statusOf("SKIPPED", "PASSED"), "passed");
    assert.equal(statusOf("SKIPPED", "DID_NOT_RUN"), "skipped");
  });
});

suite("a file that failed", () => {
  const failed = (ran: number | null) => [{ state: "UNCAUGHT_EXC", ran }];

  test("before any test of it ran has checked nothing", () => {
    for (const ran of [0, null]) assert.match(incompleteBecause({ results: failed(ran), testsStarted: 0 }), /no test of it ran/);
  });

  test("after some of its tests is complete", () => {
    assert.deepEqual(judge({ results: failed(3), testsStarted: 0 }), { status: "failed", incomplete: null, cause: null });
    assert.deepEqual(judge({ results: failed(null), testsStarted: 1 }), { status: "failed", incomplete: null, cause: null });
  });
});

suite("a command", () => {
  const watch = { engine: MEMCHECK, leakCheck: "exit", timeout: 90, isCommand: true } as const;
  const judgeCommand = (ran: number, state = "PASSED", testsStarted = 0) =>
    judgeRun(ENDED, { ...EVIDENCE, results: [{ state, ran }], testsStarted }, watch);

  test("that ran no test in the watched process is incomplete", () => {
    assert.deepEqual([judgeCommand(0).cause, judgeCommand(0, "FAILED").cause], ["no-test-ran", "no-test-ran"]);
  });

  test("that ran tests is complete, whether pytest or unittest counted them", () => {
    assert.deepEqual([judgeCommand(3).cause, judgeCommand(0, "PASSED", 2).cause], [null, null]);
  });
});
