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
 * Balanced shards: the longest test file first, each to the machine that is done soonest with it. @param shards how many at most: with fewer test files
 * there are fewer, but one at least. @param width how many test files a machine runs at once.
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
  return ranks.reduce((best, one) =>
    one.seconds < best.seconds || (one.seconds === best.seconds && one.machine.load < best.machine.load) ? one : best,
  ).machine;
}

/** A machine that runs one engine's test files after the other's, so many at once. */
export class Machine {
  readonly tests: TimedTest[] = [];
  readonly #width: number;
  /** For each engine, until when each core is busy with its test files. */
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

/** In an order that does not depend on that of the test files. */
export function longestFirst(a: TimedTest, b: TimedTest): number {
  return b.seconds - a.seconds || byName(a, b);
}

function byName(a: PlannedTest, b: PlannedTest): number {
  return compareText(a.engine, b.engine) || compareText(a.name, b.name);
}
