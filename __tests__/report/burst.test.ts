import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { gatherBursts } from "../../src/report/burst.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { reported } from "../support/reports.ts";

const names = (findings: readonly ReportedFinding[]): string[] => findings.map(({ site, roots }) => `${site.function} ${roots.length}`);

suite("leaks from one test", () => {
  const leaks = ["a", "b", "c"].map((name, index) => reported(name, { blocks: 5 - index, bytes: 10 }));

  test("leaks from one test beyond the limit are one finding in place of the worst, with all as roots and their sums", () => {
    const [burst, ...rest] = gatherBursts(leaks, 2);
    assert.deepEqual([burst?.site.function, burst?.blocks, burst?.bytes, rest], ["a", 12, 30, []]);
    assert.deepEqual(
      burst?.roots.map(({ site, blocks }) => `${site.function} ${blocks}`),
      ["a 5", "b 4", "c 3"],
    );
    assert.deepEqual(burst?.signature, leaks[0]?.signature);
  });

  test("leaks from one test stay as they are up to the limit", () => {
    assert.deepEqual(gatherBursts(leaks, 3), leaks);
  });

  test("a burst of leaks takes in no leak of another test, engine or outcome, and no other error", () => {
    const others = [
      reported("test", { test: { file: "test_y", id: null } }),
      reported("engine", { engine: "scan" }),
      reported("outcome", { status: "grown" }),
      ...["r", "s", "t"].map((name) => reported(name, { kind: "InvalidRead" })),
    ];
    assert.deepEqual(names(gatherBursts([...others, ...leaks], 2)), ["test 0", "engine 0", "outcome 0", "r 0", "s 0", "t 0", "a 3"]);
  });

  test("a burst of leaks that the baseline has too is compared as a whole", () => {
    const known = leaks.map((leak) => ({ ...leak, status: "known" as const, blocksBefore: 2 }));
    assert.equal(gatherBursts(known, 2)[0]?.blocksBefore, 6);
  });
});
