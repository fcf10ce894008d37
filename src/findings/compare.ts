import type { Finding } from "../model/finding.ts";
import type { Baseline, BaselineEntry, BaselineTest } from "./baseline.ts";
import { withDetails } from "./details.ts";
import { amountOf } from "./make-finding.ts";
import { type Evidence, type Match, matchFindings, NO_EVIDENCE, type Pass } from "./match.ts";
import { hasFindings } from "./reach.ts";

/** The baseline entry that a finding was matched with, and how. If several entries became one finding, this is the first. */
export interface Counterpart {
  readonly entry: BaselineEntry;
  readonly pass: Pass;
  readonly similarity: number;
  /** Blocks in the baseline, summed over all entries that became this finding. */
  readonly blocks: number;
  /** Threshold in blocks: a leak with more has grown. */
  readonly most: number;
}

/** A finding with its match in the baseline. */
export type Compared =
  | { readonly status: "new"; readonly finding: Finding }
  /** `changed`: matched by similarity only, so a person should verify it. */
  | { readonly status: "grown" | "known" | "changed"; readonly finding: Finding; readonly before: Counterpart };

/** While the interpreter is running, two or three of a thousand lost blocks seem alive, because some value looks like a pointer to them. */
const LIVE_TOLERANCE = 0.005;

/** How findings compare with a baseline. */
export interface Comparison {
  readonly compared: readonly Compared[];
  readonly fixed: readonly BaselineEntry[];
  /** Tests that ran now but are not in the baseline: whether their findings are new is unknown. */
  readonly unrecorded: { readonly tests: readonly string[]; readonly found: readonly Finding[] };
}

/** Which tests and kinds can be compared between the baseline and this check. */
export interface Comparable {
  /** Whether the recorded run got as far as this check's run. */
  test(test: BaselineTest): boolean;
  /** Whether both runs of a test file looked for this kind of error. */
  kind(kind: string, test: string): boolean;
}

const ALL_COMPARABLE: Comparable = { test: hasFindings, kind: () => true };

/** Compares what complete runs found with what the baseline has of the same test files. */
export function compare(
  baseline: Baseline,
  tests: readonly string[],
  findings: readonly Finding[],
  evidence: Evidence = NO_EVIDENCE,
  comparable: Comparable = ALL_COMPARABLE,
): Comparison {
  const recorded = new Set(baseline.tests.filter(comparable.test).map((test) => test.name));
  const ran = tests.filter((name) => recorded.has(name));
  const parts = ran.map((name) =>
    compareOne(
      baseline.findings.filter(({ test, kind }) => test === name && comparable.kind(kind, name)),
      findings.filter(({ test, kind }) => test.file === name && comparable.kind(kind, name)),
      evidence,
      baseline.identity.leakCheck === "live" ? LIVE_TOLERANCE : 0,
    ),
  );
  return {
    compared: parts.flatMap(({ compared }) => compared),
    fixed: parts.flatMap(({ fixed }) => fixed),
    unrecorded: {
      tests: tests.filter((name) => !recorded.has(name)),
      found: findings.filter(({ test, kind }) => !recorded.has(test.file) || !comparable.kind(kind, test.file)),
    },
  };
}

/** One test file on both sides. */
function compareOne(entries: readonly BaselineEntry[], findings: readonly Finding[], evidence: Evidence, tolerance: number) {
  const matches = matchFindings(entries, findings, evidence);
  const byFinding = Map.groupBy(matches, ({ finding }) => finding);
  const matched = new Set(matches.map(({ entry }) => entry));
  return {
    compared: findings.map((finding) => judge(finding, byFinding.get(finding) ?? [], tolerance)),
    fixed: entries.filter((entry) => !matched.has(entry)),
  };
}

/** Of errors without an amount memcheck reports each place once. */
function judge(finding: Finding, matches: readonly Match[], tolerance: number): Compared {
  const [first] = matches;
  if (first === undefined) return { status: "new", finding };
  const { entry, pass, similarity } = first;
  const covered = matches.reduce((sum, { amount }) => sum + amount, 0);
  const most = covered + Math.floor(covered * tolerance);
  const amount = amountOf(finding);
  const recorded = matches.reduce((sum, match) => sum + match.entry.blocks, 0);
  const before = { entry, pass, similarity, blocks: amount > covered ? covered : recorded, most };
  if (amount > most) return { status: "grown", finding, before };
  return { status: matches.some((match) => match.pass === "similar") ? "changed" : "known", finding, before };
}

/** A new finding after a second run of its test: found in both runs, with the smaller count, or nothing. */
export function confirm(fresh: Compared, again: readonly Finding[]): Compared | undefined {
  const { finding } = fresh;
  const second = again.find((other) => other.signature === finding.signature && other.test.file === finding.test.file);
  if (second === undefined) return undefined;
  const smaller = amountOf(second) < amountOf(finding) ? second : finding;
  if (fresh.status === "grown" && amountOf(smaller) <= fresh.before.most) return undefined;
  // From the second run, which makes valgrind generate suppressions.
  const { suppression } = second;
  const { blocks, bytes, references } = smaller;
  return { ...fresh, finding: { ...withDetails(finding, second), blocks, bytes, references, suppression } };
}
