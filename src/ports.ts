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

/** What a look for the baseline gives. Four outcomes with names of their own: none of them is an empty baseline. */
export type BaselineLookup =
  | { readonly kind: "found"; readonly baseline: Baseline; readonly where: string }
  | { readonly kind: "none"; readonly where: string }
  | { readonly kind: "unreadable"; readonly where: string; readonly reason: string };

export interface BaselineStore {
  load(): Promise<BaselineLookup>;
  /** Returns where it is. */
  record(baseline: Baseline): Promise<string>;
  /** What `record-baseline: auto` means here. */
  readonly automaticScope: "everything" | "what-is-missing" | "nothing";
}

/** All that the check does to the world outside its work folder. */
export interface Ports {
  readonly progress: Progress;
  readonly baselines: BaselineStore;
  /** Tells people what came out. */
  publish(report: Report): Promise<void>;
}
