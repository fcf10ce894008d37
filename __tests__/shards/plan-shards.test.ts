import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { MAX_SHARDS } from "../../src/model/shard.ts";
import { type PlannedShard, planShards, planWithin, secondsOf, type TimedTest } from "../../src/shards/plan-shards.ts";

function timed(...seconds: readonly number[]): readonly TimedTest[] {
  return seconds.map((one, index) => ({ engine: "memcheck", name: `test_${index}`, seconds: one }));
}

const namesIn = (shards: readonly PlannedShard[]) => shards.map(({ tests }) => tests.map(({ name }) => name));

const someTests = fc
  .array(fc.record({ engine: fc.constantFrom("scan", "memcheck", "torture"), seconds: fc.integer({ min: 0, max: 4000 }) }), {
    maxLength: 60,
  })
  .map((all) => all.map((one, index): TimedTest => ({ ...one, name: `test_${index}` })));
const someShards = fc.integer({ min: 1, max: 70 });
const someWidth = fc.integer({ min: 1, max: 4 });

suite("shards", () => {
  test("shards get the longest test files first, each on the shard that finishes it first", () => {
    assert.deepEqual(namesIn(planShards(timed(9, 5, 4, 3, 2, 1), 2, 1)), [
      ["test_0", "test_3"],
      ["test_1", "test_2", "test_4", "test_5"],
    ]);
  });

  test("shards on two cores take as long as the busier core", () => {
    assert.deepEqual(
      planShards(timed(10, 4, 4), 1, 2).map(({ seconds }) => seconds),
      [10],
    );
  });

  test("shards are at most as many as test files, and at least one", () => {
    assert.equal(planShards(timed(1, 1, 1), 8, 2).length, 3);
    assert.deepEqual(planShards([], 8, 2), [{ seconds: 0, tests: [] }]);
  });

  test("shards share test files that take no time, so that none has all of them and every machine has some", () => {
    const sizes = (tests: readonly TimedTest[]) => planShards(tests, 4, 2).map((shard) => shard.tests.length);
    assert.deepEqual(sizes(timed(...Array.from({ length: 12 }, () => 0))), [3, 3, 3, 3]);
    assert.deepEqual(sizes(timed(9, 0, 0, 0, 0, 0, 0)), [1, 2, 2, 2]);
  });

  test("shards contain each test file once", () => {
    fc.assert(
      fc.property(someTests, someShards, someWidth, (tests, shards, width) => {
        const planned = planShards(tests, shards, width).flatMap((shard) => shard.tests);
        assert.deepEqual(planned.map(({ name }) => name).toSorted(), tests.map(({ name }) => name).toSorted());
      }),
    );
  });

  test("shards on two cores run the scan and memcheck one after the other", () => {
    const both = [...timed(10, 4), { engine: "scan", name: "test_0", seconds: 3 } as const];
    assert.deepEqual(
      planShards(both, 1, 2).map(({ seconds }) => seconds),
      [13],
    );
  });

  test("shards take at most the mean of all machines plus the longest test file", () => {
    fc.assert(
      fc.property(someTests, someShards, someWidth, (tests, shards, width) => {
        const planned = planShards(tests, shards, width);
        const total = tests.reduce((sum, { seconds }) => sum + seconds, 0);
        const longest = Math.max(0, ...tests.map(({ seconds }) => seconds));
        assert.ok(secondsOf(planned) <= total / planned.length + longest);
      }),
    );
  });

  test("shards do not depend on the order of the test files", () => {
    fc.assert(
      fc.property(someTests, someShards, (tests, shards) => {
        assert.deepEqual(planShards(tests.toReversed(), shards, 2), planShards(tests, shards, 2));
      }),
    );
  });
});

suite("shards within a time", () => {
  test("shards within a time are as few as possible", () => {
    assert.equal(planWithin(timed(60, 60, 60, 60), 120, 1).length, 2);
    assert.equal(planWithin(timed(60, 60, 60, 60), 119, 1).length, 4);
    assert.equal(planWithin(timed(60, 60, 60, 60), 60, 2).length, 2);
  });

  test("shards within a time limit exceed it only for a test file that is longer", () => {
    fc.assert(
      fc.property(someTests, fc.integer({ min: 1, max: 5000 }), someWidth, (tests, limit, width) => {
        const longest = Math.max(0, ...tests.map(({ seconds }) => seconds));
        assert.ok(secondsOf(planWithin(tests, limit, width)) <= Math.max(limit, longest));
      }),
    );
  });

  test("shards within a time that can't be met are as many as GitHub allows", () => {
    assert.equal(planWithin(timed(...Array.from({ length: 600 }, () => 60)), 60, 1).length, MAX_SHARDS);
  });
});
