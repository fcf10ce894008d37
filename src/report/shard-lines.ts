// Log lines of a plan and of a shard.

import type { Problem } from "../model/problem.ts";
import { type ShardPlan, shardNames } from "../shards/shard-plan.ts";
import type { ShardResult } from "../shards/shard-result.ts";
import { count, secondsInWords, stopInWords } from "./format.ts";
import { problemMessage } from "./messages.ts";

/** A summary of the plan, then one line for each shard. */
export function planLines(plan: ShardPlan): readonly string[] {
  const names = shardNames(plan);
  const tests = plan.shards.reduce((sum, shard) => sum + shard.tests.length, 0);
  const together = plan.shards.length === 1 ? "" : " if they run in parallel";
  return [
    `${count(tests, "test file")} in ${count(plan.shards.length, "shard")}: about ${secondsInWords(longest(plan))}${together}.`,
    ...plan.shards.map(
      (shard, index) => `${names[index]}: ${count(shard.tests.length, "test file")}, about ${secondsInWords(shard.seconds)}`,
    ),
  ];
}

function longest({ shards }: ShardPlan): number {
  return Math.max(...shards.map(({ seconds }) => seconds));
}

/** The outcome of a shard, without a verdict. */
export function shardLines({ shard, found, failures, stopped }: ShardResult): readonly string[] {
  const ran = found.runs.filter(({ step, run }) => step === "first" && run.status !== "stopped").length;
  const end = stopped === null ? "." : `, and was stopped before its end: ${stopInWords(stopped)}.`;
  return [`Shard ${shard} ran ${count(ran, "test file")}${end} The report gives the verdict.`, ...failures.flatMap(problemLines)];
}

/** Why a shard checked nothing. */
export function problemLines(problem: Problem): readonly string[] {
  const { text, remedy } = problemMessage(problem);
  return [`Not checked: ${text}`, ...(remedy === null ? [] : [remedy])];
}
