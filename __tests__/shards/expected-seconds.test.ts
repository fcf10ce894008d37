import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { expectSeconds } from "../../src/shards/expected-seconds.ts";
import { recordedTest } from "../support/builders.ts";

const recorded = [
  recordedTest({ name: "test_a", engine: "scan", seconds: 1 }),
  recordedTest({ name: "test_b", engine: "scan", seconds: 3 }),
  recordedTest({ name: "test_c", engine: "scan", seconds: 50 }),
  recordedTest({ name: "test_a", engine: "torture", slice: "0/2", seconds: 100 }),
  recordedTest({ name: "test_a", engine: "torture", slice: "1/2", seconds: 200 }),
];

suite("the expected time of a test file", () => {
  test("the expected time of a test file is its time in the baseline under the same engine", () => {
    assert.equal(expectSeconds(recorded)({ engine: "scan", name: "test_c" }), 50);
  });

  test("the expected time of a test file that the baseline lacks is its engine's median", () => {
    assert.equal(expectSeconds(recorded)({ engine: "scan", name: "test_new" }), 3);
  });

  test("the expected time of a test file without any baseline is larger under memcheck than in the scan", () => {
    const secondsFor = expectSeconds([]);
    assert.ok(secondsFor({ engine: "memcheck", name: "test_a" }) > secondsFor({ engine: "scan", name: "test_a" }));
  });

  test("the expected time of torture is the recorded time of the same slice", () => {
    assert.equal(expectSeconds(recorded, "0/2")({ engine: "torture", name: "test_a" }), 100);
    assert.equal(expectSeconds(recorded, "1/2")({ engine: "torture", name: "test_a" }), 200);
  });
});
