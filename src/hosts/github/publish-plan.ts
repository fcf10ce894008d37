import * as core from "@actions/core";
import { logText } from "../../report/escape.ts";
import { planLines } from "../../report/shard-lines.ts";
import { matrixOf, type ShardPlan } from "../../shards/shard-plan.ts";
import { setOutputs, writeSummary } from "./publish.ts";

/** Logs the plan, and sets its matrix as an output of the step. */
export async function publishPlan(plan: ShardPlan): Promise<void> {
  const lines = planLines(plan);
  core.info(logText(lines.join("\n")));
  await setOutputs({ matrix: matrixOf(plan) });
  await writeSummary(`${lines.slice(0, 1).join("")}\n`);
}
