// Plans and results of shards, with fields that a test overrides.
import type { TestRun } from "../../src/model/test-run.ts";
import { PLAN_VERSION, type ShardPlan, type Subject } from "../../src/shards/shard-plan.ts";
import type { RunResults, ShardResult } from "../../src/shards/shard-result.ts";
import { nameOfShard, type StoredLookup } from "../../src/shards/shard-store.ts";
import { encodeStored } from "../../src/shards/stored-file.ts";
import { IDENTITY, run } from "./builders.ts";

export const SUBJECT: Subject = {
  commit: "c0ffee",
  content: "c0de",
  build: "3.13.5-aa-bb",
  identity: IDENTITY,
  settings: { scan: '"all"' },
  hiding: "c1ea2",
};

/** Two shards: the first scans test_a, the second runs test_b under memcheck. */
export function plan(overrides: Partial<ShardPlan> = {}): ShardPlan {
  return {
    planVersion: PLAN_VERSION,
    id: "0b7e0a52-6e0a-4c39-9f4c-0d8a7c4b1f11",
    subject: SUBJECT,
    today: "2026-06-01",
    lookup: { kind: "none", where: "here" },
    jobs: 2,
    builds: [],
    suite: null,
    shards: [
      { seconds: 1, tests: [{ engine: "scan", name: "test_a" }] },
      { seconds: 2, tests: [{ engine: "memcheck", name: "test_b" }] },
    ],
    ...overrides,
  };
}

export function foundBy(runs: readonly TestRun[], overrides: Partial<RunResults> = {}): RunResults {
  return { runs: runs.map((one) => ({ step: "first", run: one })), crashes: [], footprints: null, torture: null, ...overrides };
}

export function shardResult(shard: string, runs: readonly TestRun[], overrides: Partial<ShardResult> = {}): ShardResult {
  const { id, subject } = plan();
  const whole = { planVersion: PLAN_VERSION, plan: id, shard, subject, failures: [], stopped: null, notes: [] } as const;
  return { ...whole, failures: [], notes: [], found: foundBy(runs), ...overrides };
}

/** The results of both shards of {@link plan}. */
export const RESULTS: readonly ShardResult[] = [
  shardResult("1/2", [run({ name: "test_a", engine: "scan" })]),
  shardResult("2/2", [run({ name: "test_b", engine: "memcheck" })]),
];

export function stored(results: readonly ShardResult[]): ReadonlyMap<string, StoredLookup> {
  return new Map(
    results.map((result): [string, StoredLookup] => {
      const name = nameOfShard(result.shard);
      return [name, { kind: "found", where: name, packed: encodeStored(result) }];
    }),
  );
}
