// All sentences of problems and notes: what happened, and what the reader can do about it.

import type { EngineName } from "../model/engine-name.ts";
import { MAX_PROCESSES, MAX_WRITTEN, MIN_FREE } from "../model/limits.ts";
import type {
  Incompatibility,
  Incomplete,
  LookupFailure,
  NoBaseline,
  Problem,
  RecordingFailure,
  ReportFault,
  Shortfall,
  Stop,
} from "../model/problem.ts";
import { count, namesInWords, secondsInWords } from "./format.ts";

/** Whole sentences. */
export interface Message {
  readonly text: string;
  /** What helps; null where {@link NO_REMEDY} says why there is nothing to say. */
  readonly remedy: string | null;
}

/** Problems that speak for themselves, or whose remedy is in their own `hint`. */
export const NO_REMEDY: Readonly<Record<string, string>> = {
  "not-confirmed": "The reason is in the test file's own behavior, which its log shows.",
  stopped: "The person or the job that stopped it knows.",
  "engine-failed": "The hint of the error is the remedy.",
  "check-failed": "The hint of the error is the remedy.",
};

/** As sentences have them. */
export const ENGINE_TITLES: Readonly<Record<EngineName, string>> = { memcheck: "memcheck", scan: "the leak sanitizer", torture: "torture" };

const OWN_BASELINE = "A run on the default branch records one.";
const RECORD_ALWAYS = "One run on the branch with `record-baseline: always` records a new baseline without a comparison.";
const PERMISSIONS = "The job's token needs `actions: read`, to list runs and artifacts, and `contents: read`, to find the commits before.";
const NOT_CHECKED_BEFORE = "If that is intended, a run on the default branch records it.";

/** What could not be checked. */
export function problemMessage(problem: Problem): Message {
  switch (problem.code) {
    case "test-incomplete":
    case "test-skipped":
    case "test-failed":
    case "fewer-tests":
      return shortfallMessage(problem);
    case "test-missing":
      return {
        text: `${problem.test} is in the baseline but was not run: it is not listed any more.`,
        remedy: "If that is intended, list it under `[[skip]]` in .memcheck.toml.",
      };
    case "test-not-in-baseline":
      return { text: `${problem.test} is not in the baseline, so its errors can't be compared.`, remedy: OWN_BASELINE };
    case "not-confirmed":
      return { text: `${problem.test} may have new errors: ${doubtInWords(problem)}, so nothing confirms them.`, remedy: null };
    case "nothing-checked":
      return {
        text: "No test file was checked: each was skipped or is incomplete.",
        remedy: "Choose test files that run here, with `tests` or `scan`.",
      };
    case "nothing-compared":
      return noBaselineMessage(problem.why);
    case "baseline-not-recorded":
      return { text: `The baseline was not recorded: ${recordingFailureInWords(problem.why)}.`, remedy: recordingRemedy(problem.why) };
    case "scan-dropped":
      return {
        text: `The baseline has scans of ${count(problem.tests, "test file")}, and \`scan: none\` left them out.`,
        remedy: "Scan them, or give this check a `baseline` of its own.",
      };
    case "engine-failed":
      return { text: `Nothing was checked by ${ENGINE_TITLES[problem.engine]}: ${problem.detail}`, remedy: problem.hint };
    case "stopped":
      return { text: stoppedInWords(problem), remedy: null };
    case "check-failed":
      return { text: problem.detail, remedy: problem.hint };
  }
}

/** A test file that was not checked as it should be. */
export function shortfallMessage(shortfall: Shortfall): Message {
  const { test } = shortfall;
  switch (shortfall.code) {
    case "test-incomplete":
      return {
        text: `${test} was not checked by ${ENGINE_TITLES[shortfall.engine]}: ${incompleteInWords(shortfall.incomplete)}.`,
        remedy: incompleteRemedy(shortfall.incomplete),
      };
    case "test-skipped":
      return { text: `${test} is skipped, but ran when the baseline was recorded.`, remedy: NOT_CHECKED_BEFORE };
    case "test-failed":
      return {
        text: `${test} fails, but passed when the baseline was recorded, so part of it was not checked.`,
        remedy: "Make the test pass; its log shows why it fails.",
      };
    case "fewer-tests": {
      const { ran, ranBefore } = shortfall;
      return { text: `${test} ran ${count(ran, "test")}, but ${ranBefore} when the baseline was recorded.`, remedy: NOT_CHECKED_BEFORE };
    }
  }
}

/** Why nothing can be concluded from a run, without the end of a sentence. */
export function incompleteInWords(incomplete: Incomplete): string {
  switch (incomplete.code) {
    case "timeout":
      return `it took longer than ${incomplete.seconds} s and was killed`;
    case "crashed": {
      const how = incomplete.signal === null ? `ended with exit code ${incomplete.exit}` : `was killed by ${incomplete.signal}`;
      return `its process ${how} before the test file was over`;
    }
    case "excess":
      return `it ${EXCESSES[incomplete.of]} and was killed`;
    case "worker-lost":
      return "the interpreter that ran it was lost";
    case "not-started":
      return `it was not run: ${clause(incomplete.detail)}`;
    case "stopped":
      return incomplete.hadStarted ? "the check was stopped while it ran" : "the check was stopped before it ran";
    case "report-missing":
      return "there is no report of it";
    case "report-partial":
      return "the report of it does not go from start to end";
    case "child-report-damaged": {
      const why = incomplete.fault === null ? "cannot be read" : `is not whole: ${faultInWords(incomplete.fault)}`;
      return `the report ${incomplete.report} of a process that it forked ${why}`;
    }
    case "proof-missing":
      return `the report of it lacks the ${PLANTED[incomplete.proof]} that was planted in it`;
    case "no-test-ran":
      return "it failed before any test ran";
    case "no-test-watched":
      return "no test of unittest or pytest ran in the process that is watched";
    default:
      return `the report of it is not whole: ${faultInWords(incomplete)}`;
  }
}

const EXCESSES = {
  output: `wrote too much (${MAX_WRITTEN / 1024 ** 3} GiB of reports and output)`,
  disk: `left less than ${MIN_FREE / 1024 ** 2} MiB of disk space`,
  processes: `had more than ${MAX_PROCESSES} processes at once`,
} as const;

const PLANTED = { leak: "leak", read: "invalid read" } as const;

function faultInWords(fault: ReportFault): string {
  switch (fault.code) {
    case "report-damaged":
      return clause(fault.detail);
    case "report-too-large":
      return `it has more than ${fault.limit.toLocaleString("en-US")} ${fault.unit}`;
    case "suppression-too-wide":
      return `the suppression \`${fault.name}\` (${fault.file}, line ${fault.line}) hides the leak that was planted, and so any other`;
  }
}

const ITS_LOG = "Its log has what it printed.";

function incompleteRemedy({ code }: Incomplete): string {
  switch (code) {
    case "timeout":
      return "Raise `test-timeout`, or list the file under `[[skip]]` in .memcheck.toml.";
    case "excess":
    case "report-too-large":
      return "List the file under `[[skip]]` in .memcheck.toml, with the reason.";
    case "suppression-too-wide":
      return "Make the suppression narrower.";
    case "no-test-watched":
      return "Programs that it starts are not watched: run the tests in this process, without xdist (`-n 0`), tox or nox.";
    case "worker-lost":
    case "not-started":
      return "Run the check again; if it stays, report it as a bug.";
    case "stopped":
      return "Run the check again.";
    default:
      return ITS_LOG;
  }
}

function doubtInWords({ doubt }: Extract<Problem, { code: "not-confirmed" }>): string {
  if (doubt === null) return "it did not run a second time";
  switch (doubt.code) {
    case "test-incomplete":
      return `in the second run ${incompleteInWords(doubt.incomplete)}`;
    case "test-skipped":
      return "the second run was skipped";
    case "test-failed":
      return "the second run failed";
    case "fewer-tests":
      return "the second run had fewer tests";
  }
}

/** What stands in the way of a comparison. */
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
      return { text: `The baseline (${where}) could not be looked up: ${failureInWords(why.why)}.`, remedy: lookupRemedy(why.why) };
  }
}

const REPLACE = "It stays as it is. A run on the default branch records a new one; `record-baseline: always` replaces it anywhere.";

function incompatibilityInWords(why: Incompatibility): string {
  if (why.code === "newer-signatures")
    return `it has signatures of version ${why.recorded}, and this cpython-memcheck knows them up to version ${why.known}`;
  return `it was recorded with ${why.field} \`${why.recorded}\`, and this check has \`${why.current}\``;
}

function failureInWords(why: LookupFailure): string {
  switch (why.code) {
    case "no-token":
      return "the input `token` is empty";
    case "no-branch":
      return `there is no branch \`${why.branch}\` in ${why.repository}`;
    case "no-commit":
      return `GitHub does not know the commit ${why.sha}, or it has no history in common with the branch`;
    case "history-too-long":
      return `the history before ${why.sha} is too long to read`;
    case "too-many-candidates":
      return "there are more runs and artifacts than can be looked at";
    case "no-answer":
      return clause(why.detail);
  }
}

function lookupRemedy(why: LookupFailure): string {
  switch (why.code) {
    case "no-token":
      return PERMISSIONS;
    case "no-branch":
      return "Set `baseline` to a branch of this repository, or leave it out to compare with the branch that the change goes to.";
    case "no-commit":
      return "Check out a commit that was pushed to this repository.";
    case "history-too-long":
    case "too-many-candidates":
      return RECORD_ALWAYS;
    case "no-answer":
      return [401, 403, 404].includes(why.status ?? 0) ? PERMISSIONS : "Running the job again may help.";
  }
}

/** Why a baseline was not recorded, without the end of a sentence. */
export function recordingFailureInWords(why: RecordingFailure): string {
  switch (why.code) {
    case "other-commit":
      return `the checkout is of ${why.sha} and the run of ${why.ofRun}, whose baseline it would become`;
    case "earlier-attempt":
      return "a job of an earlier attempt, which does not run again, may have recorded the one that is there";
    case "other-job":
      return "another job of this run has recorded one with the same settings";
    case "other-recording":
      return "another check has recorded one since, with other tools or settings";
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
      return "Jobs of a matrix that differ only in their other steps cannot have a baseline each: give each a setting that differs.";
    default:
      return "Run the check again.";
  }
}

/** What others wrote, as a part of a sentence. */
export function clause(detail: string): string {
  return detail.trimEnd().replace(/\.$/, "");
}

function stoppedInWords({ why, unfinished }: Extract<Problem, { code: "stopped" }>): string {
  const head = `The check was stopped before its end: ${stopInWords(why)}.`;
  return unfinished.length === 0 ? head : `${head} It did not finish ${namesInWords(unfinished)}.`;
}

export function stopInWords(why: Stop): string {
  return why.code === "signal" ? `${why.signal} came` : `it took longer than ${secondsInWords(why.seconds)}, its \`timeout\``;
}
