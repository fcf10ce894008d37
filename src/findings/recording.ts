import type { Footprints } from "../affected/footprints.ts";
import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { Problem, RecordingFailure } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import type { TimelinePoint } from "../model/timeline.ts";
import { type Baseline, type BaselineTest, type Identity, keyOfTest, type NamedBuild } from "./baseline.ts";
import type { BaselineStore } from "./baseline-store.ts";
import type { History, RecordingScope } from "./history.ts";
import { hasFindings, reachOf } from "./reach.ts";
import { type RecordedFinding, recordInto } from "./record-baseline.ts";
import { countSuppressed, mergeSuppressed } from "./suppressed.ts";

export interface Recordable {
  readonly scope: RecordingScope;
  readonly past: History;
  readonly identity: Identity;
  readonly runs: readonly TestRun[];
  readonly sha: string | null;
  readonly content: string | null;
  /** Recorded test files that the source no longer has. */
  readonly gone: readonly string[];
  /** Hashes of everything that hides findings in this check. */
  readonly relaxations: readonly string[];
  readonly builds?: readonly NamedBuild[];
  readonly footprints?: Footprints | null;
  /** The timeline of the baseline that was found, comparable or not. */
  readonly earlier?: readonly TimelinePoint[];
  /** The functions of the build with these findings. */
  readonly functionsOf: (findings: readonly Finding[]) => Promise<ReadonlySet<string>>;
}

/** The report's information about a recording. */
export interface Recorded {
  readonly isRecorded: boolean;
  readonly notes: readonly Note[];
  readonly problems: readonly Problem[];
  /** Of the recorded baseline; undefined where none was recorded. */
  readonly timeline?: readonly TimelinePoint[];
}

export const NOTHING_RECORDED: Recorded = { isRecorded: false, notes: [], problems: [] };

/** Adds the runs to the baseline, as far as the scope allows. */
export async function recordRuns(recordable: Recordable, baselines: BaselineStore): Promise<Recorded> {
  const { scope, past, identity, runs, sha, content, gone, relaxations, builds = [], footprints = null, earlier = [] } = recordable;
  const before = past.kind === "comparable" ? past.baseline : undefined;
  const isKnown = (run: TestRun): boolean => before?.tests.some((test) => keyOfTest(test) === keyOfTest(run) && hasFindings(test)) ?? false;
  const chosen = scope === "nothing" ? [] : runs.filter((run) => scope !== "what-is-missing" || !isKnown(run));
  const tests = chosen.flatMap(testOf);
  if (tests.length === 0) return NOTHING_RECORDED;
  const findings = chosen.filter((run) => run.incomplete === null).flatMap(findingsOf);
  const functions = [...(await recordable.functionsOf(findings))];
  const recordedAt = new Date().toISOString();
  const replaces = scope === "replace";
  const counts = countSuppressed(runs);
  const suppressed = scope === "what-is-missing" ? mergeSuppressed(before?.suppressed ?? [], counts) : counts;
  const next = recordInto(before, {
    identity,
    sha,
    content,
    recordedAt,
    tests,
    findings,
    functions,
    relaxations,
    suppressed,
    builds,
    footprints,
    earlier,
    replaces,
    gone,
  });
  const outcome = await baselines.record(next);
  if (outcome.kind === "failed") return { isRecorded: false, ...failureOf(outcome.why, before, findings) };
  const names = [...new Set(tests.map(({ name }) => name))];
  const note: Note = { code: "baseline-recorded", where: outcome.where, tests: names, findings: findings.length };
  return { isRecorded: true, notes: [note], problems: [], timeline: next.timeline };
}

/** With a baseline to compare with, this check did its job, unless it found errors that are now neither known nor compared. */
function failureOf(
  why: RecordingFailure,
  before: Baseline | undefined,
  findings: readonly Finding[],
): Pick<Recorded, "notes" | "problems"> {
  const compared = new Set(before?.tests.filter(hasFindings).map(({ name, engine }) => `${engine} ${name}`));
  const isLost = before === undefined || findings.some(({ engine, test }) => !compared.has(`${engine} ${test.file}`));
  return isLost
    ? { notes: [], problems: [{ code: "baseline-not-recorded", why }] }
    : { notes: [{ code: "previous-baseline-stays", why }], problems: [] };
}

function findingsOf({ findings, slice }: TestRun): readonly RecordedFinding[] {
  return findings.map((finding) => ({ ...finding, ...(slice && { slice }) }));
}

/** A check that is stopped records nothing. */
function testOf(run: TestRun): readonly Omit<BaselineTest, "latest">[] {
  const { name, engine, slice, seconds } = run;
  const { status, ran, cause } = reachOf(run);
  return status === "stopped"
    ? []
    : [{ name, engine, ...(slice && { slice }), status, seconds: Math.round(seconds * 10) / 10, ran, cause }];
}
