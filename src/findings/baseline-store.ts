import type { Note } from "../model/note.ts";
import type { LookupFailure, RecordingFailure } from "../model/problem.ts";
import type { Baseline } from "./baseline.ts";

/** Which of a repository's baselines was found. */
export interface BaselineOrigin {
  /** The commit that the run which recorded it was of. */
  readonly commit: string;
  /** Where what is checked left the branch; the commit itself on the branch. */
  readonly mergeBase: string;
  /** How many first parents `commit` is before `mergeBase`. */
  readonly distance: number;
  /** The address of the run. */
  readonly run: string;
}

/** What a look for the baseline gives. Outcomes with names of their own: none of them is an empty baseline. */
export type BaselineLookup = (
  | { readonly kind: "found"; readonly baseline: Baseline; readonly where: string; readonly origin?: BaselineOrigin }
  | { readonly kind: "none"; readonly where: string }
  | { readonly kind: "unreadable"; readonly where: string; readonly detail: string }
  /** It is unknown whether there is one. */
  | { readonly kind: "unreachable"; readonly where: string; readonly why: LookupFailure }
) & {
  /** What was passed over, and why. */
  readonly notes?: readonly Note[];
  /** What it is recorded under, where that depends on the job. */
  readonly name?: string;
};

/** What became of a baseline that was to be recorded. */
export type BaselineRecording =
  | { readonly kind: "recorded"; readonly where: string }
  | { readonly kind: "failed"; readonly why: RecordingFailure };

export interface BaselineStore {
  load(): Promise<BaselineLookup>;
  /** Goes on from what another job of the same check has loaded. */
  resume(lookup: BaselineLookup): void;
  record(baseline: Baseline): Promise<BaselineRecording>;
  /** What `record-baseline: auto` means here. */
  readonly automaticScope: "everything" | "what-is-missing" | "nothing";
}
