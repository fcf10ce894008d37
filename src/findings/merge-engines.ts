import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import type { BaselineEntry } from "./baseline.ts";
import { bugKey } from "./bug.ts";
import { withDetails } from "./details.ts";
import type { JudgedFinding, JudgedStatus, Judgement } from "./judgement.ts";
import { isLeak } from "./segment.ts";

/**
 * Test files for memcheck to check, because the scan found new leaks there twice: for each bug the one that takes the least time, since a bug may show
 * in hundreds. Leaks in children are left out: memcheck can't see them.
 * @param runs the scan's, with the time of each test file
 */
export function suspectsOf({ findings }: Judgement, runs: readonly Pick<TestRun, "name" | "seconds">[]): readonly string[] {
  const secondsOf = new Map(runs.map(({ name, seconds }) => [name, seconds]));
  const leaks = findings.flatMap(({ finding, isConfirmed }) =>
    isConfirmed && isLeak(finding.kind) && !finding.isInChild ? [{ bug: bugKey(finding), name: finding.test.file }] : [],
  );
  const cheapestFirst = leaks.toSorted((a, b) => (secondsOf.get(a.name) ?? 0) - (secondsOf.get(b.name) ?? 0));
  const chosen = new Map<string, string>();
  for (const { bug, name } of cheapestFirst) if (!chosen.has(bug)) chosen.set(bug, name);
  return [...new Set(chosen.values())];
}

/**
 * The judgement of both engines. If memcheck found the same error, its finding is reported; leaks that only the scan found, twice, remain the
 * scan's, and those that it knows are known.
 * @param looks memcheck's runs of the suspects, both its own test files and those run only for this.
 */
export function mergeEngines(scan: Judgement, memcheck: Judgement, looks: readonly TestRun[]): Judgement {
  const findings = mergeFindings(scan, memcheck, looks);
  const compared = [...scan.findings, ...memcheck.findings].filter(({ status }) => status !== "unrecorded");
  const judged = new Set(compared.map(({ finding }) => keyOf(finding)));
  return {
    findings,
    fixed: mergeFixed(scan, memcheck, findings),
    problems: distinct([...scan.problems, ...memcheck.problems]),
    notes: distinct([...scan.notes, ...memcheck.notes, ...looks.flatMap((look) => notesOn(look, judged))]),
  };
}

function mergeFindings(scan: Judgement, memcheck: Judgement, looks: readonly TestRun[]): readonly JudgedFinding[] {
  const seen = Map.groupBy(memcheck.findings, groupedKey);
  const isSeen = (judged: JudgedFinding): boolean => (seen.get(groupedKey(judged)) ?? []).some((own) => coversScan(own, judged));
  const alone = scan.findings.filter((judged) => judged.status === "flaky" || !isSeen(judged));
  const certain = new Set(alone.filter(({ isConfirmed }) => isConfirmed).map(groupedKey));
  const own = memcheck.findings.filter((judged) => judged.isConfirmed || judged.status === "known" || !certain.has(groupedKey(judged)));
  const scanned = firstOfEach(scan.findings, ({ finding }) => keyOf(finding));
  const looked = firstOfEach(
    looks.flatMap((look) => look.findings),
    keyOf,
  );
  return [
    ...own.map((judged) => asScanKnows(judged, scanned.get(keyOf(judged.finding)))),
    ...alone.map((judged) => asMemcheckSaw(judged, looked.get(keyOf(judged.finding)))),
  ];
}

/** Each once, and none that the other engine still finds: to the scan, a lost block may seem alive by chance. */
function mergeFixed(scan: Judgement, memcheck: Judgement, findings: readonly JudgedFinding[]): Judgement["fixed"] {
  const key = ({ test, signature }: BaselineEntry): string => `${test} ${signature}`;
  const found = new Set(findings.map(({ finding }) => keyOf(finding)));
  const fixed = [...memcheck.fixed, ...scan.fixed].filter((entry) => !found.has(key(entry)));
  return [...firstOfEach(fixed, key).values()].toReversed();
}

/** Adds the judgement of torture, whose kinds of errors no other engine finds. */
export function addJudgement(one: Judgement, other: Judgement): Judgement {
  return {
    findings: [...one.findings, ...other.findings],
    fixed: [...one.fixed, ...other.fixed],
    problems: distinct([...one.problems, ...other.problems]),
    notes: distinct([...one.notes, ...other.notes]),
  };
}

/** Flaky and unrecorded findings are kept separately; all others are the same error, whatever the two engines' baselines say. */
function groupedKey({ finding, status }: JudgedFinding): string {
  const apart: readonly JudgedStatus[] = ["flaky", "unrecorded"];
  return `${apart.includes(status) ? status : "compared"} ${keyOf(finding)}`;
}

/**
 * What memcheck knows says nothing of what the scan has more of: memcheck does not look at the interpreters that tests start. What memcheck could not
 * confirm, or only finds similar to a known error, does not hide what the scan found new twice.
 */
function coversScan({ status, isConfirmed, before }: JudgedFinding, scanned: JudgedFinding): boolean {
  if (isConfirmed || !scanned.isConfirmed) return true;
  return status === "known" && before !== undefined && scanned.finding.blocks <= before.most;
}

/**
 * The scan may have checked after each test. It also has all test files in its baseline, while memcheck's record of a test file may be older: a leak that
 * the scan knows is known.
 */
function asScanKnows(judged: JudgedFinding, other: JudgedFinding | undefined): JudgedFinding {
  if (other === undefined) return judged;
  const finding = withDetails(judged.finding, other.finding);
  const { status, before } = other;
  const isKnown = judged.isConfirmed && isLeak(finding.kind) && (status === "known" || status === "changed");
  // Some of the scan's blocks seem alive by chance, so it may now have fewer than the baseline.
  return isKnown && before !== undefined && finding.blocks <= Math.max(before.most, before.blocks)
    ? { finding, status, before, isConfirmed: false }
    : { ...judged, finding };
}

function asMemcheckSaw(judged: JudgedFinding, seen: Finding | undefined): JudgedFinding {
  if (!judged.isConfirmed) return judged;
  const isLess = seen !== undefined && judged.before !== undefined && seen.blocks <= judged.before.most;
  return seen === undefined || isLess ? judged : { ...judged, finding: withDetails(seen, judged.finding) };
}

/** Other errors that memcheck found in a suspect. @param judged keys of findings that have been compared. */
function notesOn(look: TestRun, judged: ReadonlySet<string>): readonly Note[] {
  if (look.incomplete !== null) return [{ code: "suspect-incomplete", test: look.name, incomplete: look.incomplete }];
  const others = look.findings.filter((finding) => !judged.has(keyOf(finding)));
  if (others.length === 0) return [];
  const errors = distinct(others.map(({ kind, site }) => ({ kind, function: site.function })));
  return [{ code: "uncovered-errors", test: look.name, errors: [...errors] }];
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** By key, the first value that has it. */
function firstOfEach<Value>(values: readonly Value[], key: (value: Value) => string): ReadonlyMap<string, Value> {
  return new Map(values.toReversed().map((value) => [key(value), value]));
}

function keyOf({ test, signature }: Finding): string {
  return `${test.file} ${signature}`;
}
