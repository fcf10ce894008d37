import { causeOf } from "../model/incomplete.ts";
import type { TestRun, TestStatus } from "../model/test-run.ts";

/** How far a run of a test file got. */
export interface Reach {
  readonly status: TestStatus;
  /** Tests that ran and were not skipped; null if unknown. */
  readonly ran: number | null;
  /** Code for why the run is incomplete, `signal:SIGSEGV`; null if it is complete. */
  readonly cause: string | null;
}

export function reachOf({ status, ran, incomplete }: Pick<TestRun, "status" | "ran" | "incomplete">): Reach {
  return { status, ran, cause: causeOf(incomplete) };
}

const RANKS: Readonly<Record<TestStatus, number>> = { passed: 3, failed: 2, skipped: 1, timeout: 0, crashed: 0, stopped: 0 };

function rankOf({ status, cause }: Reach): number {
  return cause === null ? RANKS[status] : 0;
}

/** Whether the findings of such a run are meaningful: a skipped or incomplete file may have any others. */
export function hasFindings(reach: Reach): boolean {
  return rankOf(reach) >= RANKS.failed;
}

/** Whether both runs were skipped, and watched from start to end. */
export function isAsSkipped(now: Pick<Reach, "status">, before: Reach): boolean {
  return now.status === "skipped" && before.status === "skipped" && before.cause === null;
}

/** If fewer than this share of its tests ran, a passing file was not checked as before. */
const MIN_PART = 0.5;

/** Whether a run got less far than another one of the same file, so that findings that it does not show may still exist. */
export function reachedLess(now: Reach, before: Reach): boolean {
  const [rank, rankBefore] = [rankOf(now), rankOf(before)];
  if (rank !== rankBefore) return rank < rankBefore;
  if (!hasFindings(now) || now.ran === null || before.ran === null) return false;
  // After a failure, later tests are missing; a passing file may have lost some tests on purpose.
  return now.ran < before.ran * (now.status === "failed" ? 1 : MIN_PART);
}

/** Whether two runs were cut short in the same way. */
export function endedAlike(now: Reach, before: Reach): boolean {
  return now.status === before.status && now.cause === before.cause && !reachedLess(now, before);
}
