import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isExpired, leaveOut } from "../../src/findings/skip.ts";

const JOBS = ["test_asyncio.test_events", "test_asyncio_more", "test_csv", "test_gdb"].map((name) => ({ name }));
const REASON = { reason: "why" };

suite("skipped test files", () => {
  const left = (test: string, more = {}) =>
    leaveOut(JOBS, [{ test, ...REASON, ...more }], "scan", "2026-06-01").jobs.map(({ name }) => name);

  test("skipped test files are left out by name, with all files of a package", () => {
    assert.deepEqual(left("test_csv"), ["test_asyncio.test_events", "test_asyncio_more", "test_gdb"]);
    assert.deepEqual(left("test_asyncio"), ["test_asyncio_more", "test_csv", "test_gdb"]);
  });

  test("skipped test files are listed with their entry", () => {
    const skip = { test: "test_csv", ...REASON };
    assert.deepEqual(leaveOut(JOBS, [skip], "memcheck", "2026-06-01").skipped, [{ name: "test_csv", skip }]);
  });

  test("skipped test files run under the engine that the entry does not name", () => {
    assert.equal(left("test_csv", { engine: "memcheck" }).length, JOBS.length);
    assert.equal(left("test_csv", { engine: "scan" }).length, JOBS.length - 1);
  });

  test("skipped test files run again after the last day", () => {
    assert.equal(left("test_csv", { expires: "2026-06-01" }).length, JOBS.length - 1);
    assert.equal(left("test_csv", { expires: "2026-05-31" }).length, JOBS.length);
    assert.deepEqual([isExpired({ expires: "2026-05-31" }, "2026-06-01"), isExpired({}, "2026-06-01")], [true, false]);
  });
});
