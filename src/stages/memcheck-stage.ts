import { testEnvironment } from "../build/recipe.ts";
import { DEFAULT_TESTS } from "../build/tests.ts";
import { withCancellation } from "../engines/cancellation.ts";
import type { Job } from "../engines/job.ts";
import type { MemcheckOptions } from "../engines/memcheck/command.ts";
import { isolatedMemcheck } from "../engines/memcheck/isolated.ts";
import { memcheckEngine, memcheckSelfTest } from "../engines/memcheck/memcheck-engine.ts";
import type { TestRunner } from "../engines/run-all.ts";
import { requireSelfTest } from "../engines/self-test.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import { NOTHING } from "../findings/judgement.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import type { Note } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import { type Affected, withoutUnaffected } from "./affected.ts";
import { planMemcheck, planTests } from "./plan.ts";
import { type CheckContext, engineFailed, leftOutNotes, runJobs, runStage, type StageResult } from "./stage.ts";

export interface MemcheckResult extends StageResult {
  /** Memcheck's runs of the scan's suspects. */
  readonly looks: readonly TestRun[];
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  readonly notes: readonly Note[];
  readonly skipped: Partition<Job>["skipped"];
}

/** Runs the selected test files under memcheck, and has it look at the suspects. Where it cannot be done, what the scan found is still reported. */
export async function runMemcheck(checkContext: CheckContext, suspects: readonly string[], affected: Affected): Promise<MemcheckResult> {
  const options = memcheckOptions(checkContext);
  try {
    return await watchTests(checkContext, suspects, options, affected);
  } catch (error) {
    if (!(error instanceof UserError) || checkContext.settings.scan.kind === "none") throw error;
    return { runs: [], judgement: { ...NOTHING, problems: [engineFailed("memcheck", error)] }, looks: [], options, notes: [], skipped: [] };
  }
}

async function watchTests(
  checkContext: CheckContext,
  suspects: readonly string[],
  options: MemcheckResult["options"],
  affected: Affected,
): Promise<MemcheckResult> {
  const { settings, prepared, runContext, context } = checkContext;
  const isLive = settings.leakCheck === "live";
  const testRunnerWith = (runnerOptions: MemcheckResult["options"]): TestRunner => {
    const engine = memcheckEngine(runContext, runnerOptions);
    return withCancellation(
      isLive ? new WorkerPool(engine, runContext) : isolatedMemcheck(runContext, runnerOptions),
      engine,
      runContext.processes,
    );
  };
  const testRunner = testRunnerWith(options);
  // Valgrind's own suppressions have the names that it compares, and make its report half as long again: asked for where something is new.
  const confirming = testRunnerWith({ ...options, extraArgs: [...options.extraArgs, "--gen-suppressions=all"] });
  if (isLive) {
    const test = memcheckSelfTest(runContext, options, testEnvironment(process.env), prepared.recipe.toolchain.valgrind);
    // A check that is stopped still reports what the scan found.
    await requireSelfTest(runContext, test).catch((error: unknown) => {
      if (runContext.processes.stopped === undefined) throw error;
    });
  }
  const places = { directory: settings.directory, scratch: runContext.folder };
  const { jobs: listed, leftOut } = await planMemcheck(settings, prepared.python, places, runContext.processes);
  const without = (some: readonly Job[]) => leaveOut(some, context.skips, "memcheck", context.change.today);
  const { jobs: unskipped, skipped } = without(listed);
  const { jobs, rest } =
    settings.work.kind === "all-tests" ? withoutUnaffected(unskipped, affected, DEFAULT_TESTS) : { jobs: unskipped, rest: [] };
  const allBut = settings.work.kind === "all-tests" ? { allBut: [...[...leftOut, ...skipped].map(({ name }) => name), ...rest] } : {};
  const stage = { engine: "memcheck", title: "Memcheck", jobs, testRunner, confirming, ...allBut, isPartial: rest.length > 0 } as const;
  const result = await runStage(stage, context);
  const others = without(
    planTests(
      suspects.filter((name) => !jobs.some((job) => job.name === name)),
      places,
    ).jobs,
  ).jobs;
  const further =
    others.length === 0
      ? []
      : await runJobs({ ...stage, testRunner: confirming, title: "Memcheck: suspects of the scan", jobs: others }, context);
  const looks = [...result.runs.filter((run) => suspects.includes(run.name)), ...further];
  return {
    ...result,
    looks,
    options,
    skipped,
    notes: leftOutNotes("memcheck", leftOut),
  };
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
