import type { Stop } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import type { Judgement } from "./judgement.ts";

/** What a stopped check has come to: never clean, and it says what it did not get to. */
export function judgeStopped(judgement: Judgement, runs: readonly TestRun[], why: Stop): Judgement {
  const unfinished = [...new Set(runs.filter(({ status }) => status === "stopped").map(({ name }) => name))];
  return { ...judgement, problems: [{ code: "stopped", why, unfinished }, ...judgement.problems] };
}
