// Test files that take too long under memcheck. Most of the time is spent in a few of their tests, so the others can run.

import type { TestTime } from "../model/test-run.ts";
import { type Budget, expectedSeconds, MIN_SECONDS, SLOWDOWN } from "./memcheck-budget.ts";

/** A test file without its slowest tests. */
export interface PartialFile {
  /** Ids of the tests that are left out. */
  readonly leaveOut: readonly string[];
  /** Expected seconds under memcheck for the others. */
  readonly cost: number;
}

/**
 * Leaves out the slowest tests of a file until the rest fits into `seconds`. Undefined if the whole file fits, or if the rest is still too slow. Pure.
 * @param times of its slowest tests, without memcheck
 */
export function withoutSlowest(name: string, seconds: number, budget: Budget, times: readonly TestTime[]): PartialFile | undefined {
  let cost = expectedSeconds(name, budget);
  // Test files in the baseline are compared as a whole.
  if (cost <= seconds || budget.recorded.has(name)) return undefined;
  const leaveOut: string[] = [];
  for (const { id, seconds: own } of times.toSorted((a, b) => b.seconds - a.seconds)) {
    if (cost <= seconds) break;
    leaveOut.push(id);
    cost = Math.max(MIN_SECONDS, cost - SLOWDOWN * own);
  }
  return cost <= seconds ? { leaveOut, cost } : undefined;
}
