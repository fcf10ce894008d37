import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MEMCHECK } from "../../src/engines/memcheck/memcheck-engine.ts";
import { judgeRun, type RunOutcome } from "../../src/engines/outcome.ts";
import type { LeakCheck } from "../../src/engines/process-report.ts";
import { causeOf, type Incomplete } from "../../src/model/incomplete.ts";

type Evidence = Parameters<typeof judgeRun>[1];
type Ending = Parameters<typeof judgeRun>[0];

const DAMAGED = { code: "report-damaged", detail: "it ends after <stack>" } as const;
const codeOf = ({ incomplete }: RunOutcome): string | undefined => incomplete?.code;

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

suite("a run", () => {
  test("a run that memcheck watched from start to end is complete", () => {
    for (const leakCheck of ["live", "exit", "none"] as const)
      assert.deepEqual(judge({}, {}, leakCheck), { status: "passed", incomplete: null });
  });

  test("a run is complete with any exit code, since regrtest and valgrind use different ones", () => {
    assert.equal(judge({}, { code: 3 }).incomplete, null);
  });

  test("a run in a worker is incomplete unless its exit code is 0, although its report is whole: what comes after the tests failed", () => {
    const watch = { engine: MEMCHECK, leakCheck: "live", timeout: 90, isInWorker: true } as const;
    const outcomes = [0, 70].map((code) => judgeRun({ ...ENDED, code }, EVIDENCE, watch).incomplete);
    assert.deepEqual(outcomes, [null, { code: "crashed", signal: null, exit: 70 }]);
  });

  const proofs: readonly (readonly [string, Partial<Evidence>, Incomplete])[] = [
    ["without a report", { ending: undefined }, { code: "report-missing" }],
    ["whose report is cut off", { ending: { complete: false, fault: DAMAGED } }, DAMAGED],
    ["whose report does not begin at the start", { started: false }, { code: "report-partial" }],
    ["whose report does not go to the end", { finished: false }, { code: "report-partial" }],
    ["without the planted read", { seen: { leak: true, read: false } }, { code: "proof-missing", proof: "read" }],
    ["without the planted leak", { seen: { leak: false, read: true } }, { code: "proof-missing", proof: "leak" }],
  ];
  for (const [what, evidence, incomplete] of proofs) {
    test(`a run ${what} is incomplete, and says so`, () => assert.deepEqual(judge(evidence).incomplete, incomplete));
  }

  test("a run needs the planted leak only if leaks are looked for", () => {
    const seen = { leak: false, read: true };
    assert.equal(judge({ seen }, {}, "none").incomplete, null);
    for (const leakCheck of ["live", "exit"] as const) assert.notEqual(judge({ seen }, {}, leakCheck).incomplete, null);
  });

  test("a run that took too long is a time-out, whatever its report contains", () => {
    const ended = { code: null, signal: "SIGKILL", timedOut: true };
    for (const evidence of [{}, { results: [] }, { ending: undefined }]) {
      assert.deepEqual(judge(evidence, ended), { status: "timeout", incomplete: { code: "timeout", seconds: 90 } });
    }
  });

  test("a run that was ended by a signal crashed, also after its last test", () => {
    const { status, incomplete } = judge({}, { code: null, signal: "SIGSEGV" });
    assert.deepEqual([status, incomplete], ["crashed", { code: "crashed", signal: "SIGSEGV", exit: null }]);
    assert.equal(causeOf(incomplete), "signal:SIGSEGV");
  });

  test("a run without a result crashed, and says with which exit code", () => {
    const { status, incomplete } = judge({ results: [] }, { code: 3 });
    assert.deepEqual([status, incomplete], ["crashed", { code: "crashed", signal: null, exit: 3 }]);
    assert.equal(causeOf(incomplete), "exit:3");
  });
});

suite("the status of a run", () => {
  const statusOf = (...states: readonly string[]): string => judge({ results: states.map((state) => ({ state, ran: 1 })) }).status;

  test("the status of a run is passed when regrtest says so, also with a changed environment", () => {
    assert.deepEqual([statusOf("PASSED"), statusOf("ENV_CHANGED")], ["passed", "passed"]);
  });

  test("the status of a run is skipped when nothing ran", () => {
    for (const state of ["SKIPPED", "RESOURCE_DENIED", "DID_NOT_RUN"]) assert.equal(statusOf(state), "skipped", state);
  });

  test("the status of a run is skipped when every test of a file that passes is skipped", () => {
    assert.equal(judge({ results: [{ state: "PASSED", ran: 0 }] }).status, "skipped");
    assert.equal(judge({ results: [{ state: "PASSED", ran: null }] }).status, "passed");
  });

  test("the status of a run is failed for all else that regrtest says now or will say", () => {
    for (const state of ["FAILED", "UNCAUGHT_EXC", "REFLEAK", "INTERRUPTED", "TIMEOUT", "WORKER_FAILED", "SOMETHING_NEW", ""])
      assert.equal(statusOf(state), "failed", state);
  });

  test("the status of a run is that of the worst part of a package, and of any part that ran", () => {
    assert.equal(statusOf("PASSED", "FAILED", "SKIPPED"), "failed");
    assert.equal(statusOf("SKIPPED", "PASSED"), "passed");
    assert.equal(statusOf("SKIPPED", "DID_NOT_RUN"), "skipped");
  });
});

suite("a file that failed", () => {
  const failed = (ran: number | null) => [{ state: "UNCAUGHT_EXC", ran }];

  test("a test file that failed before any test of it ran has checked nothing", () => {
    for (const ran of [0, null]) assert.equal(judge({ results: failed(ran), testsStarted: 0 }).incomplete?.code, "no-test-ran");
  });

  test("a test file that failed after some of its tests is complete", () => {
    assert.deepEqual(judge({ results: failed(3), testsStarted: 0 }), { status: "failed", incomplete: null });
    assert.deepEqual(judge({ results: failed(null), testsStarted: 1 }), { status: "failed", incomplete: null });
  });
});

suite("a command", () => {
  const watch = { engine: MEMCHECK, leakCheck: "exit", timeout: 90, isCommand: true } as const;
  const judgeCommand = (ran: number, state = "PASSED", testsStarted = 0) =>
    judgeRun(ENDED, { ...EVIDENCE, results: [{ state, ran }], testsStarted }, watch);

  test("a command that ran no test in the watched process is incomplete", () => {
    assert.deepEqual([codeOf(judgeCommand(0)), codeOf(judgeCommand(0, "FAILED"))], ["no-test-watched", "no-test-ran"]);
  });

  test("a command that ran tests is complete, whether pytest or unittest counted them", () => {
    assert.deepEqual([codeOf(judgeCommand(3)), codeOf(judgeCommand(0, "PASSED", 2))], [undefined, undefined]);
  });
});
