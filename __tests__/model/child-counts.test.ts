import assert from "node:assert/strict";
import { test } from "node:test";
import { addChildCounts } from "../../src/model/child-counts.ts";

test("counts of children add up over test files, and are unknown if none was followed", () => {
  assert.equal(addChildCounts([]), undefined);
  assert.equal(addChildCounts([undefined, undefined]), undefined);
  const one = { started: 3, looked: 1, missed: [{ why: "killed", count: 2 }], others: 0 } as const;
  const other = {
    started: 4,
    looked: 1,
    missed: [
      { why: "exec", count: 2 },
      { why: "killed", count: 1 },
    ],
    others: 5,
  } as const;
  assert.deepEqual(addChildCounts([{ ...one, missed: [...one.missed] }, undefined, { ...other, missed: [...other.missed] }]), {
    started: 7,
    looked: 2,
    missed: [
      { why: "exec", count: 2 },
      { why: "killed", count: 3 },
    ],
    others: 5,
  });
});
