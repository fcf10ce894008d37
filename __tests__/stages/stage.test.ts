import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Job } from "../../src/engines/job.ts";
import type { TestRunner } from "../../src/engines/run-all.ts";
import { segmentOfEntry } from "../../src/findings/baseline.ts";
import type { History } from "../../src/findings/history.ts";
import { recordInto } from "../../src/findings/record-baseline.ts";
import { NO_CHANGES } from "../../src/git/changes.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { Execution } from "../../src/stages/execution.ts";
import { engineDropped, runStage, type StageResult } from "../../src/stages/stage.ts";
import { baseline, entry, finding, findingFrom, IDENTITY, leak, recordedTest, run } from "../support/builders.ts";
import { QuietProgress } from "../support/progress.ts";

const JOB: Job = { name: "test_x", args: ["test", "test_x"], cwd: "/", env: {} };

/** A change without any known details. */
const CHANGE = { changes: NO_CHANGES, functionsOf: async () => new Set<string>(), acceptances: [], today: "2026-06-01" };

/** What both engines recorded of one test file: memcheck knows f, the scan g. */
const recorded = (): History => {
  const one = (engine: "memcheck" | "scan", known: Finding) => ({
    identity: IDENTITY,
    sha: null,
    content: null,
    functions: [],
    relaxations: [],
    suppressed: [],
    recordedAt: "2026-01-02T03:04:05.000Z",
    tests: [recordedTest({ engine })],
    findings: [known],
  });
  const memcheck = recordInto(undefined, one("memcheck", finding("f")));
  return { kind: "comparable", where: "here", baseline: recordInto(memcheck, one("scan", finding("g", { engine: "scan" }))) };
};

/** A stage whose test file has the same findings in each run. */
async function stage(engine: "memcheck" | "scan", past: History, names: readonly string[]): Promise<StageResult & { ran: number }> {
  let ran = 0;
  const findings = names.map((name) => finding(name, { engine }));
  const testRunner = {
    run: async (): Promise<TestRun> => {
      ran++;
      return run({ engine, findings });
    },
    stop: async () => {},
  };
  const context = {
    past,
    scope: "nothing",
    width: 2,
    progress: new QuietProgress(),
    change: CHANGE,
    skips: [],
    execution: Execution.whole(),
  } as const;
  return { ...(await runStage({ engine, title: "A stage", jobs: [JOB], testRunner }, context)), ran };
}

/** A scan of a test file that ends so the first time, and well the second time. */
async function cutShort(outcome: Partial<TestRun>): Promise<StageResult & { ran: number }> {
  let ran = 0;
  const testRunner = {
    run: async (): Promise<TestRun> =>
      run({ engine: "scan", findings: [finding("g", { engine: "scan" })], ...(ran++ === 0 ? outcome : {}) }),
    stop: async () => {},
  };
  const context = {
    past: recorded(),
    scope: "nothing",
    width: 2,
    progress: new QuietProgress(),
    change: CHANGE,
    skips: [],
    execution: Execution.whole(),
  } as const;
  const stage = { engine: "scan", title: "A stage", jobs: [JOB], testRunner } as const;
  return { ...(await runStage(stage, context)), ran };
}

const fresh = ({ judgement }: StageResult): string[] =>
  judgement.findings.filter(({ isConfirmed }) => isConfirmed).map((one) => one.finding.segment.join());

suite("a stage", () => {
  test("a stage compares findings with the same engine's record", async () => {
    assert.deepEqual(fresh(await stage("memcheck", recorded(), ["f", "g"])), ["g"]);
    assert.deepEqual(fresh(await stage("scan", recorded(), ["f", "g"])), ["f"]);
  });

  test("a stage of a slice compares findings with the record of the same slice", async () => {
    const found = (name: string, slice: string) => ({ ...finding(name, { engine: "torture" }), slice });
    const recordingOf = (name: string, slice: string) => ({
      ...{ identity: IDENTITY, sha: null, content: null, functions: [], relaxations: [], suppressed: [], recordedAt: "" },
      tests: [recordedTest({ engine: "torture", slice })],
      findings: [found(name, slice)],
    });
    const baseline = recordInto(recordInto(undefined, recordingOf("f", "0/2")), recordingOf("g", "1/2"));
    const past = { kind: "comparable", where: "here", baseline } as const;
    const statusesIn = async (slice: string | undefined) => {
      const findings = [finding("f", { engine: "torture" })];
      const testRunner = { run: async () => run({ engine: "torture", ...(slice && { slice }), findings }), stop: async () => {} };
      const context = {
        past,
        scope: "nothing",
        width: 2,
        progress: new QuietProgress(),
        change: CHANGE,
        skips: [],
        execution: Execution.whole(),
      } as const;
      const stage = { engine: "torture", slice, title: "A stage", jobs: [JOB], testRunner } as const;
      return (await runStage(stage, context)).judgement.findings.map(({ status }) => status);
    };
    assert.deepEqual([await statusesIn("0/2"), await statusesIn("1/2"), await statusesIn(undefined)], [["known"], ["new"], ["unrecorded"]]);
  });

  test("a stage compares a finding that later recordings did not renew by the functions of its own build", async () => {
    const found = findingFrom(leak("malloc < fresh < caller < _PyEval_EvalFrameDefault"));
    const { signature, stack } = entry("old", { stack: [["malloc"], ["old"], ["caller"], ["_PyEval_EvalFrameDefault"]] });
    const known = baseline({
      functions: ["caller", "fresh"],
      otherBuilds: [{ had: ["old"], lacked: ["fresh"], moves: [] }],
      findings: [entry("old", { signature, stack, build: 0 })],
    });
    const testRunner = { run: async () => run({ findings: [found] }), stop: async () => {} };
    const context = {
      past: { kind: "comparable", where: "here", baseline: known },
      scope: "nothing",
      width: 2,
      progress: new QuietProgress(),
      change: { ...CHANGE, functionsOf: async () => new Set(["caller", "fresh"]) },
      skips: [],
      execution: Execution.whole(),
    } as const;
    const { judgement } = await runStage({ engine: "memcheck", title: "A stage", jobs: [JOB], testRunner }, context);
    assert.deepEqual(
      judgement.findings.map(({ status }) => status),
      ["known"],
    );
  });

  test("a stage finds the test of each leak with another runner if there is no baseline, and confirms nothing", async () => {
    const of = (name: string, id: string | null) => finding(name, { engine: "scan", test: { file: "test_x", id } });
    const testRunnerOf = (id: string | null): TestRunner => ({
      run: async () => run({ engine: "scan", findings: [of("f", id), of("g", null)] }),
      stop: async () => {},
    });
    const context = {
      scope: "everything",
      width: 2,
      progress: new QuietProgress(),
      change: CHANGE,
      skips: [],
      execution: Execution.whole(),
    } as const;
    const past = { kind: "first-run", where: "here" } as const;
    const stage = { engine: "scan", title: "A stage", jobs: [JOB], testRunner: testRunnerOf(null) } as const;
    const idsOf = ({ judgement }: StageResult) => judgement.findings.map(({ finding: { test }, status }) => `${status} ${test.id}`);
    const closer = { ...stage, lookingCloser: testRunnerOf("test_one") };
    assert.deepEqual(idsOf(await runStage(closer, { ...context, past })), ["unrecorded test_one", "unrecorded null"]);
    assert.deepEqual(idsOf(await runStage(stage, { ...context, past })), ["unrecorded null", "unrecorded null"]);
    assert.deepEqual(idsOf(await runStage(closer, { ...context, past: recorded() })), ["new null", "known null"]);
  });

  test("a stage runs a test file again only for new findings", async () => {
    assert.equal((await stage("scan", recorded(), ["g"])).ran, 1);
    assert.equal((await stage("scan", recorded(), ["g", "h"])).ran, 2);
  });

  test("a stage confirms new findings with another test runner, if there is one", async () => {
    const testRunnerOf = (what: string): TestRunner => ({
      run: async () => run({ findings: [finding("h", { suppression: what })] }),
      stop: async () => {},
    });
    const context = {
      past: recorded(),
      scope: "nothing",
      width: 2,
      progress: new QuietProgress(),
      change: CHANGE,
      skips: [],
      execution: Execution.whole(),
    } as const;
    const testRunners = { testRunner: testRunnerOf("first"), confirming: testRunnerOf("second") };
    const { judgement } = await runStage({ engine: "memcheck", title: "A stage", jobs: [JOB], ...testRunners }, context);
    assert.deepEqual(
      judgement.findings.map((one) => [one.isConfirmed, one.finding.suppression]),
      [[true, "second"]],
    );
  });

  test("a stage retries test files that were cut short, or passed before and fail now", async () => {
    const outcomes: Partial<TestRun>[] = [
      { incomplete: { code: "crashed", signal: "SIGKILL", exit: null } },
      { status: "failed" },
      { status: "timeout", incomplete: { code: "timeout", seconds: 90 } },
    ];
    for (const outcome of outcomes) {
      const { runs, ran } = await cutShort(outcome);
      assert.deepEqual([ran, runs[0]?.status], outcome.status === "timeout" ? [1, "timeout"] : [2, "passed"]);
    }
  });

  test("a stage reports a run that another one replaced, and the new errors that only the first showed", async () => {
    const incomplete = { code: "crashed", signal: "SIGSEGV", exit: null } as const;
    const read = finding("h", { engine: "scan", kind: "InvalidRead" });
    const retriedWith = async (outcome: Partial<TestRun>) => {
      const { judgement } = await cutShort(outcome);
      const seenOnce = judgement.findings.filter(({ status }) => status === "flaky");
      return [judgement.notes, seenOnce.map(({ finding: { segment } }) => segment.join())];
    };
    const crash = { code: "test-incomplete", test: "test_x", engine: "scan", incomplete } as const;
    const lost = finding("i", { engine: "scan" });
    assert.deepEqual(await retriedWith({ status: "crashed", incomplete, findings: [read, lost] }), [
      [{ code: "retried", shortfall: crash }],
      ["h"],
    ]);
    const failed = { code: "test-failed", test: "test_x", engine: "scan" } as const;
    assert.deepEqual(await retriedWith({ status: "failed", findings: [lost] }), [[{ code: "retried", shortfall: failed }], ["i"]]);
    assert.deepEqual(await retriedWith({}), [[], []]);
  });

  test("an engine that is turned off is a problem if the baseline has its runs", () => {
    const past = recorded();
    assert.deepEqual(engineDropped("memcheck", "tests", { past }), [
      { code: "engine-dropped", engine: "memcheck", setting: "tests", tests: 1 },
    ]);
    assert.deepEqual(engineDropped("torture", "tests", { past }), []);
    assert.deepEqual(engineDropped("scan", "scan", { past: { kind: "first-run", where: "here" } }), []);
  });

  test("a finding is fixed if the same engine no longer finds it", async () => {
    const { judgement } = await stage("scan", recorded(), []);
    assert.deepEqual(
      judgement.fixed.map((gone) => [gone.engine, segmentOfEntry(gone).join()]),
      [["scan", "g"]],
    );
  });
});
