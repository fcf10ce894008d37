// All sentences on a check that is spread over machines.

import type { ShardProblem, StoredFault } from "../model/problem.ts";
import { lookupFailureInWords } from "./baseline-messages.ts";
import { clause, count, type Message, namesInWords, shorten, stopInWords } from "./format.ts";

const RUN_AGAIN = "Run that job again, then the report.";
const RUN_ALL_AGAIN = "Run the whole workflow again; if it stays, report it as a bug.";

export function shardProblem(problem: ShardProblem): Message {
  switch (problem.code) {
    case "plan-unusable":
      return {
        text: `There is no plan to follow: ${faultInWords(problem.why, problem.where)}.`,
        remedy: "`plan` makes it, with the same settings, in an earlier job of the same run; in a terminal in the directory `--plan`.",
      };
    case "plan-mismatch":
      return {
        text: `The plan is of another check: ${mismatchInWords(problem)}.`,
        remedy: "Plan, shards and report must check the same commit, with the same settings, on the same runner image.",
      };
    case "shard-not-planned":
      return {
        text: `There is no shard ${problem.shard}: ${count(problem.shards, "shard")} planned.`,
        remedy: "Take `shard` from the matrix that `plan` prints.",
      };
    case "shard-unusable":
      return { text: `${headOf(problem)}: ${faultInWords(problem.why, problem.where)}.`, remedy: RUN_AGAIN };
    case "shard-of-other-plan":
      return { text: `${headOf(problem)}: what it found is of another plan.`, remedy: RUN_AGAIN };
    case "shard-mismatch":
      return { text: `${headOf(problem)}: it checked something else: ${mismatchInWords(problem)}.`, remedy: RUN_AGAIN };
    case "shard-failed":
      return { text: `${headOf(problem)}: ${clause(problem.detail)}.`, remedy: problem.hint ?? RUN_AGAIN };
    case "shard-stopped": {
      const rest = problem.unfinished.length === 0 ? "" : ` It did not finish ${namesInWords(problem.unfinished)}.`;
      return { text: `Shard ${problem.shard} was stopped before its end: ${stopInWords(problem.why)}.${rest}`, remedy: RUN_AGAIN };
    }
    case "tests-not-run":
      return { text: `No shard ran ${testsInWords(problem)}.`, remedy: RUN_ALL_AGAIN };
    case "tests-not-compared":
      return {
        text: `What the shards found in ${testsInWords(problem)} was not compared: the report did not choose it.`,
        remedy: RUN_ALL_AGAIN,
      };
  }
}

function testsInWords({ tests }: { readonly tests: readonly { readonly test: string }[] }): string {
  return namesInWords([...new Set(tests.map(({ test }) => test))]);
}

function headOf({ shard, tests }: { readonly shard: string; readonly tests: number }): string {
  return `Shard ${shard} did not check its ${count(tests, "test file")}`;
}

function mismatchInWords({
  field,
  planned,
  current,
}: {
  readonly field: string;
  readonly planned: string;
  readonly current: string;
}): string {
  return `${field} is ${shorten(current, MAX_LENGTH)}, and ${shorten(planned, MAX_LENGTH)} in the plan`;
}

const MAX_LENGTH = 200;

function faultInWords(why: StoredFault, where: string): string {
  switch (why.code) {
    case "missing":
      return `${where} does not exist`;
    case "unreachable":
      return `${where} could not be read: ${lookupFailureInWords(why.why)}`;
    case "damaged":
      return `${where} is damaged (${clause(why.detail)})`;
  }
}
