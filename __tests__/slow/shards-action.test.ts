import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Report } from "../../src/report/report.ts";
import { ActionRuns } from "../support/action-runs.ts";
import { assertExit, readReport } from "../support/command.ts";
import { FORK_ID } from "../support/github/rest.ts";
import type { RanJob } from "../support/job.ts";
import { assertSameOutcome, normalized } from "../support/normalized.ts";

const runs = await ActionRuns.open();
const { checkout, github } = runs;
after(() => runs.close());

const TESTS = { tests: "none", scan: "test_bisect test_heapq test_operator", jobs: "1" };

interface Run {
  readonly id: number;
  readonly attempt?: number;
  readonly sha: string;
  readonly event: string;
}

const MAIN: Run = { id: 1, sha: "m1", event: "push" };

interface Step {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly cancel?: AbortSignal;
}

function job({ id, sha, event, attempt = 1 }: Run, { name, inputs, cancel }: Step): Promise<RanJob> {
  const env = { GITHUB_JOB: name, GITHUB_ACTION: `${name}-step`, GITHUB_RUN_ATTEMPT: `${attempt}` };
  return runs.job(id, sha, event, env, { ...TESTS, ...inputs }, undefined, cancel);
}

const planJob = (run: Run): Promise<RanJob> => job(run, { name: "plan", inputs: { mode: "plan", shards: "2" } });
const shardJob = (run: Run, shard: string, cancel?: AbortSignal): Promise<RanJob> =>
  job(run, { name: "shard", inputs: { shard }, ...(cancel && { cancel }) });
const reportJob = (run: Run): Promise<RanJob> => job(run, { name: "report", inputs: { mode: "report" } });

const keptShards = ({ id }: Run) => github.rest.artifacts.filter(({ run, name }) => run === id && name.startsWith("memcheck-shard"));

function reportOf(ran: RanJob): Report {
  return readReport(ran.outputs.report ?? "");
}

const shardsIn = ({ problems }: Report) => problems.flatMap((problem) => ("shard" in problem ? [`${problem.shard} ${problem.code}`] : []));

/** A run of a fork's pull request, with m1 on main as its merge base. */
function forkOf(id: number): Run {
  github.rest.commits.set("p1", ["m1"]);
  github.rest.run({ id, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
  return { id, sha: "p1", event: "pull_request" };
}

/** Runs the plan job. @returns its two shards */
async function planned(run: Run): Promise<readonly string[]> {
  const ran = await planJob(run);
  assertExit(ran, 0);
  assert.deepEqual(JSON.parse(ran.outputs.matrix ?? ""), { shard: ["1/2", "2/2"] });
  return ["1/2", "2/2"];
}

suite("the action in shards", () => {
  test("the action in shards outputs a matrix, and the report records the baseline", async () => {
    github.rest.run({ id: MAIN.id, sha: MAIN.sha, status: "in_progress", conclusion: null });
    for (const shard of await planned(MAIN)) {
      const ran = await shardJob(MAIN, shard);
      assertExit(ran, 0);
      assert.deepEqual([ran.outputs, ran.summary], [{}, ""]);
      assert.doesNotMatch(ran.stdout, /^::(error|warning|notice)/m);
    }
    const ran = await reportJob(MAIN);
    assertExit(ran, 0);
    assert.equal(ran.outputs.verdict, "clean");
    assert.deepEqual(github.rest.artifacts.map(({ name }) => name.replace(/-v\d.*$/, "")).toSorted(), [
      "memcheck-baseline",
      "memcheck-plan",
      "memcheck-shard-1-of-2",
      "memcheck-shard-2-of-2",
    ]);
    Object.assign(github.rest.runs[0] ?? {}, { status: "completed", conclusion: "success" });
  });

  test("the action in shards names a canceled shard, and has the whole report once that shard ran again", async () => {
    const fork = forkOf(3);
    for (const shard of await planned(fork)) assertExit(await shardJob(fork, shard), 0);
    const whole = normalized(reportOf(await reportJob(fork)));
    const cancel = new AbortController();
    const cancelled = shardJob({ ...fork, attempt: 2 }, "2/2", cancel.signal);
    // It has started once it has deleted the artifact of its first attempt.
    while (keptShards(fork).length === 2) await pause(20);
    cancel.abort();
    assertExit(await cancelled, 2);
    const without = await reportJob({ ...fork, attempt: 2 });
    // A canceled job has a few seconds to upload its result, and may or may not make it.
    assert.match(shardsIn(reportOf(without)).join(), /^2\/2 (shard-stopped|shard-unusable)$/);
    assert.notEqual(without.outputs.verdict, "clean");
    assertExit(await shardJob({ ...fork, attempt: 3 }, "2/2"), 0);
    assertSameOutcome(reportOf(await reportJob({ ...fork, attempt: 3 })), whole);
  });

  test("the action in shards never uses artifacts of another run, and names each missing shard", async () => {
    const other = forkOf(4);
    assertExit(await shardJob(other, "1/2"), 2);
    const none = await reportJob(other);
    assertExit(none, 2);
    assert.deepEqual(
      reportOf(none).problems.map(({ code }) => code),
      ["plan-unusable"],
    );
    await planned(other);
    const ran = await reportJob(other);
    assertExit(ran, 2);
    assert.deepEqual(shardsIn(reportOf(ran)), ["1/2 shard-unusable", "2/2 shard-unusable"]);
    assert.match(ran.stdout, /^::warning title=Not checked::Shard 1\/2 did not check/m);
  });

  test("the action in shards ignores results for an earlier plan of the same run", async () => {
    const fork = forkOf(5);
    for (const shard of await planned(fork)) assertExit(await shardJob(fork, shard), 0);
    const again = { ...fork, attempt: 2 };
    assertExit(await planJob(again), 0);
    assertExit(await shardJob(again, "1/2"), 0);
    const ran = await reportJob(again);
    assert.deepEqual(shardsIn(reportOf(ran)), ["2/2 shard-of-other-plan"]);
    assert.notEqual(ran.outputs.verdict, "clean");
  });

  test("the action in shards compares a fork's pull request with the baseline of a report, and annotates its leak once", async () => {
    checkout.edit(
      "Modules/_bisectmodule.c",
      "return internal_bisect_left(a, x, lo, hi, key);",
      "(void)PyMem_RawMalloc(40);\n    return internal_bisect_left(a, x, lo, hi, key);",
    );
    const fork = forkOf(6);
    for (const shard of await planned(fork)) assertExit(await shardJob(fork, shard), 0);
    const ran = await reportJob(fork);
    assertExit(ran, 1);
    const found = ran.stdout.match(/^::error title=New memory leak in _bisect_bisect_left\w*,file=Modules\/_bisectmodule\.c,line=\d+::/gm);
    assert.equal(found?.length, 1);
    assert.equal(reportOf(ran).baseline?.origin?.commit, "m1");
  });
});
