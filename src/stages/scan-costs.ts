import type { History } from "../findings/history.ts";
import type { TestRun } from "../model/test-run.ts";

/**
 * Seconds of test files in the scan, from which those of other engines are estimated. They come from the baseline, so that a choice made before the
 * scan is the same; without a comparable baseline they come from this scan. Pure.
 */
export function scanCosts(past: History, scanned: readonly TestRun[]): ReadonlyMap<string, number> {
  const runs = past.kind === "comparable" ? past.baseline.tests.filter(({ engine }) => engine === "scan") : scanned;
  return new Map(runs.map(({ name, seconds }) => [name, seconds]));
}
