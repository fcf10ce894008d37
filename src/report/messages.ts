// All sentences of problems: what happened, and what the reader can do about it.

import type { EngineName } from "../model/engine-name.ts";
import type { Problem, Shortfall } from "../model/problem.ts";
import { DEFAULT_BRANCH, type Recorder } from "../model/recorder.ts";
import { noBaselineMessage, recordedIfIntended, recordingFailureInWords, recordingRemedy, recordingRun } from "./baseline-messages.ts";
import { count, type Message, namesInWords, stopInWords } from "./format.ts";
import { incompleteInWords, incompleteRemedy } from "./incomplete-messages.ts";
import { shardProblem } from "./shard-messages.ts";

/** Why these problems have no remedy in the table below. */
export const NO_REMEDY: Readonly<Record<string, string>> = {
  "not-confirmed": "The reason is in the test file's own behavior, which its log shows.",
  stopped: "The message says what stopped it.",
  "engine-failed": "The hint of the error is the remedy.",
  "check-failed": "The hint of the error is the remedy.",
};

/** Engine names within a sentence. */
export const ENGINE_TITLES: Readonly<Record<EngineName, string>> = {
  memcheck: "memcheck",
  scan: "the scan",
  torture: "torture",
  lifecycle: "the check of start and shutdown",
};

/** What could not be checked. @param recorder which runs record the baseline. */
export function problemMessage(problem: Problem, recorder: Recorder = DEFAULT_BRANCH): Message {
  switch (problem.code) {
    case "test-incomplete":
    case "test-skipped":
    case "test-failed":
    case "fewer-tests":
      return shortfallMessage(problem, recorder);
    case "test-missing":
      return {
        text: `${problem.test} is in the baseline but was not run: it is no longer listed.`,
        remedy: `If that is intended, ${recorder.code === "terminal" ? "run once with `--record-baseline always` to drop it" : "a run with `record-baseline: always` drops it"}; or list it under \`[[skip]]\` in .memcheck.toml.`,
      };
    case "test-not-in-baseline":
      return { text: `${problem.test} is not in the baseline, so its errors can't be compared.`, remedy: recordingRun(recorder, "it") };
    case "not-confirmed":
      return { text: `${problem.test} may have new errors: ${doubtInWords(problem)}, so they could not be confirmed.`, remedy: null };
    case "nothing-checked":
      return {
        text: "No test file was checked: none was chosen, or each was skipped or is incomplete.",
        remedy: "Choose test files that run here, with `tests` or `scan`.",
      };
    case "nothing-compared":
      return noBaselineMessage(problem.why, recorder);
    case "baseline-not-recorded":
      return { text: `The baseline was not recorded: ${recordingFailureInWords(problem.why)}.`, remedy: recordingRemedy(problem.why) };
    case "engine-dropped":
      return {
        text: `The baseline has ${count(problem.tests, "test file")} that ${ENGINE_TITLES[problem.engine]} ran. This check has none, because \`${problem.setting}\` is \`none\`.`,
        remedy: "Choose another value, or give this check a `baseline` of its own.",
      };
    case "engine-failed":
      return { text: `Nothing was checked by ${ENGINE_TITLES[problem.engine]}: ${problem.detail}`, remedy: problem.hint };
    case "stopped":
      return { text: stoppedInWords(problem), remedy: null };
    case "check-failed":
      return { text: problem.detail, remedy: problem.hint };
    default:
      return shardProblem(problem);
  }
}

/** A test file that was checked only in part, or not at all. */
export function shortfallMessage(shortfall: Shortfall, recorder: Recorder = DEFAULT_BRANCH): Message {
  const { test } = shortfall;
  switch (shortfall.code) {
    case "test-incomplete":
      return {
        text: `${test} was not checked by ${ENGINE_TITLES[shortfall.engine]}: ${incompleteInWords(shortfall.incomplete)}.`,
        remedy: incompleteRemedy(shortfall.incomplete),
      };
    case "test-skipped":
      return { text: `${test} is skipped, but ran when the baseline was recorded.`, remedy: recordedIfIntended(recorder) };
    case "test-failed":
      return {
        text: `${test} fails, but passed when the baseline was recorded, so part of it was not checked.`,
        remedy: "Make the test pass; its log shows why it fails.",
      };
    case "fewer-tests": {
      const { ran, ranBefore } = shortfall;
      return {
        text: `${test} ran ${count(ran, "test")}, but ${ranBefore} when the baseline was recorded.`,
        remedy: recordedIfIntended(recorder),
      };
    }
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

function stoppedInWords({ why, unfinished }: Extract<Problem, { code: "stopped" }>): string {
  const head = `The check was stopped before its end: ${stopInWords(why)}.`;
  return unfinished.length === 0 ? head : `${head} It did not finish ${namesInWords(unfinished)}.`;
}
