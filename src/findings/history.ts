import type { Incompatibility, LookupFailure, NoBaseline } from "../model/problem.ts";
import { type Baseline, type Identity, incompatibility, upgradeSignatures } from "./baseline.ts";
import type { BaselineLookup, BaselineStore } from "./baseline-store.ts";

/** What there is to compare with. Outcomes that are never taken for each other. */
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

/** What stands in the way of a comparison, as the report has it. */
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

/** What of this check becomes part of the baseline. `replace`: also runs that got less far than the recorded ones. */
export type RecordingScope = "replace" | "everything" | "what-is-missing" | "nothing";

/** @param automatic what `auto` means where the check runs. */
export function recordingScope(
  setting: "auto" | "always" | "never",
  automatic: BaselineStore["automaticScope"],
  history: History,
): RecordingScope {
  if (setting === "never") return "nothing";
  if (setting === "always") return "replace";
  // There may be one: what is new to it would be known from now on without ever having been reported.
  if (history.kind === "unreachable") return "nothing";
  // What is there but cannot be used is the user's: only a word of the user's replaces it.
  if (automatic === "what-is-missing" && (history.kind === "incomparable" || history.kind === "unreadable")) return "nothing";
  return automatic;
}
