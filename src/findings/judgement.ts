import type { Changes } from "../git/changes.ts";
import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { NoBaseline, Problem, Shortfall } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import { type Acceptance, acceptanceFor, expiryNotes } from "./acceptance.ts";
import type { BaselineEntry, BaselineTest } from "./baseline.ts";
import { type Comparable, type Compared, type Comparison, type Counterpart, compare, confirm } from "./compare.ts";
import { cutShort, excusedShortfalls } from "./cut-short.ts";
import { type History, noBaselineOf, type RecordingScope } from "./history.ts";
import type { Evidence } from "./match.ts";
import { hasFindings, isAsSkipped, reachOf } from "./reach.ts";
import { needsRepeats } from "./segment.ts";
import { incompleteProblem, isComplete, judgeReach, reachedAsMuch, shortfallOf, unlessNothing } from "./shortfall.ts";
import { isWarning } from "./warning.ts";

/**
 * The outcome of a finding. `warning`: new, of a kind that does not fail the check. `changed`: matched by similarity only, so a person should
 * verify it. `flaky`: not found in a second run. `unrecorded`: there is nothing to compare it with.
 */
export type JudgedStatus = "new" | "grown" | "warning" | "changed" | "known" | "flaky" | "accepted" | "unrecorded";

export interface JudgedFinding {
  readonly finding: Finding;
  readonly status: JudgedStatus;
  /** For a new or grown finding: whether a second run showed it, too. False if its test file was not complete in both runs. */
  readonly isConfirmed: boolean;
  /** Its match in the baseline. */
  readonly before?: Counterpart;
  /** For an accepted finding. */
  readonly acceptance?: Acceptance;
}

/** The result of a check's runs. */
export interface Judgement {
  readonly findings: readonly JudgedFinding[];
  readonly fixed: readonly BaselineEntry[];
  /** What was requested but could not be checked. */
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
}

/** The result of a check that ran nothing. */
export const NOTHING: Judgement = { findings: [], fixed: [], problems: [], notes: [] };

/** The inputs of the judgement. */
export interface Grounds {
  readonly history: History;
  readonly scope: RecordingScope;
  /** Facts about the change that caused the findings. */
  readonly evidence: Evidence;
  readonly acceptances: readonly Acceptance[];
  /** `2027-03-01` */
  readonly today: string;
  /** Test files in the baseline that `all` no longer lists. */
  readonly missing: readonly string[];
  /** What the change touched, where that is known. */
  readonly changes?: Changes;
  /** Whether test files that the change cannot reach were left out: then all others may be skipped. */
  readonly isPartial?: boolean;
}

/** First runs, compared with the baseline. */
export interface ComparedRuns {
  readonly runs: readonly TestRun[];
  readonly grounds: Grounds;
  /** Undefined if there is no baseline to compare with. */
  readonly comparison: Comparison | undefined;
  /** New and grown findings that are not accepted: they count only if a second run shows them again. */
  readonly fresh: readonly Compared[];
}

/** First step: compares the findings with the history. */
export function compareRuns(runs: readonly TestRun[], grounds: Grounds): ComparedRuns {
  const { history, evidence, acceptances, today } = grounds;
  if (history.kind !== "comparable") return { runs, grounds, comparison: undefined, fresh: [] };
  const complete = runs.filter(isComplete);
  const names = complete.map(({ name }) => name);
  const comparison = compare(history.baseline, names, findingsOf(complete), evidence, comparableIn(history.baseline.tests, complete));
  const fresh = comparison.compared.filter((one) => isFresh(one) && acceptanceFor(one.finding, acceptances, today) === undefined);
  return { runs, grounds, comparison, fresh };
}

function comparableIn(recorded: readonly BaselineTest[], runs: readonly TestRun[]): Comparable {
  const repeated = new Set(runs.filter((run) => run.repeated).map(({ name }) => name));
  const repeatedBefore = new Set(recorded.filter((test) => test.repeated).map(({ name }) => name));
  return {
    // A test file that is skipped does the same each time before that.
    test: (test) => hasFindings(test) || runs.some((run) => run.name === test.name && isAsSkipped(run, test)),
    kind: (kind, test) => !needsRepeats(kind) || (repeated.has(test) && repeatedBefore.has(test)),
  };
}

/** The test files that must run again. */
export function testsToConfirm({ fresh }: ComparedRuns): readonly string[] {
  return [...new Set(fresh.map(({ finding }) => finding.test.file))];
}

/** Second step. @param again the second runs of {@link testsToConfirm}. */
export function judge(compared: ComparedRuns, again: readonly TestRun[]): Judgement {
  const { runs, grounds, comparison } = compared;
  const { history, missing, scope } = grounds;
  if (history.kind !== "comparable" || comparison === undefined) return judgeWithoutBaseline(runs, grounds);
  const confirmation = confirmFresh(compared, again);
  const shortfalls = runs.map((run) => judgeReach(run, history.baseline.tests.find(named(run.name))));
  const cut = cutShort(runs, grounds);
  const isCounted = ({ finding }: { readonly finding: Finding }): boolean =>
    acceptanceFor(finding, grounds.acceptances, grounds.today) === undefined;
  const excused = excusedShortfalls(shortfalls, cut.filter(isCounted), grounds);
  const incomparable = comparison.unrecorded.found.map(unrecorded);
  const reasons = [...shortfalls.flatMap(({ problem }) => problem ?? []), ...excused];
  return {
    findings: [
      ...confirmation.findings,
      ...cut.map((one) => accept(isWarning(one.finding.kind) ? asWarning(one) : { ...one, isConfirmed: false }, grounds)),
      ...comparison.compared.flatMap((one) => judgeSettled(one, grounds)),
      ...incomparable.map((one) => accept(one, grounds)),
    ],
    fixed: comparison.fixed.filter((entry) => runs.some((run) => run.name === entry.test && reachedAsMuch(run, history.baseline.tests))),
    problems: [
      ...unlessNothing(reasons, runs, grounds.isPartial),
      ...confirmation.problems,
      ...missing.map((test): Problem => ({ code: "test-missing", test })),
      ...unrecordedProblems(incomparable.filter(isCounted), scope),
    ],
    notes: [...expiryNotes(comparison.compared.filter(isFresh), grounds), ...shortfalls.flatMap(({ note }) => note ?? [])],
  };
}

/** A check in which no stage ran anything is not clean either. */
export function requireChecked(judgement: Judgement, runs: readonly TestRun[], isPartial = false): Judgement {
  return { ...judgement, problems: unlessNothing(judgement.problems, runs, isPartial) };
}

function judgeWithoutBaseline(runs: readonly TestRun[], { history, scope }: Grounds): Judgement {
  const why = history.kind === "comparable" ? [] : [noBaselineOf(history)];
  const isEnough = scope !== "nothing" && history.kind !== "unreachable";
  const problems = runs.flatMap((run) => (run.status === "stopped" ? [] : incompleteProblem(run)));
  const note = (one: NoBaseline): Note => ({ code: "first-comparison", why: one });
  return {
    ...NOTHING,
    findings: findingsOf(runs.filter(isComplete)).map(unrecorded),
    problems: [...unlessNothing(problems, runs), ...(isEnough ? [] : why.map((one): Problem => ({ code: "nothing-compared", why: one })))],
    notes: isEnough ? why.map(note) : [],
  };
}

function findingsOf(runs: readonly TestRun[]): readonly Finding[] {
  return runs.flatMap(({ findings }) => findings);
}

function isFresh({ status }: Compared): boolean {
  return status === "new" || status === "grown";
}

function unrecorded(finding: Finding): JudgedFinding {
  return { finding, status: "unrecorded", isConfirmed: false };
}

/** Findings that need no second run: known, changed and accepted ones. */
function judgeSettled(compared: Compared, grounds: Grounds): readonly JudgedFinding[] {
  const judged = { ...compared, isConfirmed: false };
  if (!isFresh(compared)) return [judged];
  return [accept(judged, grounds)].filter(({ status }) => status === "accepted");
}

function accept(judged: JudgedFinding, { acceptances, today }: Pick<Grounds, "acceptances" | "today">): JudgedFinding {
  const acceptance = acceptanceFor(judged.finding, acceptances, today);
  return acceptance === undefined ? judged : { ...judged, status: "accepted", acceptance };
}

interface Confirmation {
  readonly findings: readonly JudgedFinding[];
  readonly problems: readonly Problem[];
}

function confirmFresh({ runs, fresh }: ComparedRuns, again: readonly TestRun[]): Confirmation {
  const found = findingsOf(again.filter(isComplete));
  const doubtful = new Map<string, Problem>();
  const findings = fresh.map((compared): JudgedFinding => {
    const confirmed = confirm(compared, found);
    if (confirmed !== undefined) return isWarning(compared.finding.kind) ? asWarning(confirmed) : { ...confirmed, isConfirmed: true };
    const { engine, test } = compared.finding;
    const doubt = doubtOf(again.find(named(test.file)), runs.find(named(test.file)));
    if (doubt === undefined) return { ...compared, status: "flaky", isConfirmed: false };
    if (isWarning(compared.finding.kind)) return asWarning(compared);
    doubtful.set(test.file, { code: "not-confirmed", test: test.file, engine, doubt });
    return { ...compared, isConfirmed: false };
  });
  return { findings, problems: [...doubtful.values()] };
}

function asWarning(compared: Compared): JudgedFinding {
  return { ...compared, status: "warning", isConfirmed: false };
}

/** Why an error that is missing in a second run may still exist, null without a second run; undefined if it does not exist. */
function doubtOf(second: TestRun | undefined, first: TestRun | undefined): Shortfall | null | undefined {
  if (second === undefined) return null;
  return shortfallOf(second, first && reachOf(first))[0];
}

function named(name: string): (one: { readonly name: string }) => boolean {
  return (one) => one.name === name;
}

/** Errors of test files without a record can't be compared, unless this run records them. Warnings fail no check. */
function unrecordedProblems(found: readonly JudgedFinding[], scope: RecordingScope): readonly Problem[] {
  if (scope !== "nothing") return [];
  const errors = found.filter(({ finding }) => !isWarning(finding.kind));
  const tests = new Map(errors.map(({ finding: { engine, test } }) => [test.file, engine]));
  return [...tests].map(([test, engine]) => ({ code: "test-not-in-baseline", test, engine }));
}
