// Spreads the test files of a check over machines. Pure.

import { compareText } from "../findings/make-finding.ts";
import type { EngineName } from "../model/engine-name.ts";
import { MAX_SHARDS } from "../model/shard.ts";

/** A test file that one engine runs. */
export interface PlannedTest {
  readonly engine: EngineName;
  readonly name: string;
}

export interface TimedTest extends PlannedTest {
  /** That it is expected to take. */
  readonly seconds: number;
}

/** The test files of one machine. */
export interface PlannedShard {
  /** That they are expected to take. */
  readonly seconds: number;
  readonly tests: readonly PlannedTest[];
}

/**
 * Balanced shards: the longest test file first, each to the machine with a free core soonest. @param shards how many at most: with fewer test files there
 * are fewer, but one at least. @param width how many test files a machine runs at once.
 */
export function planShards(tests: readonly TimedTest[], shards: number, width: number): readonly PlannedShard[] {
  const count = Math.max(1, Math.min(shards, tests.length));
  // Core after core of all machines, so that of equally loaded ones the next machine's is taken.
  const loads = Array.from({ length: count * width }, () => 0);
  const parts: TimedTest[][] = Array.from({ length: count }, () => []);
  for (const test of tests.toSorted(longestFirst)) {
    const core = loads.indexOf(Math.min(...loads));
    loads[core] = (loads[core] ?? 0) + test.seconds;
    parts[core % count]?.push(test);
  }
  return parts.map((part, index) => ({
    seconds: Math.max(...loads.filter((_, core) => core % count === index)),
    tests: part.map(({ engine, name }) => ({ engine, name })).toSorted(byName),
  }));
}

/** As few shards as keep within a limit of seconds, which one test file alone may exceed. */
export function planWithin(tests: readonly TimedTest[], limit: number, width: number): readonly PlannedShard[] {
  const total = tests.reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = Math.max(0, ...tests.map(({ seconds }) => seconds));
  const most = Math.min(MAX_SHARDS, Math.max(1, tests.length));
  for (let count = Math.min(most, Math.max(1, Math.ceil(total / (limit * width)))); ; count++) {
    const shards = planShards(tests, count, width);
    if (count >= most || secondsOf(shards) <= Math.max(limit, longest)) return shards;
  }
}

/** Until the last machine is done. */
export function secondsOf(shards: readonly PlannedShard[]): number {
  return Math.max(0, ...shards.map(({ seconds }) => seconds));
}

function longestFirst(a: TimedTest, b: TimedTest): number {
  return b.seconds - a.seconds || byName(a, b);
}

function byName(a: PlannedTest, b: PlannedTest): number {
  return compareText(a.engine, b.engine) || compareText(a.name, b.name);
}
