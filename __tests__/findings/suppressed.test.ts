import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { countSuppressed, mergeSuppressed } from "../../src/findings/suppressed.ts";
import { run } from "../support/builders.ts";

suite("suppressed errors", () => {
  test("suppressed errors are counted by the test files in which a suppression hid some, for each engine", () => {
    const runs = [run({ suppressed: ["a", "b"] }), run({ name: "test_y", suppressed: ["a"] }), run({ engine: "scan", suppressed: ["a"] })];
    assert.deepEqual(countSuppressed(runs), [
      { engine: "memcheck", name: "a", tests: 2 },
      { engine: "memcheck", name: "b", tests: 1 },
      { engine: "scan", name: "a", tests: 1 },
    ]);
  });

  test("suppressed errors keep the larger count if only some test files were recorded", () => {
    const count = (name: string, tests: number) => ({ engine: "scan", name, tests }) as const;
    assert.deepEqual(mergeSuppressed([count("a", 3), count("b", 1)], [count("a", 1)]), [count("a", 3), count("b", 1)]);
  });
});
