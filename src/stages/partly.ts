// Test files that take too long under memcheck as a whole: most of the time goes into a few of their tests, and the others can run.

import type { TestTime } from "../model/test-run.ts";
import { type Budget, expectedSeconds, MIN_SECONDS, SLOWDOWN } from "./memcheck-budget.ts";

/** A test file without its slowest tests. */
export interface Part {
  /** Their ids. */
  readonly leaveOut: readonly string[];
  /** Seconds that memcheck is expected to take for the others. */
  readonly cost: number;
}

/**
 * What of a test file fits into so many seconds; undefined where the whole file does, or where too little does. The slowest tests go first. Pure.
 * @param times of its slowest tests, natively.
 */
export function partOf(name: string, seconds: number, budget: Budget, times: readonly TestTime[]): Part | undefined {
  let cost = expectedSeconds(name, budget);
  // What the default branch recorded is compared as a whole.
  if (cost <= seconds || budget.recorded.has(name)) return undefined;
  const leaveOut: string[] = [];
  for (const { id, seconds: own } of times.toSorted((a, b) => b.seconds - a.seconds)) {
    if (cost <= seconds) break;
    leaveOut.push(id);
    cost = Math.max(MIN_SECONDS, cost - SLOWDOWN * own);
  }
  return cost <= seconds ? { leaveOut, cost } : undefined;
}
