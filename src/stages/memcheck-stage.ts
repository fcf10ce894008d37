import { usersOfFunctions } from "../affected/footprints.ts";
import { testEnvironment } from "../build/recipe.ts";
import { withCancellation } from "../engines/cancellation.ts";
import type { Job } from "../engines/job.ts";
import { isolatedMemcheck } from "../engines/memcheck/isolated.ts";
import type { MemcheckOptions } from "../engines/memcheck/memcheck-args.ts";
import { memcheckEngine, memcheckSelfTest } from "../engines/memcheck/memcheck-engine.ts";
import type { TestRunner } from "../engines/run-all.ts";
import { requireSelfTest } from "../engines/self-test.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import { type Judgement, NOTHING } from "../findings/judgement.ts";
import { addJudgement } from "../findings/merge-engines.ts";
import type { ReachedGrounds } from "../findings/reached.ts";
import { isLeak } from "../findings/segment.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import { settingWithoutMemcheck } from "../settings/work.ts";
import type { Affected } from "./choose-affected.ts";
import { memcheckNotes, withinBudget } from "./memcheck-budget.ts";
import { otherJobs, planForMemcheck } from "./memcheck-plan.ts";
import { lookAtReached } from "./reached-stage.ts";
import { type CheckContext, engineDropped, engineFailed, leftOutNotes, runJobs, runStage, type StageResult } from "./stage.ts";

export interface MemcheckResult extends StageResult {
  /** Memcheck's runs of the scan's suspects. */
  readonly looks: readonly TestRun[];
  /** The runs that were judged by the change alone: if recorded, the change's own errors would become known. */
  readonly unrecordable?: readonly TestRun[];
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
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
  options: MemcheckResult["options"],
  affected: Affected,
): Promise<MemcheckResult> {
  const { settings, context, isLocal } = checkContext;
  const runners = makeRunners(checkContext, options);
  const plan = await planForMemcheck(checkContext, affected, scanned, runners.pool);
  const without = (some: readonly Job[]) => leaveOut(some, context.skips, "memcheck", context.change.today);
  const { jobs: all, skipped } = without(plan.jobs);
  const others = without(otherJobs(checkContext, suspects, all)).jobs;
  const off = settingWithoutMemcheck(settings);
  // In a terminal, a quick check shares the baseline of a long one.
  const dropped: Judgement = { ...NOTHING, problems: off === undefined || isLocal ? [] : engineDropped("memcheck", off, context) };
  const isUnskipped = (name: string): boolean => !skipped.some((one) => one.name === name);
  const notes = (looked: readonly string[]): readonly Note[] => [
    ...leftOutNotes("memcheck", plan.leftOut),
    ...memcheckNotes({ ...plan, all: plan.all.filter(isUnskipped) }, looked, settings.memcheckBudget),
  ];
  // Test files given by name always run: if none did, nothing was checked.
  const isPartial = affected.kind === "some" && settings.work.kind !== "tests";
  if (all.length + others.length === 0 && (settings.work.kind === "suite" || isPartial || off !== undefined)) {
    await runners.pool?.stop();
    return { runs: [], judgement: dropped, looks: [], options, skipped, notes: notes([]) };
  }
  const { execution } = context;
  const isNeeded = execution.runs("memcheck") || (others.length > 0 && !execution.isIdle);
  if (runners.pool !== undefined && isNeeded) await requireMemcheck(checkContext, options);
  const allBut =
    settings.work.kind === "all-tests" ? { allBut: [...[...plan.leftOut, ...skipped].map(({ name }) => name), ...plan.rest] } : {};
  const { confirming } = runners;
  const testRunner = withinBudget(runners.testRunner, plan.budget);
  const [reached, jobs] = [all.filter(({ name }) => plan.unrecorded.has(name)), all.filter(({ name }) => !plan.unrecorded.has(name))];
  const stage = { engine: "memcheck", title: "Memcheck", jobs, confirming, testRunner, ...allBut, isPartial } as const;
  const looking = { ...stage, testRunner: confirming, title: "Memcheck: suspects of the scan", jobs: others };
  const further = others.length === 0 ? [] : await runJobs(looking, context, "suspect");
  const result = jobs.length === 0 && others.length + reached.length > 0 ? NOTHING_RUN : await runStage(stage, context);
  const reaching = { ...stage, title: "Memcheck: test files that the change can reach", jobs: reached };
  const seen = reached.length === 0 ? NOTHING_RUN : await lookAtReached(reaching, changedIn(affected), context);
  return {
    runs: [...result.runs, ...seen.runs],
    unrecordable: seen.runs,
    judgement: addJudgement(addJudgement(result.judgement, seen.judgement), dropped),
    looks: [...[...result.runs, ...seen.runs.map(withLeaksOnly)].filter((run) => suspects.includes(run.name)), ...further],
    options,
    skipped,
    notes: [
      ...notes([...result.runs, ...seen.runs, ...further].map(({ name }) => name)),
      ...result.runs.flatMap(({ name, leftByInterpreter: left }): Note[] =>
        left ? [{ code: "left-by-interpreter", test: name, ...left }] : [],
      ),
    ],
  };
}

function changedIn(affected: Affected): Pick<ReachedGrounds, "changed" | "everywhere"> {
  if (affected.kind === "any") return { changed: [] };
  const usersOf = usersOfFunctions(affected.footprints);
  return { changed: affected.functions, everywhere: new Set(affected.functions.filter((key) => usersOf(key).kind === "everyone")) };
}

const NOTHING_RUN: StageResult = { runs: [], judgement: NOTHING };

/** Its other errors have been judged already. */
function withLeaksOnly(run: TestRun): TestRun {
  return { ...run, findings: run.findings.filter(({ kind }) => isLeak(kind)) };
}

interface Runners {
  /** Undefined if each job starts its own interpreter. */
  readonly pool: WorkerPool | undefined;
  readonly testRunner: TestRunner;
  readonly confirming: TestRunner;
}

function makeRunners({ settings, runContext }: CheckContext, options: MemcheckResult["options"]): Runners {
  const isLive = settings.leakCheck === "live";
  const engine = memcheckEngine(runContext, options);
  const pool = isLive ? new WorkerPool(engine, runContext) : undefined;
  // Valgrind's generated suppressions contain the names that it compares, but make its report half as long again, so they are only requested
  // for new errors.
  const more = { ...options, extraArgs: [...options.extraArgs, "--gen-suppressions=all"] };
  const again = isLive ? new WorkerPool(memcheckEngine(runContext, more), runContext, pool) : isolatedMemcheck(runContext, more);
  const { processes } = runContext;
  return {
    pool,
    testRunner: withCancellation(pool ?? isolatedMemcheck(runContext, options), engine, processes),
    confirming: withCancellation(again, engine, processes),
  };
}

async function requireMemcheck({ runContext, prepared }: CheckContext, options: MemcheckResult["options"]): Promise<void> {
  if (prepared.python.hidesObjects === true)
    throw new UserError(
      "Memcheck cannot see objects of this free-threaded interpreter: its allocator was built without support for valgrind.",
      {
        hint: "Use `python-version` with `configure-args: --disable-gil` to build one with this support. The scan works without it.",
      },
    );
  const test = memcheckSelfTest(
    runContext,
    options,
    testEnvironment(runContext.processes.env, runContext.python),
    prepared.recipe.toolchain.valgrind,
  );
  // A check that is stopped still reports what the scan found.
  await requireSelfTest(runContext, test).catch((error: unknown) => {
    if (runContext.processes.stopped === undefined) throw error;
  });
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
