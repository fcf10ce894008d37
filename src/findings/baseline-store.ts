import type { Note } from "../model/note.ts";
import type { LookupFailure, RecordingFailure } from "../model/problem.ts";
import type { Recorder } from "../model/recorder.ts";
import type { Baseline } from "./baseline.ts";

/** Which of a repository's baselines was found. */
export interface BaselineOrigin {
  /** The commit of the run that recorded it. */
  readonly commit: string;
  /** The commit where the change left the branch; on the branch, the commit itself. */
  readonly mergeBase: string;
  /** How many first parents `commit` is before `mergeBase`. */
  readonly distance: number;
  /** The address of the run. */
  readonly run: string;
}

/** The result of looking for the baseline. Each outcome has its own name, and none of them is an empty baseline. */
export type BaselineLookup = (
  | { readonly kind: "found"; readonly baseline: Baseline; readonly where: string; readonly origin?: BaselineOrigin }
  | { readonly kind: "none"; readonly where: string }
  | { readonly kind: "unreadable"; readonly where: string; readonly detail: string }
  /** It is unknown whether there is one. */
  | { readonly kind: "unreachable"; readonly where: string; readonly why: LookupFailure }
) & {
  /** Rejected baselines, with reasons. */
  readonly notes?: readonly Note[];
  /** The name for recording, if it depends on the job. */
  readonly name?: string;
};

/** The result of recording a baseline. */
export type BaselineRecording =
  | { readonly kind: "recorded"; readonly where: string }
  | { readonly kind: "failed"; readonly why: RecordingFailure };

export interface BaselineStore {
  load(): Promise<BaselineLookup>;
  /** Continues with the baseline that another job of the same check has loaded. */
  resume(lookup: BaselineLookup): void;
  record(baseline: Baseline): Promise<BaselineRecording>;
  /** What `record-baseline: auto` means here. */
  readonly automaticScope: "everything" | "what-is-missing" | "nothing";
  /** False for a check that only compares: there `record-baseline: always` records nothing either. */
  readonly mayRecord: boolean;
  readonly recorder: Recorder;
}
