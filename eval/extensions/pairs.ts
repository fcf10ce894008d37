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

/** The test files that use what was mended; all of them take memcheck half an hour. */
const MULTIDICT = {
  name: "multidict",
  needs: ["pytest==9.2.0", "pytest-cov==7.1.0"],
  command: "pytest tests/test_istr.py tests/test_mutable_multidict.py",
  place: /_multilib/,
} as const;

export const PAIRS: readonly Pair[] = [
  // Deleting and clearing lost what was deleted (issue 1233 of multidict).
  { ...MULTIDICT, good: "6.6.4", bad: "6.6.3" },
  // Each new istr, and what update() replaced, was lost (issues 1133 and 1135).
  { ...MULTIDICT, good: "6.4.0", bad: "6.3.2" },
];

export interface Outcome {
  readonly lines: readonly string[];
  readonly holds: boolean;
}

/** Each side is the baseline of the other once. */
export async function comparePair(pair: Pair): Promise<Outcome> {
  const { name, good, bad, place } = pair;
  const settings = settingsOf({ ...pair, version: good });
  const [goodSource, badSource] = [await fetchSource(name, good), await fetchSource(name, bad)];
  const before = await check(settings, goodSource, undefined);
  const worse = await check(settings, badSource, before.baseline);
  const better = await check(settings, goodSource, worse.baseline);
  const fresh = withStatus(worse.report, "new");
  const fixed = withStatus(better.report, "fixed");
  const isNew = fresh.some(({ test, site }) => test.id !== null && place.test(site.file ?? ""));
  const isFixed = fixed.length > 0 && withStatus(better.report, "new").length === 0;
  return {
    holds: isNew && isFixed,
    lines: [
      `${name} ${good} -> ${bad}: ${worse.report.verdict}, ${isNew ? "holds" : "DOES NOT HOLD"}`,
      ...worse.report.findings.map((finding) => `  ${describe(finding)}`),
      ...worse.report.problems.map(({ message }) => `  ${message}`),
      `${name} ${bad} -> ${good}: ${better.report.verdict}, ${isFixed ? "holds" : "DOES NOT HOLD"}`,
      ...better.report.findings.map((finding) => `  ${describe(finding)}`),
      ...better.report.problems.map(({ message }) => `  ${message}`),
    ],
  };
}

function withStatus({ findings }: Report, status: ReportedFinding["status"]): readonly ReportedFinding[] {
  return findings.filter((finding) => finding.status === status);
}
