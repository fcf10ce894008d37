import type { Stop } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import type { Judgement } from "./judgement.ts";

/** The result of a stopped check: never clean, with the test files that it did not finish. */
export function judgeStopped(judgement: Judgement, runs: readonly TestRun[], why: Stop): Judgement {
  const unfinished = [...new Set(runs.filter(({ status }) => status === "stopped").map(({ name }) => name))];
  return { ...judgement, problems: [{ code: "stopped", why, unfinished }, ...judgement.problems] };
}
