import { testEnvironment } from "../build/recipe.ts";
import { withCancellation } from "../engines/cancellation.ts";
import type { Job } from "../engines/job.ts";
import { isolatedMemcheck } from "../engines/memcheck/isolated.ts";
import type { MemcheckOptions } from "../engines/memcheck/memcheck-args.ts";
import { memcheckEngine, memcheckSelfTest } from "../engines/memcheck/memcheck-engine.ts";
import type { TestRunner } from "../engines/run-all.ts";
import { requireSelfTest } from "../engines/self-test.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import type { History } from "../findings/history.ts";
import { NOTHING } from "../findings/judgement.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import { type Plan, planMemcheck, planTests } from "./plan.ts";
import { type CheckContext, engineFailed, leftOutNotes, runJobs, runStage, type StageResult } from "./stage.ts";
import { budgetNotes, chooseForMemcheck, collectSuite, planSuite, withinBudget } from "./suite-files.ts";

export interface MemcheckResult extends StageResult {
  /** Memcheck's runs of the scan's suspects. */
  readonly looks: readonly TestRun[];
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  readonly notes: readonly Note[];
  readonly skipped: Partition<Job>["skipped"];
}

/** Runs the selected test files under memcheck, and has it look at the suspects. Where it cannot be done, what the scan found is still reported. */
export async function runMemcheck(
  checkContext: CheckContext,
  scanned: readonly TestRun[],
  suspects: readonly string[],
): Promise<MemcheckResult> {
  const options = memcheckOptions(checkContext);
  try {
    return await watchTests(checkContext, scanned, suspects, options);
  } catch (error) {
    if (!(error instanceof UserError) || checkContext.settings.scan.kind === "none") throw error;
    return { runs: [], judgement: { ...NOTHING, problems: [engineFailed("memcheck", error)] }, looks: [], options, notes: [], skipped: [] };
  }
}

async function watchTests(
  checkContext: CheckContext,
  scanned: readonly TestRun[],
  suspects: readonly string[],
  options: MemcheckResult["options"],
): Promise<MemcheckResult> {
  const { settings, context } = checkContext;
  const runners = makeRunners(checkContext, options);
  const { jobs: planned, leftOut, all } = await plan(checkContext, scanned, runners.pool);
  const without = (some: readonly Job[]) => leaveOut(some, context.skips, "memcheck", context.change.today);
  const { jobs, skipped } = without(planned);
  const others = without(otherJobs(checkContext, suspects, jobs)).jobs;
  if (settings.work.kind === "suite" && jobs.length + others.length === 0) {
    await runners.pool?.stop();
    return { runs: [], judgement: NOTHING, looks: [], options, skipped, notes: budgetNotes(all, [], settings.memcheckBudget) };
  }
  if (runners.pool !== undefined) await requireMemcheck(checkContext, options);
  const allBut = settings.work.kind === "all-tests" ? { allBut: [...leftOut, ...skipped].map(({ name }) => name) } : {};
  const { confirming } = runners;
  const limited = withinBudget(runners.testRunner, settings.memcheckBudget);
  const stage = { engine: "memcheck", title: "Memcheck", jobs, confirming, ...limited, ...allBut } as const;
  const further =
    others.length === 0
      ? []
      : await runJobs({ ...stage, testRunner: confirming, title: "Memcheck: suspects of the scan", jobs: others }, context);
  const result = jobs.length === 0 && others.length > 0 ? { runs: [], judgement: NOTHING } : await runStage(stage, context);
  const looks = [...result.runs.filter((run) => suspects.includes(run.name)), ...further];
  const looked = [...result.runs, ...further].map(({ name }) => name);
  return {
    ...result,
    looks,
    options,
    skipped,
    notes: [
      ...leftOutNotes("memcheck", leftOut),
      ...budgetNotes(all, looked, settings.memcheckBudget),
      ...result.runs.flatMap(({ name, leftByInterpreter: left }): Note[] =>
        left ? [{ code: "left-by-interpreter", test: name, ...left }] : [],
      ),
    ],
  };
}

interface Runners {
  /** Undefined where each job has an interpreter of its own. */
  readonly pool: WorkerPool | undefined;
  readonly testRunner: TestRunner;
  readonly confirming: TestRunner;
}

function makeRunners({ settings, runContext }: CheckContext, options: MemcheckResult["options"]): Runners {
  const isLive = settings.leakCheck === "live";
  const engine = memcheckEngine(runContext, options);
  const pool = isLive ? new WorkerPool(engine, runContext) : undefined;
  // Valgrind's own suppressions have the names that it compares, and make its report half as long again: asked for where something is new.
  const more = { ...options, extraArgs: [...options.extraArgs, "--gen-suppressions=all"] };
  const again = isLive ? new WorkerPool(memcheckEngine(runContext, more), runContext) : isolatedMemcheck(runContext, more);
  const { processes } = runContext;
  return {
    pool,
    testRunner: withCancellation(pool ?? isolatedMemcheck(runContext, options), engine, processes),
    confirming: withCancellation(again, engine, processes),
  };
}

async function requireMemcheck({ runContext, prepared }: CheckContext, options: MemcheckResult["options"]): Promise<void> {
  const test = memcheckSelfTest(runContext, options, testEnvironment(runContext.processes.env), prepared.recipe.toolchain.valgrind);
  // A check that is stopped still reports what the scan found.
  await requireSelfTest(runContext, test).catch((error: unknown) => {
    if (runContext.processes.stopped === undefined) throw error;
  });
}

/** `all`: the names of a suite's test files, from which the jobs were chosen. */
async function plan(
  { settings, prepared, runContext, context }: CheckContext,
  scanned: readonly TestRun[],
  pool: WorkerPool | undefined,
): Promise<Plan & { readonly all: readonly string[] }> {
  const places = { directory: settings.directory, scratch: runContext.folder };
  if (settings.work.kind !== "suite" || pool === undefined)
    return { ...(await planMemcheck(settings, prepared.python, places, runContext.processes)), all: [] };
  const place = { ...settings, env: runContext.processes.env };
  const listed = scanned.length > 0 ? planSuite(scanned, place) : await collectSuite(place, pool, context.progress);
  const all = listed.map(({ name }) => name);
  const chosen = chooseForMemcheck(all, {
    budget: settings.memcheckBudget,
    width: context.width,
    recorded: recordedSeconds(context.past),
    scanned: new Map(scanned.map(({ name, seconds }) => [name, seconds])),
    onlyRecorded: context.past.kind === "comparable" && context.scope === "nothing",
  });
  return { jobs: listed.filter(({ name }) => chosen.includes(name)), leftOut: [], all };
}

function recordedSeconds(past: History): ReadonlyMap<string, number> {
  const tests = past.kind === "comparable" ? past.baseline.tests : [];
  return new Map(tests.filter(({ engine }) => engine === "memcheck").map(({ name, seconds }) => [name, seconds]));
}

/** Suspects that are not among the chosen test files. */
function otherJobs({ settings, runContext }: CheckContext, suspects: readonly string[], jobs: readonly Job[]): readonly Job[] {
  const names = suspects.filter((name) => !jobs.some((job) => job.name === name));
  if (settings.work.kind === "suite")
    return planSuite(
      names.map((name) => ({ name })),
      { ...settings, env: runContext.processes.env },
    );
  return planTests(names, { scratch: runContext.folder }, runContext.processes).jobs;
}

function memcheckOptions({ settings, prepared }: CheckContext): Omit<MemcheckOptions, "xmlFolder"> {
  const { all, definiteLeaks } = prepared.python.suppressions;
  return {
    valgrind: prepared.recipe.toolchain.valgrind,
    leakCheck: settings.leakCheck,
    suppressions: [settings.leakCheck === "live" ? definiteLeaks : all, ...settings.suppressions],
    extraArgs: settings.valgrindArgs,
  };
}
