import type { Note } from "../../model/note.ts";
import { type Slice, sliceName } from "../../model/slice.ts";
import type { TortureCounts } from "./torture-lines.ts";

/** The totals of torture in all test files, to show that it worked. */
export class TortureSummary {
  #sites = 0;
  #failures = 0;
  #unjudged = 0;
  #untried = 0;
  #slow = 0;
  #failing = 0;

  add(line: TortureCounts): void {
    if (line.event === "torture-end") {
      // A test may not come to an allocation again: then nothing failed.
      this.#failures += line.injections - line.unreached;
      this.#untried += line.unfinished;
      this.#unjudged += line.hangs + line.afterHangs;
    } else {
      this.#sites += line.chosen;
      this.#slow += line.leftOut.slow;
      this.#failing += line.leftOut.failing;
    }
  }

  /** @param others errors that do not involve the project */
  note(slice?: Slice, others = 0): Note {
    const leftOut = { slow: this.#slow, failing: this.#failing };
    const tried = { sites: this.#sites, failures: this.#failures, unjudged: this.#unjudged, untried: this.#untried };
    return { code: "tortured", slice: slice === undefined ? null : sliceName(slice), ...tried, leftOut, others };
  }
}
