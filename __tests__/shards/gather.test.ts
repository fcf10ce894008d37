import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Problem } from "../../src/model/problem.ts";
import { type Gathered, gatherShards, notChosenByReport } from "../../src/shards/gather.ts";
import type { ShardResult } from "../../src/shards/shard-result.ts";
import { run } from "../support/builders.ts";
import { plan, RESULTS, SUBJECT, shardResult, stored } from "../support/shards.ts";

const [FIRST, SECOND] = [RESULTS[0], RESULTS[1]] as readonly [ShardResult, ShardResult];
const GATHERED = { kind: "found", where: "shard-2-of-2" } as const;

/** Gathers both shards, with changes to the second result. */
const withSecond = (second: Partial<ShardResult>): Gathered => gatherShards(plan(), stored([FIRST, { ...SECOND, ...second }]));

const failed = (engine: "scan" | "memcheck"): Problem => ({ code: "engine-failed", engine, detail: "no", hint: null });

suite("gathered shards", () => {
  test("gathered shards are whole and without a problem if all results are there", () => {
    const gathered = gatherShards(plan(), stored(RESULTS));
    assert.deepEqual([gathered.isWhole, gathered.problems, gathered.excused], [true, [], []]);
    assert.deepEqual(gathered.results, RESULTS);
  });

  test("gathered shards name a missing shard", () => {
    const gathered = gatherShards(plan(), stored([FIRST]));
    assert.deepEqual(
      gathered.problems.map((one) => one.code === "shard-unusable" && [one.shard, one.why.code, one.tests]),
      [["2/2", "missing", 1]],
    );
    assert.deepEqual([gathered.isWhole, gathered.results.length, gathered.excused], [false, 1, plan().shards[1]?.tests]);
  });

  test("gathered shards ignore results for an earlier plan", () => {
    const { problems, results, isWhole } = withSecond({ plan: "9d4f3bd7-3f4c-4c34-8d4b-2f7e37b5a1c5" });
    assert.deepEqual([problems, results.length, isWhole], [[{ code: "shard-of-other-plan", shard: "2/2", tests: 1 }], 1, false]);
  });

  test("gathered shards name the field in which a shard differs from the plan", () => {
    const { problems, results } = withSecond({ subject: { ...SUBJECT, commit: "other" } });
    const mismatch = { field: "commit", planned: "c0ffee", current: "other" };
    assert.deepEqual([problems, results.length], [[{ code: "shard-mismatch", shard: "2/2", ...mismatch, tests: 1 }], 1]);
  });

  test("gathered shards do not accept a result under another shard's name", () => {
    const { problems, results } = gatherShards(
      plan(),
      new Map([...stored(RESULTS)].map(([name]) => [name, stored([FIRST]).get("shard-1-of-2") ?? { ...GATHERED, packed: Buffer.of() }])),
    );
    assert.deepEqual(
      [problems.map((one) => one.code === "shard-unusable" && [one.shard, one.why.code]), results.length],
      [[["2/2", "damaged"]], 1],
    );
  });

  test("gathered shards do not accept runs of test files that the plan gave to another shard", () => {
    const gathered = gatherShards(plan(), stored([FIRST, shardResult("2/2", [run({ name: "test_a", engine: "scan" })])]));
    assert.deepEqual([gathered.results.length, gathered.isWhole], [1, false]);
  });

  test("gathered shards do not take another shard's second run for its own", () => {
    const again = (name: string, step: "retry" | "suspect") => ({ step, run: run({ name, engine: "memcheck" }) });
    const withRun = (one: ReturnType<typeof again>) =>
      withSecond({ found: { ...SECOND.found, runs: [...SECOND.found.runs, one] } }).isWhole;
    assert.deepEqual([withRun(again("test_b", "retry")), withRun(again("test_a", "retry"))], [true, false]);
    const looked = { ...FIRST, found: { ...FIRST.found, runs: [...FIRST.found.runs, again("test_a", "suspect")] } };
    assert.equal(gatherShards(plan(), stored([looked, SECOND])).isWhole, true);
  });

  test("gathered shards report why a shard could not check", () => {
    const { problems } = withSecond({
      subject: null,
      failures: [{ code: "check-failed", detail: "It does not build.", hint: "Fix it." }],
    });
    assert.deepEqual(problems, [{ code: "shard-failed", shard: "2/2", detail: "It does not build.", hint: "Fix it.", tests: 1 }]);
  });

  test("gathered shards keep the runs of a stopped shard, and name its unfinished test files", () => {
    const gathered = withSecond({ stopped: { code: "signal", signal: "SIGINT" }, subject: null, found: { ...SECOND.found, runs: [] } });
    assert.deepEqual(gathered.problems, [
      { code: "shard-stopped", shard: "2/2", why: { code: "signal", signal: "SIGINT" }, unfinished: ["test_b"] },
    ]);
    assert.deepEqual([gathered.results.length, gathered.isWhole], [2, false]);
  });

  test("gathered shards distinguish an engine that failed in one shard from one that failed in all shards that use it", () => {
    const everywhere = withSecond({ failures: [failed("memcheck")], found: { ...SECOND.found, runs: [] } });
    assert.deepEqual([everywhere.failures, everywhere.problems], [[failed("memcheck")], []]);
    const both = plan({
      shards: plan().shards.map((shard) => ({ ...shard, tests: [...shard.tests, { engine: "torture", name: `of-${shard.seconds}` }] })),
    });
    const torture: Problem = { code: "engine-failed", engine: "torture", detail: "no", hint: null };
    const once = gatherShards(both, stored([FIRST, { ...SECOND, failures: [torture] }]));
    const named = { code: "shard-failed", shard: "2/2", detail: "torture could not run: no", hint: null, tests: 1 };
    assert.deepEqual([once.failures, once.problems, once.excused], [[], [named], [{ engine: "torture", name: "of-2" }]]);
  });

  test("gathered shards name test files that the report does not choose, so that no finding in them is lost", () => {
    const [, { tests: second = [] } = {}] = plan().shards;
    assert.deepEqual(notChosenByReport(plan(), [{ engine: "scan", name: "test_a" }]), second);
    assert.deepEqual(notChosenByReport(plan(), [{ engine: "scan", name: "test_a" }, { engine: "scan", name: "test_b" }, ...second]), []);
  });

  test("gathered shards are not whole if one has arbitrary bytes, and nothing is thrown", () => {
    const packed = stored(RESULTS).get("shard-2-of-2");
    const whole = packed?.kind === "found" ? packed.packed : Buffer.of();
    const cut = fc.integer({ min: 0, max: whole.length - 1 }).map((length) => whole.subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), cut), (bytes) => {
        const lookups = new Map([...stored([FIRST]), ["shard-2-of-2", { ...GATHERED, packed: bytes }] as const]);
        const gathered = gatherShards(plan(), lookups);
        assert.deepEqual([gathered.isWhole, gathered.problems.map(({ code }) => code)], [false, ["shard-unusable"]]);
      }),
    );
  });
});
