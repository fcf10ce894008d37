// Why nothing could be compared or recorded, and how to fix it.

import type { Incompatibility, LookupFailure, NoBaseline, RecordingFailure } from "../model/problem.ts";
import { DEFAULT_BRANCH, type Recorder } from "../model/recorder.ts";
import { clause, type Message } from "./format.ts";

const PERMISSIONS =
  "The job's token needs `actions: read`, to list runs and artifacts, and `contents: read`, to read the branch's history.";

/** Why there is no comparison. @param recorder which runs record the baseline. */
export function noBaselineMessage(why: NoBaseline, recorder: Recorder = DEFAULT_BRANCH): Message {
  const { where } = why;
  switch (why.code) {
    case "baseline-none":
      return { text: `There is no baseline yet (${where}), so nothing could be compared.`, remedy: recordingRun(recorder, "one") };
    case "baseline-incompatible":
      return {
        text: `The baseline (${where}) cannot be compared with this check: ${incompatibilityInWords(why.why)}.`,
        remedy: replacement(recorder),
      };
    case "baseline-unreadable":
      return { text: `The baseline (${where}) cannot be read: ${clause(why.detail)}.`, remedy: replacement(recorder) };
    case "baseline-unreachable":
      return {
        text: `The baseline (${where}) could not be looked up: ${lookupFailureInWords(why.why)}.`,
        remedy: lookupRemedy(why.why, recorder),
      };
  }
}

/** Which run records a baseline that is missing. */
export function recordingRun(recorder: Recorder, what: string): string {
  const words = recordingClause(recorder, what);
  const first = `${words[0]?.toUpperCase()}${words.slice(1)}`;
  if (recorder.code === "terminal") return `${first}, or give \`--baseline FILE\`.`;
  const { own } = recorder.code === "default-branch" ? recorder : { own: null };
  return own === null ? `${first}.` : `${first}. With \`record-baseline: always\`, a push to \`${own}\` records one of its own.`;
}

/** For a test file that ran less far than when the baseline was recorded. */
export function recordedIfIntended(recorder: Recorder): string {
  return `If that is intended, ${recordingClause(recorder, "it")}.`;
}

function replacement(recorder: Recorder): string {
  const remedy = recordingRun(recorder, "a new one");
  // A later check in a terminal does not replace it by itself.
  return recorder.code === "terminal" ? `It stays as it is. ${remedy}` : remedy;
}

function recordingClause(recorder: Recorder, what: string): string {
  switch (recorder.code) {
    case "terminal":
      return "run once with `--record-baseline always`";
    case "default-branch":
      return `a run on ${branchInWords(recorder.branch)} records ${what}`;
    case "other-branch":
      return `a push to ${branchInWords(recorder.branch)} records ${what}, if its run has \`record-baseline: always\``;
    case "file":
      return `a push with \`record-baseline: always\` writes ${what} to that file, which must then be in the checkout`;
  }
}

function branchInWords(branch: string | null): string {
  return branch === null ? "the default branch" : `\`${branch}\``;
}

function incompatibilityInWords(why: Incompatibility): string {
  if (why.code === "newer-signatures")
    return `its signatures have version ${why.recorded}, and this cpython-memcheck reads up to version ${why.known}`;
  return `it was recorded with ${fieldInWords(why.field)} \`${why.recorded}\`, and this check has \`${why.current}\``;
}

/** Fields of a baseline's identity, or of a plan's subject, whose names do not say what they are. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["python", "CPython"],
  ["check", "check version"],
  ["configureArgs", "configure arguments"],
  ["interpreterBuild", "interpreter build"],
  ["valgrindArgs", "Valgrind arguments"],
  ["leakCheck", "leak check"],
  ["content", "the hash of the source"],
  ["build", "the hash of the build"],
]);

export function fieldInWords(field: string): string {
  return FIELDS.get(field) ?? field;
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

export function lookupRemedy(why: LookupFailure, recorder: Recorder = DEFAULT_BRANCH): string {
  switch (why.code) {
    case "no-token":
      return PERMISSIONS;
    case "no-branch":
      return "Set `baseline` to a branch of this repository, or leave it out to compare with the branch that the change targets.";
    case "no-commit":
      return "Check out a commit that was pushed to this repository.";
    case "history-too-long":
    case "too-many-candidates":
      return `One push to ${branchInWords("branch" in recorder ? recorder.branch : null)} with \`record-baseline: always\` records a new baseline without comparing.`;
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
      return "Jobs of a matrix share one baseline unless they differ in a setting that docs/baselines.md lists: give each job one that differs.";
    default:
      return "Run the check again.";
  }
}
