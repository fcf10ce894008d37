// All messages on sharded checks.

import type { ShardProblem, StoredFault } from "../model/problem.ts";
import { fieldInWords, lookupFailureInWords, lookupRemedy } from "./baseline-messages.ts";
import { clause, count, type Message, namesInWords, shorten, stopInWords } from "./format.ts";

const RUN_AGAIN = "Run the job of this shard again, then the report.";
const SAME_CHECK = "Plan, shards and report must check the same commit, with the same settings, on the same runner image.";
const PLAN_FIRST =
  "Run `plan` with the same settings first: in an earlier job of the same workflow run; in a terminal, with the same `--plan` directory.";
const RUN_ALL_AGAIN = "Run the whole workflow again. If this happens again, report it as a bug.";

export function shardProblem(problem: ShardProblem): Message {
  switch (problem.code) {
    case "plan-unusable":
      return {
        text: `The plan cannot be used: ${faultInWords(problem.why, problem.where)}.`,
        remedy: faultRemedy(problem.why, PLAN_FIRST),
      };
    case "plan-mismatch":
      return {
        text: `The plan was made for another check: ${mismatchInWords(problem)}.`,
        remedy: SAME_CHECK,
      };
    case "shard-not-planned":
      return {
        text: `The plan has no shard ${problem.shard}: it has ${count(problem.shards, "shard")}.`,
        remedy: "Use the value of `shard` from the matrix that `plan` prints.",
      };
    case "shard-unusable":
      return { text: `${headOf(problem)}: ${faultInWords(problem.why, problem.where)}.`, remedy: faultRemedy(problem.why, RUN_AGAIN) };
    case "shard-of-other-plan":
      return { text: `${headOf(problem)}: its result belongs to another plan.`, remedy: RUN_AGAIN };
    case "shard-mismatch":
      return {
        text: `${headOf(problem)}: it checked something else (${mismatchInWords(problem)}).`,
        remedy: `${SAME_CHECK} ${RUN_AGAIN}`,
      };
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
        text: `The shards' findings in ${testsInWords(problem)} were not compared, because the report did not choose these test files.`,
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
  return `${fieldInWords(field)} is ${shorten(current, MAX_LENGTH)}, and ${shorten(planned, MAX_LENGTH)} in the plan`;
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

/** What can't be read is there, so that making it again would not help. */
function faultRemedy(why: StoredFault, otherwise: string): string {
  return why.code === "unreachable" ? lookupRemedy(why.why) : otherwise;
}
