import { selectAll } from "../build/tests.ts";
import type { Job } from "../engines/job.ts";
import type { WorkerPool } from "../engines/worker-pool.ts";
import type { History } from "../findings/history.ts";
import type { Skip } from "../findings/skip.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { type MemcheckBudget, settingWithoutMemcheck } from "../settings/work.ts";
import { type Affected, type AffectedSome, withoutUnaffected } from "./choose-affected.ts";
import { type Budget, chooseForMemcheck } from "./memcheck-budget.ts";
import { type Plan, planMemcheck, planTests } from "./plan.ts";
import { chooseReached, reachedNote } from "./reached-tests.ts";
import type { CheckContext } from "./stage.ts";
import { collectSuite, planSuite } from "./suite-files.ts";

/** What memcheck runs. */
export interface MemcheckPlan extends Plan {
  /** The jobs without errors in the baseline, which run because the change can reach them. */
  readonly unrecorded: ReadonlySet<string>;
  /** Test files that the change cannot reach. */
  readonly rest: readonly string[];
  /** For a suite: all its test files. */
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
  if (settings.work.kind === "suite" && pool !== undefined)
    return { ...nothing, ...(await planOfSuite(checkContext, scanned, pool)), leftOut: [], budget: settings.memcheckBudget };
  if (settings.work.kind === "default-tests" && affected.kind === "some") return await planReached(checkContext, affected, scanned);
  const places = { directory: settings.directory, scratch: runContext.folder };
  const plan = await planMemcheck(settings, prepared.python, places, runContext.processes);
  const isAll = settings.work.kind === "all-tests";
  return { ...nothing, ...plan, ...(isAll ? withoutUnaffected(plan.jobs, affected) : {}) };
}

async function planOfSuite(
  { settings, runContext, context }: CheckContext,
  scanned: readonly TestRun[],
  pool: WorkerPool,
): Promise<Pick<MemcheckPlan, "jobs" | "all">> {
  const place = { ...settings, env: runContext.processes.env };
  const listed = listsSuite(scanned, context.skips) ? planSuite(scanned, place) : await collectSuite(place, pool, context.progress);
  const all = listed.map(({ name }) => name);
  const onlyRecorded = context.past.kind === "comparable" && context.scope === "nothing";
  const chosen = chooseForMemcheck(all, { ...budgetOf(settings.memcheckBudget, context, scanned), onlyRecorded });
  return { jobs: listed.filter(({ name }) => chosen.includes(name)), all };
}

/** Whether the scan's runs tell which test files a suite has: not if it had to leave out some that memcheck is to look at. Pure. */
export function listsSuite(scanned: readonly TestRun[], skips: readonly Skip[]): boolean {
  return scanned.length > 0 && !skips.some(({ engine }) => engine === "scan");
}

async function planReached(checkContext: CheckContext, affected: AffectedSome, scanned: readonly TestRun[]): Promise<MemcheckPlan> {
  const { settings, prepared, runContext, context } = checkContext;
  const { names } = await selectAll("memcheck", prepared.python, runContext.folder, runContext.processes);
  const suitable = new Set(names);
  const budget = budgetOf(settings.memcheckBudget, context, scanned);
  const reached = chooseReached(affected, (name) => suitable.has(name), budget);
  return {
    ...planTests(reached.names, { scratch: runContext.folder }, runContext.processes),
    unrecorded: new Set(reached.names.filter((name) => !budget.recorded.has(name))),
    rest: [],
    all: [],
    budget: settings.memcheckBudget,
    notes: [reachedNote(reached, budget)],
  };
}

function budgetOf(budget: MemcheckBudget, { past, width }: CheckContext["context"], scanned: readonly TestRun[]): Budget {
  return { budget, width, recorded: recordedSeconds(past), scanned: new Map(scanned.map(({ name, seconds }) => [name, seconds])) };
}

function recordedSeconds(past: History): ReadonlyMap<string, number> {
  const tests = past.kind === "comparable" ? past.baseline.tests : [];
  return new Map(tests.filter(({ engine }) => engine === "memcheck").map(({ name, seconds }) => [name, seconds]));
}

/** Suspects that are not among the selected test files. */
export function otherJobs({ settings, runContext }: CheckContext, suspects: readonly string[], jobs: readonly Job[]): readonly Job[] {
  const names = suspects.filter((name) => !jobs.some((job) => job.name === name));
  if (settings.work.kind === "suite")
    return planSuite(
      names.map((name) => ({ name })),
      { ...settings, env: runContext.processes.env },
    );
  return planTests(names, { scratch: runContext.folder }, runContext.processes).jobs;
}
