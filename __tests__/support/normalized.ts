import type { Report } from "../../src/report/report.ts";

/** Times, and places that differ from run to run. */
const DIFFERS = new Set(["seconds", "costs", "log", "build", "recordedAt", "where"]);

/** A report as bytes that are the same for the same outcome. */
export function normalized(report: Report): string {
  return JSON.stringify(report, (key, value: unknown) => (DIFFERS.has(key) ? null : value), 1)
    .replaceAll(/\(artifact [\w.-]+, \d+\)|\(\/[^)]*\.json\.gz\)/g, "(where)")
    .replaceAll(/"[^"\s]*?\/builds\//g, '"builds/')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(when)");
}
