// Distributes the test files of a check over shards. Pure.

import { compareText } from "../findings/make-finding.ts";
import type { EngineName } from "../model/engine-name.ts";
import { MAX_SHARDS } from "../model/shard.ts";

/** A test file that one engine runs. */
export interface PlannedTest {
  readonly engine: EngineName;
  readonly name: string;
}

/** Unique in a plan. */
export function testKey({ engine, name }: PlannedTest): string {
  return `${engine} ${name}`;
}

export interface TimedTest extends PlannedTest {
  /** Expected duration. */
  readonly seconds: number;
}

/** The test files of one shard. */
export interface PlannedShard {
  /** Expected duration of the whole shard. */
  readonly seconds: number;
  readonly tests: readonly PlannedTest[];
}

/**
 * Balanced shards: assigns each test file, longest first, to the machine that would finish first.
 * @param shards maximum number of shards: never more than test files, but at least one
 * @param width number of test files that a machine runs in parallel
 */
export function planShards(tests: readonly TimedTest[], shards: number, width: number): readonly PlannedShard[] {
  const count = Math.max(1, Math.min(shards, tests.length));
  const machines = Array.from({ length: count }, () => new Machine(width));
  for (const test of tests.toSorted(longestFirst)) soonestFor(test, machines).take(test);
  return machines.map(({ seconds, tests: own }) => ({
    seconds,
    tests: own.map(({ engine, name }) => ({ engine, name })).toSorted(byName),
  }));
}

function soonestFor(test: TimedTest, machines: readonly Machine[]): Machine {
  const ranks = machines.map((machine) => ({ machine, seconds: machine.secondsWith(test) }));
  // Recorded times are rounded: many short test files take no time, but should not all be on one machine.
  return ranks.reduce((best, one) => {
    const order =
      one.seconds - best.seconds || one.machine.load - best.machine.load || one.machine.tests.length - best.machine.tests.length;
    return order < 0 ? one : best;
  }).machine;
}

/** A machine that runs one engine after another, each with `width` test files in parallel. */
export class Machine {
  readonly tests: TimedTest[] = [];
  readonly #width: number;
  /** For each engine, the seconds that each core is busy. */
  readonly #cores = new Map<EngineName, number[]>();
  load = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get seconds(): number {
    return [...this.#cores.values()].reduce((sum, cores) => sum + Math.max(...cores), 0);
  }

  secondsWith({ engine, seconds }: TimedTest): number {
    const cores = this.#coresOf(engine);
    return this.seconds - Math.max(...cores) + Math.max(...cores, Math.min(...cores) + seconds);
  }

  take(test: TimedTest): void {
    const cores = this.#coresOf(test.engine);
    const free = cores.indexOf(Math.min(...cores));
    this.#cores.set(
      test.engine,
      cores.map((busy, index) => (index === free ? busy + test.seconds : busy)),
    );
    this.tests.push(test);
    this.load += test.seconds;
  }

  #coresOf(engine: EngineName): readonly number[] {
    return this.#cores.get(engine) ?? Array.from({ length: this.#width }, () => 0);
  }
}

/** The smallest number of shards that each stay within `limit` seconds. A single test file may exceed it. */
export function planWithin(tests: readonly TimedTest[], limit: number, width: number): readonly PlannedShard[] {
  const total = tests.reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = Math.max(0, ...tests.map(({ seconds }) => seconds));
  const most = Math.min(MAX_SHARDS, Math.max(1, tests.length));
  for (let count = Math.min(most, Math.max(1, Math.ceil(total / (limit * width)))); ; count++) {
    const shards = planShards(tests, count, width);
    if (count >= most || secondsOf(shards) <= Math.max(limit, longest)) return shards;
  }
}

/** Seconds until the last machine has finished. */
export function secondsOf(shards: readonly PlannedShard[]): number {
  return Math.max(0, ...shards.map(({ seconds }) => seconds));
}

/** Longest first; ties by name, so the result does not depend on the input's order. */
export function longestFirst(a: TimedTest, b: TimedTest): number {
  return b.seconds - a.seconds || byName(a, b);
}

function byName(a: PlannedTest, b: PlannedTest): number {
  return compareText(a.engine, b.engine) || compareText(a.name, b.name);
}
