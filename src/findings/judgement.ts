import type { Finding } from "../model/finding.ts";
import type { TestRun } from "../model/test-run.ts";
import { type Acceptance, type Accepted, sortOutAccepted } from "./acceptance.ts";
import type { Baseline, BaselineEntry, BaselineTest } from "./baseline.ts";
import { type Compared, compare, confirm } from "./compare.ts";
import { describeHistory, type History, type RecordingScope, remedyFor } from "./history.ts";
import type { Evidence } from "./match.ts";
import { endedAlike, reachedLess } from "./reach.ts";
import { isLeak } from "./segment.ts";

/** What all findings of a check turned out to be. */
export interface Judgement {
  /** New and grown ones that came back when their test file ran again. */
  readonly confirmed: readonly Compared[];
  /** Those whose test file did not run to its end, the first or the second time. */
  readonly unconfirmed: readonly Compared[];
  /** Those that did not come back. */
  readonly flaky: readonly Compared[];
  readonly known: readonly Compared[];
  /** Taken for known ones because they look like them; a person should verify it. */
  readonly changed: readonly Compared[];
  /** New and grown ones that the repository under test accepts for a while. */
  readonly accepted: readonly Accepted[];
  readonly fixed: readonly BaselineEntry[];
  /** Findings that there is nothing to compare with. */
  readonly unrecorded: readonly Finding[];
  /** Recorded test files that were not run, since they are not listed any more. */
  readonly missing: readonly string[];
  /** What was asked for and could not be checked, a sentence each. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
}

/** Of a check that looked at nothing. */
export const NOTHING: Judgement = {
  confirmed: [],
  unconfirmed: [],
  flaky: [],
  known: [],
  changed: [],
  accepted: [],
  fixed: [],
  unrecorded: [],
  missing: [],
  reasons: [],
  notes: [],
};

/** Runs test files once more, for their fresh findings to be believed. */
export type RunAgain = (names: readonly string[]) => Promise<readonly TestRun[]>;

/** What findings are judged by. */
export interface Grounds {
  readonly history: History;
  readonly scope: RecordingScope;
  /** What is known of the change that made them. */
  readonly evidence: Evidence;
  readonly acceptances: readonly Acceptance[];
  /** `2027-03-01` */
  readonly today: string;
  /** Test files that the baseline has, and that a selection of `all` does not list any more. */
  readonly missing: readonly string[];
}

/** Compares what was found with the history, and has what is fresh confirmed. */
export async function judgeFindings(runs: readonly TestRun[], grounds: Grounds, runAgain: RunAgain): Promise<Judgement> {
  const { history, scope, evidence } = grounds;
  const complete = runs.filter((run) => run.incomplete === null);
  const found = complete.flatMap((run) => run.findings);
  if (history.kind !== "comparable") {
    const why = describeHistory(history);
    const isEnough = scope !== "nothing" && history.kind !== "unreachable";
    const reasons = [...unlessNothing(runs.flatMap(incompleteReason), runs), ...(isEnough ? [] : [`${why} ${remedyFor(history)}`])];
    return { ...NOTHING, unrecorded: found, reasons, notes: isEnough ? [`${why} Nothing was compared.`] : [] };
  }
  const { tests } = history.baseline;
  const names = complete.map((run) => run.name);
  const comparison = compare(history.baseline, names, found, evidence);
  const { fresh, accepted, notes } = sortOutAccepted(comparison.compared.filter(isFresh), grounds.acceptances, grounds.today);
  const again = await confirmFresh(fresh, complete, runAgain);
  const cutShort = compareCutShort(runs, history.baseline, evidence);
  const reached = complete.filter((run) => !tests.some((test) => test.name === run.name && reachedLess(run, test)));
  const shortfalls = runs.map((run) => judgeReach(run, tests.find(named(run.name))));
  return {
    ...again,
    unconfirmed: [...again.unconfirmed, ...cutShort],
    known: comparison.compared.filter(({ status }) => status === "known"),
    changed: comparison.compared.filter(({ status }) => status === "changed"),
    accepted,
    fixed: comparison.fixed.filter((entry) => reached.some((run) => run.name === entry.test)),
    unrecorded: comparison.unrecorded.found,
    missing: grounds.missing,
    reasons: [
      ...unlessNothing(
        shortfalls.flatMap(({ reason }) => reason ?? []),
        runs,
      ),
      ...again.reasons,
      ...grounds.missing.map(missingReason),
      ...unrecordedReasons(comparison.unrecorded, scope),
    ],
    notes: [...notes, ...shortfalls.flatMap(({ note }) => note ?? [])],
  };
}

/** These reasons; one more if they are none and no test file was checked all the same. */
function unlessNothing(reasons: readonly string[], runs: readonly TestRun[]): readonly string[] {
  const isAnyChecked = runs.some((run) => run.incomplete === null && run.status !== "skipped");
  const isStopped = runs.some((run) => run.status === "stopped");
  return isAnyChecked || isStopped || reasons.length > 0 ? reasons : ["No test file was checked: each was skipped or is incomplete."];
}

/** All that was stopped is one reason: stopped.ts. */
function incompleteReason({ name, status, incomplete }: TestRun): readonly string[] {
  return incomplete === null || status === "stopped" ? [] : [`${name}: ${incomplete}.`];
}

/** A run that got less far than the baseline's is a reason, unless the default branch falls short in the same way. */
function judgeReach(run: TestRun, before: BaselineTest | undefined): { readonly reason?: string; readonly note?: string } {
  if (run.status === "stopped") return {};
  const fellShort = run.incomplete !== null || (before !== undefined && reachedLess(run, before));
  if (!fellShort) return {};
  if (before === undefined) return { reason: shortfallOf(run, null) };
  if (endedAlike(run, before.latest ?? before)) return { note: `Not checked on the default branch either: ${shortfallOf(run, before)}` };
  return { reason: shortfallOf(run, before) };
}

/** What was not checked of a test file, as a sentence. */
function shortfallOf({ name, status, incomplete, ran }: TestRun, before: Pick<BaselineTest, "status" | "ran"> | null): string {
  if (incomplete !== null) return `${name}: ${incomplete}.`;
  if (status === "skipped") return `${name} is skipped, and ${before?.status} when the baseline was recorded.`;
  if (before?.status === "passed" && status === "failed")
    return `${name} fails, and passed when the baseline was recorded, so not all of it was checked.`;
  return `${name} ran ${ran} tests, and ${before?.ran} when the baseline was recorded.`;
}

function missingReason(name: string): string {
  return `${name} is in the baseline but was not run: it is not among the tests that this CPython lists. If that is intended, list it under \`[[skip]]\` in .memcheck.toml.`;
}

function isFresh({ status }: Compared): boolean {
  return status === "new" || status === "grown";
}

/** What a test file did before it crashed or was stopped is often why: its new errors are shown, though nothing confirms them. */
function compareCutShort(runs: readonly TestRun[], baseline: Baseline, evidence: Evidence): readonly Compared[] {
  const incomplete = runs.filter((run) => run.incomplete !== null);
  const errors = incomplete.flatMap((run) => run.findings.filter((finding) => !isLeak(finding.kind)));
  const names = incomplete.map((run) => run.name);
  return compare(baseline, names, errors, evidence).compared.filter(({ status }) => status === "new");
}

async function confirmFresh(fresh: readonly Compared[], first: readonly TestRun[], runAgain: RunAgain) {
  const names = [...new Set(fresh.map(({ finding }) => finding.test.file))];
  const runs = names.length === 0 ? [] : await runAgain(names);
  const again = runs.filter((run) => run.incomplete === null).flatMap((run) => run.findings);
  const outcomes = fresh.map((compared) => ({ compared, confirmed: confirm(compared, again) }));
  const lost = outcomes.flatMap(({ compared, confirmed }) => (confirmed === undefined ? [compared] : []));
  const doubtOf = (name: string): string | undefined => whyDoubtful(runs.find(named(name)), first.find(named(name)));
  const isDoubtful = ({ finding }: Compared): boolean => doubtOf(finding.test.file) !== undefined;
  const unconfirmed = lost.filter(isDoubtful);
  return {
    unconfirmed,
    confirmed: outcomes.flatMap(({ confirmed }) => confirmed ?? []),
    flaky: lost.filter((compared) => !isDoubtful(compared)),
    reasons: [...new Set(unconfirmed.map(({ finding }) => finding.test.file))].map(
      (name) => `${name}: its new errors could not be confirmed, since the second run did not end well: ${doubtOf(name)}.`,
    ),
  };
}

/** Why an error that is missing in a second run may be there all the same; undefined where it is not. */
function whyDoubtful(second: TestRun | undefined, first: TestRun | undefined): string | undefined {
  if (second === undefined) return "there was none";
  if (second.incomplete !== null) return second.incomplete;
  return first !== undefined && reachedLess(second, first)
    ? `it ${second.status === "failed" ? "failed" : second.status === "skipped" ? "was skipped" : "ran fewer tests"}`
    : undefined;
}

function named(name: string): (one: { readonly name: string }) => boolean {
  return (one) => one.name === name;
}

function unrecordedReasons(unrecorded: { tests: readonly string[]; found: readonly Finding[] }, scope: RecordingScope): readonly string[] {
  if (scope !== "nothing") return [];
  const names = unrecorded.tests.filter((name) => unrecorded.found.some((finding) => finding.test.file === name));
  return names.map((name) => `${name} is not in the baseline, so its errors can't be compared.`);
}
