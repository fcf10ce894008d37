// Why nothing could be compared or recorded, and how to fix it.

import type { Incompatibility, LookupFailure, NoBaseline, RecordingFailure } from "../model/problem.ts";
import { clause, type Message } from "./format.ts";

export const OWN_BASELINE = "A run on the default branch records one.";
const RECORD_ALWAYS = "One run on the branch with `record-baseline: always` records a new baseline without comparing.";
const PERMISSIONS =
  "The job's token needs `actions: read`, to list runs and artifacts, and `contents: read`, to read the branch's history.";

/** Why there is no comparison. */
export function noBaselineMessage(why: NoBaseline): Message {
  const { where } = why;
  switch (why.code) {
    case "baseline-none":
      return { text: `There is no baseline yet (${where}), so nothing could be compared.`, remedy: OWN_BASELINE };
    case "baseline-incompatible":
      return {
        text: `The baseline (${where}) cannot be compared with this check: ${incompatibilityInWords(why.why)}.`,
        remedy: REPLACE,
      };
    case "baseline-unreadable":
      return { text: `The baseline (${where}) cannot be read: ${clause(why.detail)}.`, remedy: REPLACE };
    case "baseline-unreachable":
      return { text: `The baseline (${where}) could not be looked up: ${lookupFailureInWords(why.why)}.`, remedy: lookupRemedy(why.why) };
  }
}

const REPLACE =
  "It stays as it is. A run on the default branch records a new one; so does a push to another branch with `record-baseline: always`.";

function incompatibilityInWords(why: Incompatibility): string {
  if (why.code === "newer-signatures")
    return `its signatures have version ${why.recorded}, and this cpython-memcheck reads up to version ${why.known}`;
  return `it was recorded with ${why.field} \`${why.recorded}\`, and this check has \`${why.current}\``;
}

export function lookupFailureInWords(why: LookupFailure): string {
  switch (why.code) {
    case "no-token":
      return "the input `token` is empty";
    case "no-branch":
      return `${why.repository} has no branch \`${why.branch}\``;
    case "no-commit":
      return `GitHub does not have commit ${why.sha}, or it shares no history with the branch`;
    case "history-too-long":
      return `the history before ${why.sha} is too long`;
    case "too-many-candidates":
      return "there are too many runs and artifacts to read";
    case "no-answer":
      return clause(why.detail);
  }
}

function lookupRemedy(why: LookupFailure): string {
  switch (why.code) {
    case "no-token":
      return PERMISSIONS;
    case "no-branch":
      return "Set `baseline` to a branch of this repository, or leave it out to compare with the branch that the change targets.";
    case "no-commit":
      return "Check out a commit that was pushed to this repository.";
    case "history-too-long":
    case "too-many-candidates":
      return RECORD_ALWAYS;
    case "no-answer":
      return [401, 403, 404].includes(why.status ?? 0) ? PERMISSIONS : "Running the job again may help.";
  }
}

/** Why a baseline was not recorded, as a clause without a full stop. */
export function recordingFailureInWords(why: RecordingFailure): string {
  switch (why.code) {
    case "other-commit":
      return `the checkout is at ${why.sha}, but the run is for ${why.ofRun}`;
    case "earlier-attempt":
      return "the existing one may be from a job of an earlier attempt that is not run again";
    case "other-job":
      return "another job of this run recorded one with the same settings";
    case "other-recording":
      return "another check recorded one in the meantime, with other tools or settings";
    case "upload":
      return clause(why.detail);
  }
}

export function recordingRemedy(why: RecordingFailure): string {
  switch (why.code) {
    case "other-commit":
      return "Leave out `ref` at actions/checkout.";
    case "earlier-attempt":
      return "Run all jobs again to replace it.";
    case "other-job":
      return "Jobs of a matrix with the same settings share one baseline: give each job a setting that differs.";
    default:
      return "Run the check again.";
  }
}
