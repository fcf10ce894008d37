import { changedFiles } from "../affected/changed-files.ts";
import { selectAll } from "../build/tests.ts";
import type { Job } from "../engines/job.ts";
import type { WorkerPool } from "../engines/worker-pool.ts";
import type { History, RecordingScope } from "../findings/history.ts";
import { leaveOut, type Skip } from "../findings/skip.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { type MemcheckBudget, settingWithoutMemcheck } from "../settings/work.ts";
import { type Affected, type AffectedSome, isInFewFunctions, type KnownChange, withoutUnaffected } from "./choose-affected.ts";
import { type Budget, chooseForMemcheck } from "./memcheck-budget.ts";
import { type Plan, planMemcheck, planTests } from "./plan.ts";
import { chooseClosest, chooseReached, type ReachedTests, reachedNotes } from "./reached-tests.ts";
import { scanCosts } from "./scan-costs.ts";
import type { CheckContext } from "./stage.ts";
import { collectSuite, planSuite } from "./suite-files.ts";

/** What memcheck runs. */
export interface MemcheckPlan extends Plan {
  /** The jobs without errors in the baseline, which run because the change can reach them. */
  readonly unrecorded: ReadonlySet<string>;
  /** Test files that the change cannot reach. */
  readonly rest: readonly string[];
  /** The test files from which the time limit selects, or those that were selected by expected times. */
  readonly all: readonly string[];
  /** Seconds for the jobs. */
  readonly budget: MemcheckBudget;
  readonly notes: readonly Note[];
}

/** @param scanned the scan's runs. @param pool undefined if each job starts its own interpreter. */
export async function planForMemcheck(
  checkContext: CheckContext,
  affected: Affected,
  scanned: readonly TestRun[],
  pool: WorkerPool | undefined,
): Promise<MemcheckPlan> {
  const { settings, prepared, runContext } = checkContext;
  const nothing = { unrecorded: new Set<string>(), rest: [], all: [], budget: "all", notes: [] } as const;
  // The default branch must record what a pull request can compare: without memcheck's time, neither runs the quick set.
  if (settingWithoutMemcheck(settings) === "memcheck-budget") return { ...nothing, jobs: [], leftOut: [] };
  if (affected.kind === "some" && isChosenByChange(settings)) return await planReached(checkContext, affected, scanned);
  if (settings.work.kind === "suite" && pool !== undefined)
    return { ...nothing, ...(await planOfSuite(checkContext, scanned, pool)), leftOut: [], budget: settings.memcheckBudget };
  const places = { directory: settings.directory, scratch: runContext.folder };
  const plan = await planMemcheck(settings, prepared.python, places, runContext.processes);
  const isDefault = settings.work.kind === "default-tests";
  if (isDefault && affected.kind === "all" && isInFewFunctions(affected))
    return { ...nothing, ...(await withClosest(plan, checkContext, affected, scanned)) };
  const isAll = settings.work.kind === "all-tests";
  return { ...nothing, ...plan, ...(isAll ? withoutUnaffected(plan.jobs, affected) : {}) };
}

function isChosenByChange({ work }: CheckContext["settings"]): boolean {
  return work.kind === "default-tests" || work.kind === "suite";
}

async function planOfSuite(
  { settings, runContext, context }: CheckContext,
  scanned: readonly TestRun[],
  pool: WorkerPool,
): Promise<Pick<MemcheckPlan, "jobs" | "all">> {
  const place = { ...settings, env: runContext.processes.env, python: runContext.python };
  const listed = listsSuite(scanned, context.skips) ? planSuite(scanned, place) : await collectSuite(place, pool, context);
  const all = listed.map(({ name }) => name);
  const onlyRecorded = context.past.kind === "comparable" && context.scope === "nothing";
  const budget = budgetOf(settings.memcheckBudget, context, scanned);
  const isSkipped = skippedIn(all, context);
  const open = all.filter((name) => !isSkipped(name));
  const chosen = context.execution.chooseForMemcheck(() => chooseForMemcheck(open, { ...budget, onlyRecorded }));
  return { jobs: listed.filter(({ name }) => chosen.includes(name) || isSkipped(name)), all };
}

/** Test files that the repository skips under memcheck are jobs, too, since reports list them, but take none of the time. */
function skippedIn(names: readonly string[], { skips, change }: CheckContext["context"]): (name: string) => boolean {
  const { skipped } = leaveOut(
    names.map((name) => ({ name })),
    skips,
    "memcheck",
    change.today,
  );
  const left = new Set(skipped.map(({ name }) => name));
  return (name) => left.has(name);
}

/** Whether the scan's runs tell which test files a suite has: not if it had to leave out some that memcheck is to look at. Pure. */
export function listsSuite(scanned: readonly TestRun[], skips: readonly Skip[]): boolean {
  return scanned.length > 0 && !skips.some(({ engine }) => engine === "scan");
}

async function planReached(checkContext: CheckContext, affected: AffectedSome, scanned: readonly TestRun[]): Promise<MemcheckPlan> {
  const { settings, context } = checkContext;
  const suitable = await suitableTests(checkContext, affected);
  const budget = budgetOf(settings.memcheckBudget, context, scanned);
  const isSkipped = skippedIn([...suitable], context);
  const isOpen = (name: string): boolean => suitable.has(name) && !isSkipped(name);
  const reached = chooseReached(affected, isOpen, budget, filesOf(affected, checkContext));
  const skipped = [...suitable].filter((name) => affected.chosen.has(name) && isSkipped(name));
  return {
    jobs: jobsOf([...reached.names, ...skipped], checkContext, reached),
    leftOut: [],
    unrecorded: new Set(reached.names.filter((name) => !budget.recorded.has(name))),
    rest: [],
    all: reached.names,
    budget: settings.memcheckBudget,
    notes: reachedNotes(reached, budget),
  };
}

async function suitableTests({ settings, prepared, runContext }: CheckContext, affected: AffectedSome): Promise<ReadonlySet<string>> {
  if (settings.work.kind === "suite") return new Set(affected.scanned);
  return new Set((await selectAll("memcheck", prepared.python, runContext.folder, runContext.processes)).names);
}

function jobsOf(names: readonly string[], { settings, runContext }: CheckContext, reached?: ReachedTests): readonly Job[] {
  if (settings.work.kind === "suite") {
    const files = names.map((name) => ({ name }));
    return planSuite(files, { ...settings, env: runContext.processes.env, python: runContext.python });
  }
  const { jobs } = planTests(names, runContext.python, { scratch: runContext.folder }, runContext.processes);
  return jobs.map((job) => ({ ...job, leaveOut: reached?.leaveOut.get(job.name) ?? [] }));
}

/** Memcheck's default test files, which the baseline covers, and those that are closest to a change that reaches all test files. */
async function withClosest(
  plan: Plan,
  checkContext: CheckContext,
  affected: KnownChange,
  scanned: readonly TestRun[],
): Promise<Plan & Pick<MemcheckPlan, "unrecorded" | "notes">> {
  const { settings, prepared, runContext, context } = checkContext;
  const { names } = await selectAll("memcheck", prepared.python, runContext.folder, runContext.processes);
  const suitable = new Set(names);
  const budget = budgetOf(settings.memcheckBudget, context, scanned);
  const also = plan.jobs.map(({ name }) => name);
  const isSkipped = skippedIn(names, context);
  const isOpen = (name: string): boolean => suitable.has(name) && !isSkipped(name);
  const chosen = chooseClosest(affected, isOpen, also, budget, filesOf(affected, checkContext));
  const further = chosen.names.filter((name) => !also.includes(name));
  const jobs = jobsOf(further, checkContext, chosen);
  // Readers expect the quick set, so it needs no note.
  const notes = further.length === 0 ? [] : reachedNotes(chosen, { budget: "all" });
  const unrecorded = new Set(further.filter((name) => !budget.recorded.has(name)));
  return { ...plan, jobs: [...plan.jobs, ...jobs], unrecorded, notes };
}

/** Names of changed source files. */
function filesOf({ footprints }: KnownChange, { underTest }: CheckContext): readonly string[] {
  const now = underTest?.sources(footprints.sources.names);
  return now === undefined ? [] : changedFiles(footprints, now).map(({ name }) => name);
}

/** Equal on all machines of a check. Pure. */
export function budgetOf(
  budget: MemcheckBudget,
  {
    past,
    scope,
    width,
    plannedWidth = width,
    execution,
  }: Pick<CheckContext["context"], "past" | "scope" | "width" | "plannedWidth" | "execution">,
  scanned: readonly TestRun[],
): Budget {
  // A plan is made before the scan, and its shards and report must choose the same tests.
  const slowTests = new Map(execution.isWhole ? scanned.map((run) => [run.name, run.slowTests ?? []]) : []);
  return { budget, width: plannedWidth, recorded: recordedSeconds(past, scope), scanned: scanCosts(past, scanned), slowTests };
}

/** What the branch added since a record became outdated would be new to a change, so only a check that records compares with it. */
function recordedSeconds(past: History, scope: RecordingScope): ReadonlyMap<string, number> {
  const records = scope === "everything" || scope === "replace";
  const tests = past.kind === "comparable" ? past.baseline.tests : [];
  const compared = tests.filter(({ engine, outdated }) => engine === "memcheck" && (records || outdated === undefined));
  return new Map(compared.map(({ name, seconds }) => [name, seconds]));
}

/** Suspects that are not among the selected test files. */
export function otherJobs(checkContext: CheckContext, suspects: readonly string[], jobs: readonly Job[]): readonly Job[] {
  return jobsOf(
    suspects.filter((name) => !jobs.some((job) => job.name === name)),
    checkContext,
  );
}
