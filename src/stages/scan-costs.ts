import type { History } from "../findings/history.ts";
import type { TestRun } from "../model/test-run.ts";

/**
 * Seconds that test files take in the scan, by which others are chosen: those of the baseline, so that a choice that is made before the scan is the
 * same. Only where there is none to compare with, those of this scan. Pure.
 */
export function scanCosts(past: History, scanned: readonly TestRun[]): ReadonlyMap<string, number> {
  const runs = past.kind === "comparable" ? past.baseline.tests.filter(({ engine }) => engine === "scan") : scanned;
  return new Map(runs.map(({ name, seconds }) => [name, seconds]));
}
