import type { PreparedBuild } from "../build/prepare.ts";
import type { UnderTest } from "../build/under-test.ts";
import type { Durations } from "../engines/countdown.ts";
import type { Job, RunContext } from "../engines/job.ts";
import { runAll, type TestRunner } from "../engines/run-all.ts";
import type { Baseline, BaselineTest } from "../findings/baseline.ts";
import type { History, RecordingScope } from "../findings/history.ts";
import { compareRuns, type Grounds, type Judgement, judge, testsToConfirm } from "../findings/judgement.ts";
import { NO_EVIDENCE } from "../findings/match.ts";
import { evidenceOf } from "../findings/other-builds.ts";
import { endedAlike, reachedLess, reachOf } from "../findings/reach.ts";
import { addRetried, type Retried } from "../findings/retried.ts";
import { leaveOut, type Skip } from "../findings/skip.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { Note } from "../model/note.ts";
import type { Problem } from "../model/problem.ts";
import type { Progress } from "../model/progress.ts";
import type { TestRun } from "../model/test-run.ts";
import type { UserError } from "../model/user-error.ts";
import { stageLine } from "../report/stage-line.ts";
import type { Settings } from "../settings/settings.ts";
import type { Step } from "../shards/stored-run.ts";
import type { ChangeFacts } from "./change.ts";
import { filesToLookAt, withTests } from "./closer-look.ts";
import type { Execution } from "./execution.ts";

/** One engine's part of a check. */
export interface Stage {
  readonly engine: EngineName;
  /** The slice of its runs ({@link TestRun.slice}). */
  readonly slice?: string | undefined;
  readonly title: string;
  readonly jobs: readonly Job[];
  readonly testRunner: TestRunner;
  /** Test files that are deliberately not run, if the stage runs all others; undefined if it runs named ones only. */
  readonly allBut?: readonly string[];
  /** Whether the others were left out because the change cannot reach them: then there may be nothing to check. */
  readonly isPartial?: boolean;
  /** Transforms each run before it is judged, for example to drop findings that do not count here. */
  readonly refine?: (run: TestRun) => TestRun;
  /** The runner that confirms new findings, if it differs. It may give more details, at a cost. */
  readonly confirming?: TestRunner;
  /** The runner that finds which test leaked, if there is no baseline to compare with. */
  readonly lookingCloser?: TestRunner;
}

/** The inputs of a stage. */
export interface CheckContext {
  readonly settings: Settings;
  readonly prepared: PreparedBuild;
  readonly runContext: RunContext;
  readonly context: StageContext;
  /** Hash of the build; null if unknown. */
  readonly content: string | null;
  /** The code and files by which test files are chosen; undefined if all of them run. */
  readonly underTest: UnderTest | undefined;
  /** In a terminal, where runs with other test files share a baseline. */
  readonly isLocal: boolean;
}

/** The common inputs of all stages of a check. */
export interface StageContext {
  readonly past: History;
  readonly scope: RecordingScope;
  /** Number of test files that run in parallel. */
  readonly width: number;
  /** The width of the plan's machine, with which all parts of a check apply time limits; {@link width} by default. */
  readonly plannedWidth?: number;
  readonly progress: Progress;
  readonly change: ChangeFacts;
  /** Test files that the repository skips. */
  readonly skips: readonly Skip[];
  /** Decides which jobs run in this process. */
  readonly execution: Execution;
}

export interface StageResult {
  readonly runs: readonly TestRun[];
  readonly judgement: Judgement;
  /** All test files that a stage lists that runs all of them, also those that it leaves out; undefined if it runs named ones only. */
  readonly listed?: readonly string[] | undefined;
  /** Runs that were judged by the change alone: in a baseline, their errors would become known. */
  readonly unrecordable?: readonly TestRun[];
}

/** Runs test files, compares the findings with the engine's baseline, and confirms new ones. */
export async function runStage(stage: Stage, context: StageContext): Promise<StageResult> {
  const began = performance.now();
  const past = ofEngine(context.past, stage);
  const first = (await runJobs(stage, context)).filter(hasStarted);
  const runs = await retry(first, past, stage, context);
  const grounds = {
    ...(await groundsOf(past, context, runs)),
    missing: missingFrom(stage, past, context),
    isPartial: stage.isPartial ?? false,
  };
  const compared = compareRuns(runs, grounds);
  const judgement = judge(compared, await confirmIn(testsToConfirm(compared), stage, context));
  const withRetried = addRetried(judgement, retriedRuns(first, runs), grounds);
  const result = { runs, judgement: await lookCloser(withRetried, stage, context), listed: listingOf(stage) };
  if (context.execution.runs(stage.engine)) context.progress.note(stageLine(stage.title, result, (performance.now() - began) / 1000));
  return result;
}

async function lookCloser(judgement: Judgement, stage: Stage, context: StageContext): Promise<Judgement> {
  const { lookingCloser: testRunner } = stage;
  const names = testRunner === undefined ? [] : filesToLookAt(judgement);
  if (testRunner === undefined || names.length === 0) return judgement;
  const jobs = stage.jobs.filter((job) => names.includes(job.name));
  return withTests(judgement, await runJobs({ ...stage, testRunner, title: `${stage.title}: which tests`, jobs }, context, "closer-look"));
}

/** Runs the test files with new findings once more. */
export async function confirmIn(names: readonly string[], stage: Stage, context: StageContext): Promise<readonly TestRun[]> {
  if (names.length === 0) return [];
  const jobs = stage.jobs.filter((job) => names.includes(job.name));
  const testRunner = stage.confirming ?? stage.testRunner;
  return await runJobs({ ...stage, testRunner, title: `${stage.title}: confirm what is new`, jobs }, context, "confirm");
}

/** False for test files that the runner did not start for lack of time: they count as not planned. */
export function hasStarted({ incomplete }: TestRun): boolean {
  return incomplete?.code !== "not-begun";
}

/** Runs a stage's test files without judging their findings. */
export async function runJobs(
  { title, jobs, testRunner, refine = (run) => run, ...stage }: Stage,
  { past, width, progress, execution }: StageContext,
  step: Step = "first",
): Promise<readonly TestRun[]> {
  const durations = durationsOf(ofEngine(past, stage));
  const runs = await execution.run(stage.engine, step, jobs, async (own) => {
    if (own.length > 0) progress.begin(title);
    return await runAll(own, width, durations, testRunner, progress);
  });
  return runs.map(refine);
}

async function groundsOf(
  history: History,
  { scope, change }: StageContext,
  runs: readonly TestRun[],
): Promise<Omit<Grounds, "missing" | "isPartial">> {
  const now = await change.functionsOf(runs.flatMap(({ findings }) => findings));
  const { acceptances, today, changes } = change;
  const evidence = history.kind === "comparable" ? evidenceOf(history.baseline, now, changes.moves) : NO_EVIDENCE;
  return { history, scope, evidence, acceptances, today, changes };
}

/** Retries test files that got less far than expected: among hundreds, one may fail by chance. */
async function retry(first: readonly TestRun[], past: History, stage: Stage, context: StageContext): Promise<readonly TestRun[]> {
  const tests = past.kind === "comparable" ? past.baseline.tests : [];
  const fellShort = (run: TestRun): boolean => {
    const before = tests.find((test) => test.name === run.name);
    const isShort = run.incomplete !== null || (before !== undefined && reachedLess(reachOf(run), before));
    return isShort && !(before !== undefined && endedAlike(reachOf(run), before.latest ?? before));
  };
  // After a timeout, a retry would take as long again.
  const again = first.filter((run) => run.status !== "timeout" && run.status !== "stopped" && fellShort(run)).map(({ name }) => name);
  if (again.length === 0) return first;
  const jobs = stage.jobs.filter((job) => again.includes(job.name));
  const second = await runJobs({ ...stage, title: `${stage.title}: retrying incomplete tests`, jobs }, context, "retry");
  return first.map((run) => second.find((other) => other.name === run.name && !fellShort(other)) ?? run);
}

function retriedRuns(first: readonly TestRun[], runs: readonly TestRun[]): readonly Retried[] {
  return runs.flatMap((second, index) => {
    const run = first[index];
    return run === undefined || run === second ? [] : [{ first: run, second }];
  });
}

function listingOf({ allBut, jobs }: Stage): readonly string[] | undefined {
  return allBut && [...jobs.map(({ name }) => name), ...allBut];
}

/** Test files of the baseline that `all` no longer lists, unless the repository skips them. */
function missingFrom(stage: Stage, past: History, { skips, change }: StageContext): readonly string[] {
  const listing = listingOf(stage);
  if (listing === undefined || past.kind !== "comparable") return [];
  const expected = new Set(listing);
  const unlisted = past.baseline.tests.filter(({ name }) => !expected.has(name));
  return leaveOut(unlisted, skips, stage.engine, change.today).jobs.map(({ name }) => name);
}

/** The record of one engine and one slice: findings of different ones are never compared. */
function ofEngine(past: History, { engine, slice }: Pick<Stage, "engine" | "slice">): History {
  if (past.kind !== "comparable") return past;
  const own = <Entry extends Pick<BaselineTest, "engine" | "slice">>(entries: readonly Entry[]): Entry[] =>
    entries.filter((entry) => entry.engine === engine && entry.slice === slice);
  const baseline: Baseline = { ...past.baseline, tests: own(past.baseline.tests), findings: own(past.baseline.findings) };
  return { ...past, baseline };
}

function durationsOf(past: History): Durations {
  return new Map(past.kind === "comparable" ? past.baseline.tests.map((test) => [test.name, test.seconds]) : []);
}

/** An engine that can't run at all: the other one continues, and the verdict says what is missing. */
export function engineFailed(engine: EngineName, { message, hint }: UserError): Problem {
  return { code: "engine-failed", engine, detail: message, hint: hint ?? null };
}

/** An engine that is turned off: if the baseline has its runs, that check looked at more than this one. Pure. */
export function engineDropped(
  engine: EngineName,
  setting: Extract<Problem, { code: "engine-dropped" }>["setting"],
  { past }: Pick<StageContext, "past">,
): readonly Problem[] {
  const own = ofEngine(past, { engine });
  const tests = own.kind === "comparable" ? own.baseline.tests.length : 0;
  return tests === 0 ? [] : [{ code: "engine-dropped", engine, setting, tests }];
}

/** Test files that `all` leaves out. */
export function leftOutNotes(engine: EngineName, leftOut: readonly { readonly name: string; readonly reason: string }[]): readonly Note[] {
  return leftOut.map(({ name, reason }) => ({ code: "left-out", test: name, engine, reason }));
}
