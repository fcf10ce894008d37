import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { planLines, shardLines } from "../../src/report/shard-lines.ts";
import { run } from "../support/builders.ts";
import { plan, shardResult } from "../support/shards.ts";

suite("the lines about a plan", () => {
  test("the lines about a plan have a summary, and each shard's name, test files and time", () => {
    assert.deepEqual(planLines(plan()), [
      "2 test files in 2 shards: about 2.0 s if they run in parallel.",
      "1/2: 1 test file, about 1.0 s",
      "2/2: 1 test file, about 2.0 s",
    ]);
  });

  test("the lines about a plan with one shard, or without test files, make sense, too", () => {
    const [first] = plan().shards;
    assert.ok(first);
    assert.equal(planLines(plan({ shards: [first] }))[0], "1 test file in 1 shard: about 1.0 s.");
    assert.equal(planLines(plan({ shards: [{ seconds: 0, tests: [] }] }))[0], "0 test files in 1 shard: about 0.0 s.");
  });
});

suite("the lines about a shard", () => {
  const ran = [run({ name: "test_a", engine: "scan" }), run({ name: "test_b", status: "stopped" })];

  test("the lines about a shard say that the verdict comes later", () => {
    assert.deepEqual(shardLines(shardResult("1/2", ran)), ["Shard 1/2 ran 1 test file. The report gives the verdict."]);
  });

  test("the lines about a shard say that the shard was stopped, not the report", () => {
    const stopped = shardResult("1/2", ran, { stopped: { code: "signal", signal: "SIGINT" } });
    assert.deepEqual(shardLines(stopped), [
      "Shard 1/2 ran 1 test file, and was stopped before its end: it received SIGINT. The report gives the verdict.",
    ]);
  });

  test("the lines about a shard say why an engine checked nothing, and what to do", () => {
    const failed = shardResult("1/2", [], {
      failures: [{ code: "engine-failed", engine: "memcheck", detail: "There is no `valgrind`.", hint: "Install it." }],
    });
    assert.deepEqual(shardLines(failed).slice(1), ["Not checked: Nothing was checked by memcheck: There is no `valgrind`.", "Install it."]);
  });
});
