import type { BaselineTest } from "../findings/baseline.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { PlannedTest } from "./plan-shards.ts";

/** Where the baseline has no test file of an engine: about what CPython's median file takes on a core of 2024. */
const USUAL_SECONDS: Readonly<Record<EngineName, number>> = { scan: 2, memcheck: 40, torture: 120, lifecycle: 3 };

/**
 * How long test files are expected to take: as long as in the baseline; one that it lacks as long as the median of that engine's. Pure. @param slice of
 * torture.
 */
export function expectSeconds(recorded: readonly BaselineTest[], slice?: string): (test: PlannedTest) => number {
  const own = recorded.filter((test) => test.slice === undefined || test.slice === slice);
  // Another slice of the same test file tells more than other test files do.
  const known = new Map([...recorded, ...own].map((test) => [keyOf(test), test.seconds]));
  const medians = new Map([...Map.groupBy(recorded, ({ engine }) => engine)].map(([engine, tests]) => [engine, medianOf(tests)]));
  return (test) => known.get(keyOf(test)) ?? medians.get(test.engine) ?? USUAL_SECONDS[test.engine];
}

function keyOf({ engine, name }: PlannedTest): string {
  return `${engine} ${name}`;
}

/** Of at least one. */
function medianOf(tests: readonly BaselineTest[]): number {
  const sorted = tests.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
