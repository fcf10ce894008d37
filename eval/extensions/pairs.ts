import type { Report } from "../../src/report/report.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { check } from "./checked.ts";
import { describe, settingsOf } from "./evaluation.ts";
import type { Project } from "./project.ts";
import { fetchSource } from "./sdists.ts";

/** Two releases of one project, of which only the second has a leak. */
interface Pair extends Pick<Project, "name" | "needs" | "command"> {
  readonly good: string;
  readonly bad: string;
  /** Where the leak is. */
  readonly place: RegExp;
}

/** Only the test files that use the fixed code: all of them take memcheck half an hour. */
const MULTIDICT = {
  name: "multidict",
  needs: ["pytest==9.2.0", "pytest-cov==7.1.0"],
  command: "pytest tests/test_istr.py tests/test_mutable_multidict.py",
  place: /_multilib/,
} as const;

export const PAIRS: readonly Pair[] = [
  // Deleting and clearing leaked the deleted items (issue 1233 of multidict).
  { ...MULTIDICT, good: "6.6.4", bad: "6.6.3" },
  // Each new istr, and the items that update() replaced, leaked (issues 1133 and 1135).
  { ...MULTIDICT, good: "6.4.0", bad: "6.3.2" },
];

/** Uses each release once as the baseline of the other. Each check takes minutes, so its outcome is printed at once. */
export async function comparePair(pair: Pair): Promise<boolean> {
  const { name, good, bad, place } = pair;
  const settings = settingsOf({ ...pair, version: good });
  const [goodSource, badSource] = [await fetchSource(name, good), await fetchSource(name, bad)];
  const before = await check(settings, goodSource, undefined);
  const worse = await check(settings, badSource, before.baseline);
  const isNew = withStatus(worse.report, "new").some(({ test, site }) => test.id !== null && place.test(site.file ?? ""));
  printPair(`${name} ${good} -> ${bad}`, worse.report, isNew);
  const better = await check(settings, goodSource, worse.baseline);
  const isFixed = withStatus(better.report, "fixed").length > 0 && withStatus(better.report, "new").length === 0;
  printPair(`${name} ${bad} -> ${good}`, better.report, isFixed);
  return isNew && isFixed;
}

function printPair(title: string, { verdict, findings, problems }: Report, holds: boolean): void {
  console.log(`${title}: ${verdict}, ${holds ? "holds" : "DOES NOT HOLD"}`);
  for (const finding of findings) console.log(`  ${describe(finding)}`);
  for (const { message } of problems) console.log(`  ${message}`);
}

function withStatus({ findings }: Report, status: ReportedFinding["status"]): readonly ReportedFinding[] {
  return findings.filter((finding) => finding.status === status);
}
