import type { BaselineTest } from "../findings/baseline.ts";
import type { EngineName } from "../model/engine-name.ts";
import { type PlannedTest, testKey } from "./plan-shards.ts";

/** For an engine without test files in the baseline: about the median of CPython's test files, on a core of 2024. */
const USUAL_SECONDS: Readonly<Record<EngineName, number>> = { scan: 2, memcheck: 40, torture: 120, lifecycle: 3 };

/**
 * The expected seconds of a test file: those in the baseline, or else the median of the engine's test files there. Pure.
 * @param slice the slice of torture that will run
 */
export function expectSeconds(recorded: readonly BaselineTest[], slice?: string): (test: PlannedTest) => number {
  const own = recorded.filter((test) => test.slice === undefined || test.slice === slice);
  // Another slice of the same test file is a better estimate than other test files.
  const known = new Map([...recorded, ...own].map((test) => [testKey(test), test.seconds]));
  const medians = new Map([...Map.groupBy(recorded, ({ engine }) => engine)].map(([engine, tests]) => [engine, medianOf(tests)]));
  return (test) => known.get(testKey(test)) ?? medians.get(test.engine) ?? USUAL_SECONDS[test.engine];
}

/** @param tests at least one */
function medianOf(tests: readonly BaselineTest[]): number {
  const sorted = tests.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
