import type { Incompatibility, LookupFailure, NoBaseline } from "../model/problem.ts";
import { type Baseline, type Identity, incompatibility, upgradeSignatures } from "./baseline.ts";
import type { BaselineLookup, BaselineStore } from "./baseline-store.ts";

/** What to compare with. These outcomes must never be confused. */
export type History =
  | { readonly kind: "comparable"; readonly baseline: Baseline; readonly where: string }
  | { readonly kind: "first-run"; readonly where: string }
  | { readonly kind: "incomparable"; readonly why: Incompatibility; readonly where: string }
  | { readonly kind: "unreadable"; readonly detail: string; readonly where: string }
  | { readonly kind: "unreachable"; readonly why: LookupFailure; readonly where: string };

export function historyOf(lookup: BaselineLookup, identity: Identity): History {
  switch (lookup.kind) {
    case "none":
      return { kind: "first-run", where: lookup.where };
    case "unreadable":
    case "unreachable":
      return lookup;
    case "found": {
      const why = incompatibility(lookup.baseline, identity);
      if (why !== undefined) return { kind: "incomparable", why, where: lookup.where };
      return { kind: "comparable", baseline: upgradeSignatures(lookup.baseline), where: lookup.where };
    }
  }
}

/** Why there is no comparison, as data for the report. */
export function noBaselineOf(history: Exclude<History, { kind: "comparable" }>): NoBaseline {
  const { where } = history;
  switch (history.kind) {
    case "first-run":
      return { code: "baseline-none", where };
    case "incomparable":
      return { code: "baseline-incompatible", where, why: history.why };
    case "unreadable":
      return { code: "baseline-unreadable", where, detail: history.detail };
    case "unreachable":
      return { code: "baseline-unreachable", where, why: history.why };
  }
}

/** Which results of this check become part of the baseline. `replace`: also runs that got less far than the recorded ones. */
export type RecordingScope = "replace" | "everything" | "what-is-missing" | "nothing";

/** @param store the rules of the place where the check runs. */
export function recordingScope(
  setting: "auto" | "always" | "never",
  { automaticScope: automatic, mayRecord }: Pick<BaselineStore, "automaticScope" | "mayRecord">,
  history: History,
): RecordingScope {
  // Without a baseline, a check that seems to record would be clean although it compared nothing.
  if (setting === "never" || !mayRecord) return "nothing";
  if (setting === "always") return "replace";
  // The baseline may exist: recording now would silently accept errors that are new to it.
  if (history.kind === "unreachable") return "nothing";
  // Never overwrite an unusable baseline unless the user asks for it.
  if (automatic === "what-is-missing" && (history.kind === "incomparable" || history.kind === "unreadable")) return "nothing";
  return automatic;
}
