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
import { needsRepeats } from "./segment.ts";
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
  const recordOf = (run: TestRun): BaselineTest | undefined =>
    before?.tests.find((test) => keyOfTest(test) === keyOfTest(run) && hasFindings(test));
  const chosen = scope === "nothing" ? [] : runs.filter((run) => scope !== "what-is-missing" || recordOf(run) === undefined);
  const repeated = scope === "what-is-missing" ? runs.filter((run) => isFirstRepeated(run, recordOf(run))) : [];
  const tests = chosen.flatMap(testOf);
  if (tests.length + repeated.length === 0) return NOTHING_RECORDED;
  const findings = [
    ...chosen.filter((run) => run.incomplete === null).flatMap(findingsOf),
    ...repeated.flatMap(findingsOf).filter(({ kind }) => needsRepeats(kind)),
  ];
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
    repeated: new Set(repeated.map(keyOfTest)),
    gone,
  });
  const outcome = await baselines.record(next);
  if (outcome.kind === "failed") return { isRecorded: false, ...failureOf(outcome.why, before, findings) };
  const names = [...new Set([...tests, ...repeated].map(({ name }) => name))];
  const note: Note = { code: "baseline-recorded", where: outcome.where, tests: names, findings: findings.length };
  return { isRecorded: true, notes: [note], problems: [], timeline: next.timeline };
}

/** Whether a run looked for what grows, and the recorded one did not. */
function isFirstRepeated(run: TestRun, recorded: BaselineTest | undefined): boolean {
  return run.repeated === true && hasFindings(reachOf(run)) && recorded !== undefined && recorded.repeated === undefined;
}

/** With a baseline to compare with, this check did its job, unless it found errors that are now neither known nor compared. */
function failureOf(
  why: RecordingFailure,
  before: Baseline | undefined,
  findings: readonly Finding[],
): Pick<Recorded, "notes" | "problems"> {
  const isCompared = ({ engine, kind, test }: Finding): boolean =>
    before?.tests.some(
      (one) => one.engine === engine && one.name === test.file && hasFindings(one) && (one.repeated === true || !needsRepeats(kind)),
    ) ?? false;
  const isLost = before === undefined || !findings.every(isCompared);
  return isLost
    ? { notes: [], problems: [{ code: "baseline-not-recorded", why }] }
    : { notes: [{ code: "previous-baseline-stays", why }], problems: [] };
}

function findingsOf({ findings, slice }: TestRun): readonly RecordedFinding[] {
  return findings.map((finding) => ({ ...finding, ...(slice && { slice }) }));
}

/** A check that is stopped records nothing. */
function testOf(run: TestRun): readonly Omit<BaselineTest, "latest">[] {
  const { name, engine, slice, seconds, repeated } = run;
  const { status, ran, cause } = reachOf(run);
  return status === "stopped"
    ? []
    : [
        {
          name,
          engine,
          ...(slice && { slice }),
          seconds: Math.round(seconds * 10) / 10,
          ...(repeated && { repeated }),
          status,
          ran,
          cause,
        },
      ];
}
