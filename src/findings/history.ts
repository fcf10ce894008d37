import { type Baseline, type Identity, incompatibility, upgradeSignatures } from "./baseline.ts";
import type { BaselineLookup, BaselineStore } from "./baseline-store.ts";

/** What there is to compare with. Outcomes that are never taken for each other. */
export type History =
  | { readonly kind: "comparable"; readonly baseline: Baseline; readonly where: string }
  | { readonly kind: "first-run"; readonly where: string }
  | { readonly kind: "incomparable"; readonly reason: string; readonly where: string }
  | { readonly kind: "unreadable"; readonly reason: string; readonly where: string }
  | { readonly kind: "unreachable"; readonly reason: string; readonly where: string; readonly remedy: string };

export function historyOf(lookup: BaselineLookup, identity: Identity): History {
  switch (lookup.kind) {
    case "none":
      return { kind: "first-run", where: lookup.where };
    case "unreadable":
    case "unreachable":
      return lookup;
    case "found": {
      const reason = incompatibility(lookup.baseline, identity);
      if (reason !== undefined) return { kind: "incomparable", reason, where: lookup.where };
      return { kind: "comparable", baseline: upgradeSignatures(lookup.baseline), where: lookup.where };
    }
  }
}

/** A sentence for what stands in the way of a comparison. */
export function describeHistory(history: Exclude<History, { kind: "comparable" }>): string {
  switch (history.kind) {
    case "first-run":
      return `There was no baseline yet (${history.where}).`;
    case "incomparable":
      return `The baseline (${history.where}) cannot be compared with this check: ${history.reason}.`;
    case "unreadable":
      return `The baseline (${history.where}) cannot be read: ${history.reason}.`;
    case "unreachable":
      return `The baseline (${history.where}) could not be looked up: ${history.reason}.`;
  }
}

/** The sentence after it: what follows, and what helps. */
export function remedyFor(history: Exclude<History, { kind: "comparable" }>): string {
  if (history.kind === "unreachable") return `So nothing was compared. ${history.remedy}`;
  return history.kind === "first-run"
    ? "So nothing could be compared; a run on the default branch records one."
    : "So nothing was compared, and the baseline stays as it is. A run on the default branch records one that can be; `record-baseline: always` replaces it anywhere.";
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
