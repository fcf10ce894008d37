import { testEnvironment } from "../build/recipe.ts";
import { withCancellation } from "../engines/cancellation.ts";
import { lifecycleJobs, lifecycleRunner } from "../engines/lifecycle/lifecycle-runner.ts";
import { NOTHING } from "../findings/judgement.ts";
import { readLeakSuppressions } from "./read-suppressions.ts";
import { type CheckContext, runStage, type StageResult } from "./stage.ts";

/** Finds leaks at start and shutdown of an interpreter: in every check of CPython's own tests that looks for leaks. */
export async function runLifecycles({ settings, prepared, runContext, context }: CheckContext): Promise<StageResult> {
  if (settings.work.kind === "command" || settings.work.kind === "suite" || settings.leakCheck === "none")
    return { runs: [], judgement: NOTHING };
  // This engine records malloc and mapped pages. A free-threaded interpreter gets its objects from neither.
  if (prepared.python.freeThreaded) return { runs: [], judgement: NOTHING };
  const { version } = prepared.python;
  const jobs = lifecycleJobs(version, testEnvironment(runContext.processes.env, prepared.python), runContext.folder);
  if (jobs.length === 0) return { runs: [], judgement: { ...NOTHING, notes: [{ code: "no-lifecycle", version }] } };
  const suppressions = await readLeakSuppressions(settings, prepared.python.suppressions.all);
  const testRunner = withCancellation(lifecycleRunner(runContext, suppressions), { name: "lifecycle" }, runContext.processes);
  return await runStage({ engine: "lifecycle", title: "Start and shutdown", jobs, testRunner }, context);
}
