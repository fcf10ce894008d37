import assert from "node:assert/strict";
import { test } from "node:test";
import { TortureSummary, tortureNote } from "../../../src/engines/torture/summary.ts";
import { noteMessage } from "../../../src/report/notes.ts";

const END = { event: "torture-end", unfinished: 0, unreached: 0, unconfirmed: 0, children: 1, crashes: 0, seconds: 1, cpu: 1 } as const;

test("the summary of torture adds up what was tested and what was left out", () => {
  const summary = new TortureSummary();
  summary.add({ event: "torture-plan", tests: 5, leftOut: { slow: 1, failing: 0 }, sites: 900, chosen: 800, seconds: 1 });
  summary.add({ ...END, injections: 1600, hangs: 2, afterHangs: 3 });
  summary.add({ event: "torture-plan", tests: 5, leftOut: { slow: 0, failing: 2 }, sites: 300, chosen: 300, seconds: 1 });
  summary.add({ ...END, injections: 600, hangs: 0, afterHangs: 0 });
  const note = tortureNote(summary.totals, [3, 14]);
  assert.deepEqual(note, {
    ...{ code: "tortured", slice: "3/14", sites: 1100, failures: 2200, unjudged: 5, untried: 0 },
    leftOut: { slow: 1, failing: 2 },
    others: 0,
  });
  assert.equal(
    noteMessage(note),
    "Torture made 2,200 allocations fail, at 1,100 sites of slice 3/14. 5 failures could not be judged because the test hung or ended its process. " +
      "1 test took over a second and was left out. 2 tests did not pass and were left out.",
  );
});

test("the summary of torture does not count failures of allocations that the test did not reach again", () => {
  const summary = new TortureSummary();
  summary.add({ event: "torture-plan", tests: 5, leftOut: { slow: 0, failing: 0 }, sites: 10, chosen: 10, seconds: 1 });
  summary.add({ ...END, injections: 20, unreached: 20, hangs: 0, afterHangs: 0 });
  assert.equal(noteMessage(tortureNote(summary.totals)), "Torture made 0 allocations fail, at 10 sites.");
});

test("the summary of torture leaves out zero counts", () => {
  const summary = new TortureSummary();
  summary.add({ event: "torture-plan", tests: 5, leftOut: { slow: 0, failing: 0 }, sites: 1, chosen: 1, seconds: 1 });
  summary.add({ ...END, injections: 2, hangs: 0, afterHangs: 0 });
  assert.equal(noteMessage(tortureNote(summary.totals)), "Torture made 2 allocations fail, at 1 site.");
});
