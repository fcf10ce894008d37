// The test files of a project's own suite.

import { commandEnvironment, type Threading } from "../build/recipe.ts";
import type { Job } from "../engines/job.ts";
import type { WorkerPool } from "../engines/worker-pool.ts";
import type { SuiteFile } from "../model/suite.ts";
import { UserError } from "../model/user-error.ts";
import type { Settings } from "../settings/settings.ts";
import type { StageContext } from "./stage.ts";

/** Where a suite runs, and its environment. */
export interface SuitePlace extends Pick<Settings, "directory" | "passEnv"> {
  readonly env: NodeJS.ProcessEnv;
  readonly python: Threading;
}

/** The tests could not be collected, which would fail with any engine. */
export class SuiteFailure extends UserError {}

/** Collects the tests of a suite. @throws SuiteFailure if that fails, or there are none. */
export async function collectSuite(
  place: SuitePlace,
  pool: WorkerPool,
  { progress, execution }: Pick<StageContext, "progress" | "execution">,
): Promise<readonly Job[]> {
  const files = await execution.collect(async () => {
    progress.update("collecting the tests");
    return await askRunner(place, pool);
  });
  return planSuite(files, place);
}

async function askRunner(place: SuitePlace, pool: WorkerPool): Promise<readonly Pick<SuiteFile, "name">[]> {
  const files = await pool.collect(suiteScene(place)).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new SuiteFailure(error.message, error.hint === undefined ? {} : { hint: error.hint });
  });
  if (files.length > 0) return files;
  await pool.stop();
  throw new SuiteFailure("The command collected no tests.", { hint: `It ran in ${place.directory}.` });
}

/** A job for each test file of a suite. */
export function planSuite(files: readonly Pick<SuiteFile, "name">[], place: SuitePlace): readonly Job[] {
  const scene = suiteScene(place);
  return files.map(({ name }) => ({ name, args: [], ...scene }));
}

function suiteScene({ directory, passEnv, env, python }: SuitePlace): Pick<Job, "cwd" | "env"> {
  return { cwd: directory, env: commandEnvironment(env, passEnv, python) };
}
