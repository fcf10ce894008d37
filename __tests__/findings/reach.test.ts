import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { endedAlike, hasFindings, type Reach, reachedLess } from "../../src/findings/reach.ts";

const reach = (status: Reach["status"], ran: number | null = null, cause: string | null = null): Reach => ({ status, ran, cause });
const CRASHED = reach("crashed", null, "signal:SIGSEGV");

suite("a run got less far than another one", () => {
  test("a run got less far than another one if it passed less, failed less or was skipped less, in this order", () => {
    const ordered = [CRASHED, reach("skipped"), reach("failed"), reach("passed")];
    ordered.forEach((now, index) => {
      assert.deepEqual(
        ordered.map((before) => reachedLess(now, before)),
        ordered.map((_, other) => index < other),
      );
    });
  });

  test("a run got less far than another one if its report is incomplete, whatever its status", () => {
    assert.ok(reachedLess(reach("passed", 9, "report"), reach("skipped")));
  });

  test("a run got less far than another one if it failed after fewer tests, or passed with less than half of them", () => {
    assert.deepEqual(
      [reachedLess(reach("failed", 8), reach("failed", 9)), reachedLess(reach("failed", 9), reach("failed", 9))],
      [true, false],
    );
    assert.deepEqual(
      [reachedLess(reach("passed", 4), reach("passed", 9)), reachedLess(reach("passed", 5), reach("passed", 9))],
      [true, false],
    );
  });

  test("a run did not get less far by numbers that are unknown", () => {
    assert.equal(reachedLess(reach("passed", null), reach("passed", 9)), false);
    assert.equal(reachedLess(reach("passed", 0), reach("passed", null)), false);
  });

  const anyReach = fc.record({
    status: fc.constantFrom<Reach["status"]>("passed", "failed", "skipped", "timeout", "crashed"),
    ran: fc.option(fc.nat(20)),
    cause: fc.option(fc.constantFrom("timeout", "report")),
  });

  test("two runs never both got less far than the other, and no run than itself", () => {
    fc.assert(
      fc.property(anyReach, anyReach, (a, b) => !(reachedLess(a, b) && reachedLess(b, a)) && !reachedLess(a, a) && endedAlike(a, a)),
    );
  });
});

test("two runs fell short alike if they have the same status and cause", () => {
  assert.ok(endedAlike(CRASHED, { ...CRASHED }));
  assert.ok(!endedAlike(CRASHED, { ...CRASHED, cause: "signal:SIGABRT" }));
  assert.ok(!endedAlike(reach("failed", 3), reach("failed", 4)));
});

test("only complete runs that were not skipped have findings", () => {
  assert.deepEqual([reach("passed"), reach("failed"), reach("skipped"), CRASHED].map(hasFindings), [true, true, false, false]);
});
