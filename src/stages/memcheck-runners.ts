import { testEnvironment } from "../build/recipe.ts";
import { withCancellation } from "../engines/cancellation.ts";
import { isolatedMemcheck } from "../engines/memcheck/isolated.ts";
import type { MemcheckOptions } from "../engines/memcheck/memcheck-args.ts";
import { memcheckEngine, memcheckSelfTest } from "../engines/memcheck/memcheck-engine.ts";
import type { TestRunner } from "../engines/run-all.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import { UserError } from "../model/user-error.ts";
import { passSelfTest } from "./self-tests.ts";
import type { CheckContext } from "./stage.ts";

/** Options of all of a check's runs under memcheck. */
export type Options = Omit<MemcheckOptions, "xmlFolder">;

export interface Runners {
  /** Undefined if each job starts its own interpreter. */
  readonly pool: WorkerPool | undefined;
  readonly testRunner: TestRunner;
  readonly confirming: TestRunner;
}

export function makeRunners({ settings, runContext }: CheckContext, options: Options): Runners {
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

/** Passes memcheck's self-test once for each build. @throws UserError if memcheck can't find what is planted */
export async function requireMemcheck(checkContext: CheckContext, options: Options): Promise<void> {
  const { runContext, prepared } = checkContext;
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
  await passSelfTest(checkContext, test).catch((error: unknown) => {
    if (runContext.processes.stopped === undefined) throw error;
  });
}

export function memcheckOptions({ settings, prepared }: CheckContext): Options {
  const { all, definiteLeaks } = prepared.python.suppressions;
  return {
    valgrind: prepared.recipe.toolchain.valgrind,
    leakCheck: settings.leakCheck,
    suppressions: [settings.leakCheck === "live" ? definiteLeaks : all, ...settings.suppressions],
    extraArgs: settings.valgrindArgs,
  };
}
