import type { Note } from "../model/note.ts";
import type { Problem, Shortfall } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import type { BaselineTest } from "./baseline.ts";
import { endedAlike, type Reach, reachedLess, reachOf } from "./reach.ts";

export function isComplete(run: TestRun): boolean {
  return run.incomplete === null;
}

/**
 * These problems, and another one if there are none and yet no test file was checked. @param isPartial whether test files were left out that the
 * change cannot reach: then there may be nothing to check.
 */
export function unlessNothing(problems: readonly Problem[], runs: readonly TestRun[], isPartial = false): readonly Problem[] {
  const isAnyChecked = runs.some((run) => run.incomplete === null && run.status !== "skipped");
  const isStopped = runs.some((run) => run.status === "stopped");
  return isAnyChecked || isStopped || isPartial || problems.length > 0 ? problems : [{ code: "nothing-checked" }];
}

export function incompleteProblem({ name, engine, incomplete }: TestRun): readonly Shortfall[] {
  return incomplete === null ? [] : [{ code: "test-incomplete", test: name, engine, incomplete }];
}

/** A run that got less far than the baseline's is a problem, unless the default branch falls short in the same way. */
export function judgeReach(run: TestRun, before: BaselineTest | undefined): { readonly problem?: Problem; readonly note?: Note } {
  // All stopped test files are one problem (stopped.ts).
  if (run.status === "stopped") return {};
  const [shortfall] = shortfallOf(run, before);
  if (shortfall === undefined) return {};
  if (before !== undefined && endedAlike(reachOf(run), before.latest ?? before)) return { note: { code: "known-shortfall", shortfall } };
  return { problem: shortfall };
}

/** What a run did not check, although the run before did or it had to. */
export function shortfallOf(run: TestRun, before: Reach | undefined): readonly Shortfall[] {
  if (run.incomplete !== null) return incompleteProblem(run);
  if (before === undefined || !reachedLess(reachOf(run), before)) return [];
  const test = { test: run.name, engine: run.engine };
  if (run.status === "skipped") return [{ code: "test-skipped", ...test }];
  if (before.status === "passed" && run.status === "failed") return [{ code: "test-failed", ...test }];
  return [{ code: "fewer-tests", ...test, ran: run.ran ?? 0, ranBefore: before.ran ?? 0 }];
}

export function reachedAsMuch(run: TestRun, tests: readonly BaselineTest[]): boolean {
  const before = tests.find(({ name }) => name === run.name);
  return isComplete(run) && (before === undefined || !reachedLess(reachOf(run), before));
}
