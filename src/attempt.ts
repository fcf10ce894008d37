import type { Problem } from "./model/problem.ts";
import { ProblemError } from "./model/problem-error.ts";
import { describeFailure, isDiskFull, UserError } from "./model/user-error.ts";
import type { Ports } from "./ports.ts";
import { untilStopped } from "./stages/stopping.ts";
import type { Processes } from "./system/processes.ts";

/** The value of finished work, or the problem that prevented it. */
export type Attempted<Value> = { readonly value: Value } | { readonly problem: Problem };

/**
 * Waits for work, and ends all processes that it started. Errors that the user can fix and a stop are returned as problems.
 * @throws any other error, which is a bug of ours
 */
export async function attempt<Value>(
  work: Promise<Value>,
  { progress }: Pick<Ports, "progress">,
  processes: Processes,
): Promise<Attempted<Value>> {
  const outcome = await untilStopped(work, processes).then(
    (value) => ({ value }),
    (error: unknown) => ({ problem: problemOf(error, processes) }),
  );
  processes.killAll();
  progress.end();
  return outcome;
}

function problemOf(error: unknown, { stopped }: Processes): Problem {
  if (stopped !== undefined) return { code: "stopped", why: stopped, unfinished: [] };
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof UserError) return { code: "check-failed", detail: error.message, hint: error.hint ?? null };
  if (isDiskFull(error)) return { code: "check-failed", detail: describeFailure(error), hint: null };
  throw error;
}
