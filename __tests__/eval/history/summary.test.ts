import assert from "node:assert/strict";
import { test } from "node:test";
import { type Found, notReached } from "../../../eval/history/outcome.ts";
import { groupOf, historyTable, isGood, summarize, summaryTable } from "../../../eval/history/summary.ts";
import { finished } from "./finished.ts";

const MISSED = { code: "missed", why: "nothing-new", detail: "test_x (scan)" } as const;
const FOUND = {
  by: ["scan"],
  kind: "Leak_DefinitelyLost",
  function: "leaky",
  file: "Modules/_x.c",
  line: 7,
  isInChange: true,
  test: "test_x",
} satisfies Found;

test("fixes are grouped by the kind of bug", () => {
  const group = (kind: string): string => groupOf({ table: "fixes", kind });
  assert.deepEqual(["refleak", "leak", "uaf", "doublefree", "overread", "overflow", "uninit", "other"].map(group), [
    "leaks",
    "leaks",
    "use after free",
    "use after free",
    "over-reads",
    "over-reads",
    "uninitialised reads",
    "other fixes",
  ]);
  assert.equal(groupOf({ table: "introduced", kind: "refleak" }), "introduced");
});

test("a summary counts only rows that were reached, in its median too", () => {
  const rows = [
    finished({ seconds: 10 }),
    finished({ seconds: 90, outcome: MISSED }),
    finished({ seconds: 30 }),
    finished({ seconds: 500, outcome: notReached("test-skipped", "") }),
  ];
  assert.deepEqual(summarize(rows), [{ group: "leaks", checked: 3, found: 2, inconclusive: 0, notReached: 1, medianSeconds: 30 }]);
});

test("a summary of harmless rows counts false alarms and inconclusive checks", () => {
  const harmless = { table: "harmless", kind: "perf" } as const;
  const rows = [
    finished({ ...harmless, outcome: { code: "quiet" } }),
    finished({ ...harmless, outcome: { code: "false-alarm", findings: [FOUND] } }),
    finished({ ...harmless, outcome: { code: "inconclusive", detail: "" } }),
  ];
  const [summary] = summarize(rows);
  assert.deepEqual([summary?.checked, summary?.found, summary?.inconclusive], [3, 1, 1]);
});

test("a summary without rows is empty", () => {
  assert.deepEqual(summarize([]), []);
});

test("an evaluation is good if no bug that a test reaches is missed, and each harmless commit passes", () => {
  assert.ok(isGood([finished(), finished({ outcome: notReached("no-test", "") }), finished({ outcome: { code: "quiet" } })]));
  assert.ok(!isGood([finished(), finished({ outcome: MISSED })]));
  assert.ok(!isGood([finished({ outcome: { code: "false-alarm", findings: [FOUND] } })]));
});

test("a table has a line for each row, which shows a finding with a changed function first", () => {
  const elsewhere = { ...FOUND, function: "caller", isInChange: false };
  const text = historyTable([finished({ outcome: { code: "found", findings: [elsewhere, FOUND] } }), finished({ outcome: MISSED })]);
  const lines = text.split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[2] ?? "", /\| scan \| .*leaky \(Modules\/_x\.c:7\).*\| 2 of 31 \| 30 \| 230 \|$/);
});

test("messages do not break the tables", () => {
  const text = historyTable([finished({ outcome: notReached("not-built", "a | b\nc") })]);
  assert.equal(text.split("\n").length, 3);
  assert.ok(text.includes("a \\| b c"));
  assert.ok(summaryTable([finished()]).includes("| leaks | 1 of 1 | 100 % | 0 | 30 |"));
});
