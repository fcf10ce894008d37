import type { TestRun } from "../running/job.ts";
import { type Acceptance, type Accepted, sortOutAccepted } from "./acceptance.ts";
import type { Baseline, BaselineEntry, BaselineTest } from "./baseline.ts";
import { type Compared, compare, confirm } from "./compare.ts";
import type { Finding } from "./finding.ts";
import { type History, type RecordingScope, wayOut, whyNotCompared } from "./history.ts";
import type { Evidence } from "./match.ts";
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
}

/** Compares what was found with the history, and has what is fresh confirmed. */
export async function judgeFindings(runs: readonly TestRun[], grounds: Grounds, runAgain: RunAgain): Promise<Judgement> {
  const { history, scope, evidence } = grounds;
  const complete = runs.filter((run) => run.incomplete === null);
  const found = complete.flatMap((run) => run.findings);
  // Of what was stopped one sentence says it all (stopped.ts).
  const reasons = runs.flatMap(({ name, status, incomplete }) =>
    incomplete === null || status === "stopped" ? [] : [`${name}: ${incomplete}.`],
  );
  if (runs.every((run) => run.status === "skipped")) reasons.push("No test ran: every test file was skipped.");
  if (history.kind !== "comparable") {
    const why = whyNotCompared(history);
    const isEnough = scope !== "nothing" && history.kind !== "unreachable";
    if (!isEnough) reasons.push(`${why} ${wayOut(history)}`);
    return { ...NOTHING, unrecorded: found, reasons, notes: isEnough ? [`${why} Nothing was compared.`] : [] };
  }
  const comparison = compare(
    history.baseline,
    complete.map((run) => run.name),
    found,
    evidence,
  );
  const { fresh, accepted, notes } = sortOutAccepted(comparison.compared.filter(isFresh), grounds.acceptances, grounds.today);
  const again = await confirmFresh(fresh, complete, runAgain);
  const cutShort = compareCutShort(runs, history.baseline, evidence);
  const reached = complete.filter((run) => !reachedLess(run, history.baseline.tests.find(named(run.name))));
  return {
    ...again,
    unconfirmed: [...again.unconfirmed, ...cutShort],
    known: comparison.compared.filter(({ status }) => status === "known"),
    changed: comparison.compared.filter(({ status }) => status === "changed"),
    accepted,
    fixed: comparison.fixed.filter((entry) => reached.some((run) => run.name === entry.test)),
    unrecorded: comparison.unrecorded.found,
    reasons: [
      ...reasons,
      ...again.reasons,
      ...lessThanBefore(runs, history.baseline.tests),
      ...unrecordedReasons(comparison.unrecorded, scope),
    ],
    notes,
  };
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
  return reachedLess(second, first) ? `it ${second.status === "failed" ? "failed" : "was skipped"}` : undefined;
}

/** What a run that failed or was skipped does not show may still be there, where another run got further. */
function reachedLess(run: TestRun, than: Pick<TestRun, "status"> | undefined): boolean {
  if (run.status === "skipped") return than?.status !== "skipped";
  return run.status === "failed" && than?.status === "passed";
}

function named(name: string): (one: { readonly name: string }) => boolean {
  return (one) => one.name === name;
}

/** A test file that passed when the baseline was recorded and fails or is skipped now did not run all that it should be compared on. */
function lessThanBefore(runs: readonly TestRun[], recorded: readonly BaselineTest[]): readonly string[] {
  return runs.flatMap(({ name, status }) => {
    const before = recorded.find((test) => test.name === name);
    const less = before?.status === "passed" && (status === "failed" || status === "skipped");
    return less
      ? [`${name} ${status === "failed" ? "fails" : "is skipped"}, and passed when the baseline was recorded: not all of it was checked.`]
      : [];
  });
}

function unrecordedReasons(unrecorded: { tests: readonly string[]; found: readonly Finding[] }, scope: RecordingScope): readonly string[] {
  if (scope !== "nothing") return [];
  const names = unrecorded.tests.filter((name) => unrecorded.found.some((finding) => finding.test.file === name));
  return names.map((name) => `The baseline has no record of ${name}: nobody can say which of its errors are new.`);
}
