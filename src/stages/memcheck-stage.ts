import type { Job } from "../engines/job.ts";
import { type Judgement, NOTHING } from "../findings/judgement.ts";
import { addJudgement } from "../findings/merge-engines.ts";
import { isLeak } from "../findings/segment.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import { settingWithoutMemcheck } from "../settings/work.ts";
import type { Affected } from "./choose-affected.ts";
import { memcheckNotes, withinBudget } from "./memcheck-budget.ts";
import { type MemcheckPlan, otherJobs, planForMemcheck } from "./memcheck-plan.ts";
import { makeRunners, memcheckOptions, type Options, type Runners, requireMemcheck } from "./memcheck-runners.ts";
import { changedIn, lookAtReached } from "./reached-stage.ts";
import { type CheckContext, engineDropped, engineFailed, leftOutNotes, runJobs, runStage, type Stage, type StageResult } from "./stage.ts";

export interface MemcheckResult extends StageResult {
  /** Memcheck's runs of the scan's suspects. */
  readonly looks: readonly TestRun[];
  /** The runs that were judged by the change alone: if recorded, the change's own errors would become known. */
  readonly unrecordable?: readonly TestRun[];
  readonly options: Options;
  readonly notes: readonly Note[];
  readonly skipped: Partition<Job>["skipped"];
}

/** Runs the selected test files and the suspects under memcheck. If that fails, the scan's findings are still reported. */
export async function runMemcheck(
  checkContext: CheckContext,
  scanned: readonly TestRun[],
  suspects: readonly string[],
  affected: Affected,
): Promise<MemcheckResult> {
  const options = memcheckOptions(checkContext);
  if (checkContext.prepared.python.hidesObjects === true && checkContext.settings.scan.kind !== "none")
    return { runs: [], judgement: NOTHING, looks: [], options, notes: [{ code: "memcheck-sees-no-objects" }], skipped: [] };
  try {
    checkContext.context.execution.requireEngine("memcheck");
    return await watchTests(checkContext, scanned, suspects, options, affected);
  } catch (error) {
    if (!(error instanceof UserError) || checkContext.settings.scan.kind === "none") throw error;
    return { runs: [], judgement: { ...NOTHING, problems: [engineFailed("memcheck", error)] }, looks: [], options, notes: [], skipped: [] };
  }
}

async function watchTests(
  checkContext: CheckContext,
  scanned: readonly TestRun[],
  suspects: readonly string[],
  options: Options,
  affected: Affected,
): Promise<MemcheckResult> {
  const { settings, context } = checkContext;
  const runners = makeRunners(checkContext, options);
  const plan = await planForMemcheck(checkContext, affected, scanned, runners.pool);
  const jobs = divideJobs(plan, suspects, checkContext);
  const { skipped } = jobs;
  const notes = (ran: readonly TestRun[]): readonly Note[] => notesOf(plan, skipped, ran, settings.memcheckBudget);
  const dropped = judgeDropped(checkContext);
  if (mayRunNothing(settings, affected) && [jobs.compared, jobs.reached, jobs.suspects].every((some) => some.length === 0)) {
    await runners.pool?.stop();
    return { runs: [], judgement: dropped, looks: [], options, skipped, notes: notes([]) };
  }
  const { execution } = context;
  const isNeeded = execution.runs("memcheck") || (jobs.suspects.length > 0 && !execution.isIdle);
  if (runners.pool !== undefined && isNeeded) await requireMemcheck(checkContext, options);
  const { compared, reached, further } = await runParts(jobs, stageOf(checkContext, plan, skipped, runners, affected), affected, context);
  const runs = [...compared.runs, ...reached.runs];
  return {
    runs,
    listed: compared.listed,
    unrecordable: reached.runs,
    judgement: addJudgement(addJudgement(compared.judgement, reached.judgement), dropped),
    looks: [...[...compared.runs, ...reached.runs.map(withLeaksOnly)].filter((run) => suspects.includes(run.name)), ...further],
    options,
    skipped,
    notes: [...notes([...runs, ...further]), ...compared.runs.flatMap(interpreterNotes)],
  };
}

interface DividedJobs {
  readonly compared: readonly Job[];
  /** Judged by the change alone, since the baseline has no errors of theirs. */
  readonly reached: readonly Job[];
  /** The scan's suspects that are in neither list. */
  readonly suspects: readonly Job[];
  readonly skipped: MemcheckResult["skipped"];
}

function divideJobs(plan: MemcheckPlan, suspects: readonly string[], checkContext: CheckContext): DividedJobs {
  const { skips, change } = checkContext.context;
  const without = (jobs: readonly Job[]): Partition<Job> => leaveOut(jobs, skips, "memcheck", change.today);
  const { jobs, skipped } = without(plan.jobs);
  const isReached = ({ name }: Job): boolean => plan.unrecorded.has(name);
  return {
    compared: jobs.filter((job) => !isReached(job)),
    reached: jobs.filter(isReached),
    suspects: without(otherJobs(checkContext, suspects, jobs)).jobs,
    skipped,
  };
}

/** A problem if the baseline has runs under memcheck, and a setting turns them off. In a terminal, a quick check shares the baseline of a long one. */
function judgeDropped({ settings, context, isLocal }: CheckContext): Judgement {
  const off = settingWithoutMemcheck(settings);
  return { ...NOTHING, problems: off === undefined || isLocal ? [] : engineDropped("memcheck", off, context) };
}

/** False for test files given by name: if none of them ran, nothing was checked. */
function mayRunNothing(settings: CheckContext["settings"], affected: Affected): boolean {
  return settings.work.kind === "suite" || isPartial(settings, affected) || settingWithoutMemcheck(settings) !== undefined;
}

/** Test files given by name always run. */
function isPartial({ work }: CheckContext["settings"], affected: Affected): boolean {
  return affected.kind === "some" && work.kind !== "tests";
}

function stageOf(
  { settings }: CheckContext,
  plan: MemcheckPlan,
  skipped: MemcheckResult["skipped"],
  { testRunner, confirming }: Runners,
  affected: Affected,
): Omit<Stage, "jobs"> {
  const allBut = [...[...plan.leftOut, ...skipped].map(({ name }) => name), ...plan.rest];
  return {
    engine: "memcheck",
    title: "Memcheck",
    testRunner: withinBudget(testRunner, plan.budget),
    confirming,
    isPartial: isPartial(settings, affected),
    ...(settings.work.kind === "all-tests" ? { allBut } : {}),
  };
}

/** Runs the suspects first: they are never left out for lack of time. */
async function runParts(
  jobs: DividedJobs,
  stage: Omit<Stage, "jobs">,
  affected: Affected,
  context: CheckContext["context"],
): Promise<{ readonly compared: StageResult; readonly reached: StageResult; readonly further: readonly TestRun[] }> {
  const { testRunner, confirming = testRunner } = stage;
  const suspected = { ...stage, testRunner: confirming, title: "Memcheck: suspects of the scan", jobs: jobs.suspects };
  const further = jobs.suspects.length === 0 ? [] : await runJobs(suspected, context, "suspect");
  const isElsewhere = jobs.compared.length === 0 && jobs.suspects.length + jobs.reached.length > 0;
  const compared = isElsewhere ? NOTHING_RUN : await runStage({ ...stage, jobs: jobs.compared }, context);
  const reaching = { ...stage, title: "Memcheck: test files that the change can reach", jobs: jobs.reached };
  const reached = jobs.reached.length === 0 ? NOTHING_RUN : await lookAtReached(reaching, changedIn(affected), context);
  return { compared, reached, further };
}

function notesOf(
  plan: MemcheckPlan,
  skipped: MemcheckResult["skipped"],
  ran: readonly TestRun[],
  budget: CheckContext["settings"]["memcheckBudget"],
): readonly Note[] {
  const unskipped = plan.all.filter((name) => !skipped.some((one) => one.name === name));
  const looked = ran.map(({ name }) => name);
  return [...leftOutNotes("memcheck", plan.leftOut), ...memcheckNotes({ ...plan, all: unskipped }, looked, budget)];
}

function interpreterNotes({ name, leftByInterpreter: left }: TestRun): readonly Note[] {
  return left ? [{ code: "left-by-interpreter", test: name, ...left }] : [];
}

const NOTHING_RUN: StageResult = { runs: [], judgement: NOTHING };

/** Its other errors have been judged already. */
function withLeaksOnly(run: TestRun): TestRun {
  return { ...run, findings: run.findings.filter(({ kind }) => isLeak(kind)) };
}
