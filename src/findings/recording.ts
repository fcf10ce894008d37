import type { Footprints } from "../affected/footprints.ts";
import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { Problem, RecordingFailure } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import type { TimelinePoint } from "../model/timeline.ts";
import { type Baseline, type BaselineTest, type Identity, keyOfTest, type NamedBuild } from "./baseline.ts";
import type { BaselineStore } from "./baseline-store.ts";
import type { History, RecordingScope } from "./history.ts";
import { hasFindings, reachedLess, reachOf } from "./reach.ts";
import { addInto, type RecordedFinding, type Recording, recordInto } from "./record-baseline.ts";
import { needsRepeats } from "./segment.ts";
import { countSuppressed } from "./suppressed.ts";

export interface Recordable {
  readonly scope: RecordingScope;
  /** What the runs were compared with. */
  readonly past: History;
  /** The same with the names that test files had when it was recorded; {@link past} by default. */
  readonly unmoved?: History;
  readonly identity: Identity;
  readonly runs: readonly TestRun[];
  readonly sha: string | null;
  readonly content: string | null;
  /** Records of test files that the source no longer has, or that are not listed any more. */
  readonly gone: readonly Pick<BaselineTest, "engine" | "name">[];
  /** Hashes of everything that hides findings in this check. */
  readonly relaxations: readonly string[];
  /** Files that moved since the commit of the baseline that was compared with: new paths by old ones. */
  readonly moves?: ReadonlyMap<string, string>;
  readonly builds?: readonly NamedBuild[];
  readonly footprints?: Footprints | null;
  /** The timeline of the baseline that was found, even if it is not comparable. */
  readonly earlier?: readonly TimelinePoint[];
  /** The functions of the build with these findings. */
  readonly functionsOf: (findings: readonly Finding[]) => Promise<ReadonlySet<string>>;
}

/** The report's information about a recording. */
export interface Recorded {
  readonly isRecorded: boolean;
  readonly notes: readonly Note[];
  readonly problems: readonly Problem[];
  /** The timeline of the recorded baseline; undefined if none was recorded. */
  readonly timeline?: readonly TimelinePoint[];
}

export const NOTHING_RECORDED: Recorded = { isRecorded: false, notes: [], problems: [] };

/** Adds the runs to the baseline, as far as the scope allows. */
export async function recordRuns(recordable: Recordable, baselines: BaselineStore): Promise<Recorded> {
  const { identity, sha, content, gone, relaxations, builds = [], footprints = null, earlier = [], scope, moves = new Map() } = recordable;
  const before = startOf(recordable);
  const { chosen, repeated } = chooseRuns(recordable, before);
  const tests = chosen.flatMap(testOf);
  if (tests.length + repeated.length === 0) return NOTHING_RECORDED;
  const findings = [
    ...chosen.filter((run) => run.incomplete === null).flatMap(findingsOf),
    ...repeated.flatMap(findingsOf).filter(({ kind }) => needsRepeats(kind)),
  ];
  const recording: Recording = {
    ...{ identity, sha, content, tests, findings, gone, relaxations, builds, footprints, earlier, moves },
    recordedAt: new Date().toISOString(),
    functions: [...(await recordable.functionsOf(findings))],
    suppressed: countSuppressed(recordable.runs),
    replaces: scope === "replace",
    repeated: new Set(repeated.map(keyOfTest)),
  };
  const next = scope === "what-is-missing" && before !== undefined ? addInto(before, recording) : recordInto(before, recording);
  const outcome = await baselines.record(next);
  if (outcome.kind === "failed") return { isRecorded: false, ...failureOf(outcome.why, before, findings) };
  const names = [...new Set([...tests, ...repeated].map(({ name }) => name))];
  const note: Note = { code: "baseline-recorded", where: outcome.where, tests: names, findings: findings.length };
  return { isRecorded: true, notes: [note], problems: [], timeline: next.timeline };
}

/** The baseline that the recording starts from. One that only gains test files must suit other branches, too, so its test files keep their names. */
function startOf({ scope, past, unmoved = past }: Recordable): Baseline | undefined {
  const start = scope === "what-is-missing" ? unmoved : past;
  return start.kind === "comparable" ? start.baseline : undefined;
}

interface ChosenRuns {
  readonly chosen: readonly TestRun[];
  /** Only their findings that need repeated runs are recorded. */
  readonly repeated: readonly TestRun[];
}

/** The runs to record. @param start the baseline to record them into. */
function chooseRuns({ scope, past, runs }: Recordable, start: Baseline | undefined): ChosenRuns {
  if (scope !== "what-is-missing") return { chosen: scope === "nothing" ? [] : runs, repeated: [] };
  const inBaseline = (baseline: Baseline | undefined, run: TestRun): BaselineTest | undefined =>
    baseline?.tests.find((test) => keyOfTest(test) === keyOfTest(run));
  const compared = past.kind === "comparable" ? past.baseline : undefined;
  return {
    chosen: runs.filter((run) => isMissing(run, inBaseline(compared, run))),
    repeated: runs.filter((run) => isFirstRepeated(run, inBaseline(start, run))),
  };
}

/** Whether the baseline has nothing to compare a run with, and would have with this one. A test file that is skipped each time has its record. */
function isMissing(run: TestRun, recorded: BaselineTest | undefined): boolean {
  return recorded === undefined || (!hasFindings(recorded) && reachedLess(recorded, reachOf(run)));
}

/** Whether this run repeated the tests to find growth, and the recorded run did not. */
function isFirstRepeated(run: TestRun, recorded: BaselineTest | undefined): boolean {
  const isRepeated = run.repeated === true && hasFindings(reachOf(run));
  return isRepeated && recorded !== undefined && hasFindings(recorded) && recorded.repeated === undefined;
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
