import assert from "node:assert/strict";
import type { Report } from "../../src/report/report.ts";

/** Fields that differ from run to run: times and paths. */
const DIFFERS = new Set(["seconds", "costs", "log", "build", "recordedAt", "where"]);

/** A report as text that is equal for equal outcomes. */
export function normalized(report: Report): string {
  return JSON.stringify(report, (key, value: unknown) => (DIFFERS.has(key) ? null : value), 1)
    .replaceAll(/\(artifact [\w.-]+, \d+\)|\(\/[^)]*\.json\.gz\)/g, "(where)")
    .replaceAll(/[^"\s=:,]*?\/builds\//g, "builds/")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(when)");
}

/** By lines, so that a failure shows those that differ. @param whole normalized */
export function assertSameOutcome(report: Report, whole: string): void {
  assert.deepEqual(normalized(report).split("\n"), whole.split("\n"));
}
