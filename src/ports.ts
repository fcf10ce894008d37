import type { Baseline } from "./findings/baseline.ts";
import type { Report } from "./report/report.ts";

/** What a person watches while the check works. */
export interface Progress {
  /** A part of the check begins; the one before is over. */
  begin(title: string): void;
  /** What is going on now. `of` says how far it is; `left` how many seconds it will take. */
  update(what: string, of?: { readonly done: number; readonly total: number; readonly left?: number }): void;
  /** A line that stays. */
  note(line: string): void;
  /** The last part is over. */
  end(): void;
}

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
  | { readonly kind: "unreadable"; readonly where: string; readonly reason: string }
  /** Nobody can say whether there is one; `remedy` is a sentence. */
  | { readonly kind: "unreachable"; readonly where: string; readonly reason: string; readonly remedy: string }
) & {
  /** What was passed over, and why. */
  readonly notes?: readonly string[];
};

/** What became of a baseline that was to be recorded. */
export type BaselineRecording =
  | { readonly kind: "recorded"; readonly where: string }
  | { readonly kind: "failed"; readonly reason: string };

export interface BaselineStore {
  load(): Promise<BaselineLookup>;
  record(baseline: Baseline): Promise<BaselineRecording>;
  /** What `record-baseline: auto` means here. */
  readonly automaticScope: "everything" | "what-is-missing" | "nothing";
}

/** What a look for a kept build gives. None of the three is a failure of the check: without a kept build it builds from scratch. */
export type BuildLookup =
  /** `key` is the one that it was kept under. */
  { readonly kind: "restored"; readonly key: string } | { readonly kind: "none" } | { readonly kind: "failed"; readonly reason: string };

/** What became of a build that was to be kept. `exists`: another run has kept one under this key. `refused`: this run may not. */
export type BuildKeeping =
  | { readonly kind: "kept" }
  | { readonly kind: "exists" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** Keeps packed builds from one run to the next, each in one file. Its methods never throw. */
export interface BuildStore {
  /** Writes the build that was kept under `key` to the file `archive`; else the newest whose key begins with the first prefix that any does. */
  restore(archive: string, key: string, prefixes: readonly string[]): Promise<BuildLookup>;
  /** Keeps the file `archive` under a key. What is kept is never replaced. */
  keep(archive: string, key: string): Promise<BuildKeeping>;
  /**
   * A build is worth keeping that took more seconds to make: what took less is made again before it would be packed, sent, fetched and unpacked, and
   * stores are small. Infinite where no later run could have it.
   */
  readonly minSecondsToCache: number;
  /** Whether all that it holds is trusted here; else only builds that a baseline names. */
  readonly restoresAny: boolean;
}

/** All that the check does to the world outside its work folder. */
export interface Ports {
  readonly progress: Progress;
  readonly baselines: BaselineStore;
  /** Null where builds stay in the work folder, and nowhere else. */
  readonly builds: BuildStore | null;
  /** Whether the person who reads the report has the build, too. */
  readonly isLocal: boolean;
  /** Tells people what came out. */
  publish(report: Report): Promise<void>;
}
