import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Job } from "../../src/engines/job.ts";
import type { TestRunner } from "../../src/engines/run-all.ts";
import type { BaselineEntry } from "../../src/findings/baseline.ts";
import type { History } from "../../src/findings/history.ts";
import { NO_CHANGES } from "../../src/git/changes.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import type { RunResults } from "../../src/shards/shard-result.ts";
import { ShardResultSchema } from "../../src/shards/shard-result.ts";
import { decodeStored, encodeStored } from "../../src/shards/stored-file.ts";
import { Execution } from "../../src/stages/execution.ts";
import { runStage, type StageResult } from "../../src/stages/stage.ts";
import { baseline, CRASHED, entry, finding, recordedTest, run } from "../support/builders.ts";
import { QuietProgress } from "../support/progress.ts";
import { shardResult } from "../support/shards.ts";

/** A test file and the outcomes of its runs, in order; the last one repeats. */
interface Played {
  readonly name: string;
  readonly runs: readonly {
    readonly status: "passed" | "failed" | "skipped" | "crashed";
    readonly errors: readonly string[];
    readonly blocks: number;
  }[];
  /** The errors in the baseline; null if the baseline lacks the test file. */
  readonly known: readonly string[] | null;
  /** Index of the shard that runs it. */
  readonly shard: number;
}

const errors = fc.subarray(["f", "g", "h", "parse_x", "parse_y"]);
const aRun = fc.record({
  status: fc.constantFrom("passed", "passed", "failed", "skipped", "crashed"),
  errors,
  blocks: fc.integer({ min: 1, max: 3 }),
});
const someTests: fc.Arbitrary<readonly Played[]> = fc
  .array(
    fc.record({
      runs: fc.array(aRun, { minLength: 1, maxLength: 3 }),
      known: fc.option(errors),
      shard: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map((one, index) => ({ ...one, name: `test_${index}` })));

/** Plays the runs of each test file, starting with the first one. */
class Player implements TestRunner {
  readonly #tests: readonly Played[];
  readonly #counts = new Map<string, number>();

  constructor(tests: readonly Played[]) {
    this.#tests = tests;
  }

  async run({ name }: Job): Promise<TestRun> {
    const { runs = [] } = this.#tests.find((one) => one.name === name) ?? {};
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    const played = runs[Math.min(count, runs.length - 1)];
    const findings = played?.errors.map((error) => finding(error, { test: { file: name, id: null }, blocks: played.blocks })) ?? [];
    return run({ name, status: played?.status ?? "passed", findings, incomplete: played?.status === "crashed" ? CRASHED : null });
  }

  async stop(): Promise<void> {}
}

function historyOf(tests: readonly Played[]): History {
  const recorded = tests.filter(({ known }) => known !== null);
  const findings = recorded.flatMap(({ name, known }) => (known ?? []).map((error): BaselineEntry => entry(error, { test: name })));
  const records = recorded.map(({ name }) => recordedTest({ name }));
  return { kind: "comparable", where: "here", baseline: baseline({ tests: records, findings }) };
}

function stage(tests: readonly Played[], past: History, execution: Execution): Promise<StageResult> {
  const jobs = tests.map(({ name }) => ({ name, args: [], cwd: "/", env: {} }));
  const change = { changes: NO_CHANGES, functionsOf: async () => new Set<string>(), acceptances: [], today: "2026-06-01" };
  const context = { past, scope: "nothing", width: 2, progress: new QuietProgress(), change, skips: [], execution } as const;
  return runStage({ engine: "memcheck", title: "A stage", jobs, testRunner: new Player(tests), allBut: [] }, context);
}

/** Encodes and decodes the runs, as between two machines. */
function stored(found: RunResults): RunResults {
  const decoded = decodeStored(ShardResultSchema, encodeStored({ ...shardResult("1/3", []), found }));
  return "value" in decoded ? decoded.value.found : assert.fail(decoded.detail);
}

async function inShards(tests: readonly Played[], past: History): Promise<StageResult> {
  const shardResults: RunResults[] = [];
  for (const shard of [0, 1, 2]) {
    const own = tests.filter((one) => one.shard === shard).map(({ name }) => ({ engine: "memcheck" as const, name }));
    const execution = Execution.ofPart({ own, shardResults: [], suite: null, failures: [] });
    await stage(tests, past, execution);
    shardResults.push(stored(execution.found));
  }
  return await stage(tests, past, Execution.ofPart({ own: [], shardResults, suite: null, failures: [] }));
}

suite("a stage in three shards", () => {
  test("a stage in three shards is judged as on one machine, for any outcome of first, retried and second runs", async () => {
    await fc.assert(
      fc.asyncProperty(someTests, async (tests) => {
        const past = historyOf(tests);
        assert.deepEqual(await inShards(tests, past), await stage(tests, past, Execution.whole()));
      }),
    );
  });

  test("a stage in three shards without a baseline is judged as on one machine", async () => {
    const past = { kind: "first-run", where: "here" } as const;
    await fc.assert(
      fc.asyncProperty(someTests, async (tests) => {
        assert.deepEqual(await inShards(tests, past), await stage(tests, past, Execution.whole()));
      }),
    );
  });
});
