import type { Note } from "../../model/note.ts";
import { type Slice, sliceName } from "../../model/slice.ts";
import { addTotals, NO_TORTURE, type TortureTotals } from "../../model/torture-totals.ts";
import type { TortureCounts } from "./torture-lines.ts";

/** The totals of torture in all test files, to show that it worked. */
export class TortureSummary {
  #totals = NO_TORTURE;

  get totals(): TortureTotals {
    return this.#totals;
  }

  add(line: TortureCounts): void {
    this.#totals = addTotals(this.#totals, totalsOf(line));
  }
}

function totalsOf(line: TortureCounts): TortureTotals {
  if (line.event === "torture-plan") return { ...NO_TORTURE, sites: line.chosen, ...line.leftOut };
  // A test may not reach an allocation again: then nothing failed.
  const failures = line.injections - line.unreached;
  return { ...NO_TORTURE, failures, untried: line.unfinished, unjudged: line.hangs + line.afterHangs };
}

/** @param others errors that do not involve the project */
export function tortureNote({ slow, failing, ...tried }: TortureTotals, slice?: Slice, others = 0): Note {
  return { code: "tortured", slice: slice === undefined ? null : sliceName(slice), ...tried, leftOut: { slow, failing }, others };
}
