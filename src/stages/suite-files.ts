// The test files of a project's own suite: which there are, and which of them memcheck looks at.

import { commandEnvironment } from "../build/recipe.ts";
import type { Job } from "../engines/job.ts";
import type { TestRunner } from "../engines/run-all.ts";
import type { WorkerPool } from "../engines/worker-pool.ts";
import type { Note } from "../model/note.ts";
import type { Progress } from "../model/progress.ts";
import type { SuiteFile } from "../model/suite.ts";
import { runWithoutReport, type TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import type { Settings } from "../settings/settings.ts";
import type { MemcheckBudget } from "../settings/work.ts";

/** Where a suite runs, and with what of the environment. */
export interface SuitePlace extends Pick<Settings, "directory" | "passEnv"> {
  readonly env: NodeJS.ProcessEnv;
}

/** The tests could not be collected: no other engine would do better. */
export class SuiteFailure extends UserError {}

/** Has a suite collect its tests. @throws SuiteFailure when it cannot, or when it has none. */
export async function collectSuite(place: SuitePlace, pool: WorkerPool, progress: Progress): Promise<readonly Job[]> {
  progress.update("collecting the tests");
  const files = await pool.collect(suiteScene(place)).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new SuiteFailure(error.message, error.hint === undefined ? {} : { hint: error.hint });
  });
  if (files.length > 0) return planSuite(files, place);
  await pool.stop();
  throw new SuiteFailure("The command collected no tests.", { hint: `It ran in ${place.directory}.` });
}

/** A job for each test file of a suite. */
export function planSuite(files: readonly Pick<SuiteFile, "name">[], place: SuitePlace): readonly Job[] {
  const scene = suiteScene(place);
  return files.map(({ name }) => ({ name, args: [], ...scene }));
}

function suiteScene({ directory, passEnv, env }: SuitePlace): Pick<Job, "cwd" | "env"> {
  return { cwd: directory, env: commandEnvironment(env, passEnv) };
}

export interface Choice {
  readonly budget: MemcheckBudget;
  /** How many test files run at once. */
  readonly width: number;
  /** Seconds under memcheck, of test files that the baseline has. */
  readonly recorded: ReadonlyMap<string, number>;
  /** Seconds in the scan. */
  readonly scanned: ReadonlyMap<string, number>;
  /** Whether what the baseline lacks says nothing: it would only be compared with nothing. */
  readonly onlyRecorded: boolean;
}

/** How much slower memcheck is: a guess, until the baseline knows. */
const SLOWDOWN = 30;

/** Seconds that each test file takes at least. */
const MIN_SECONDS = 1;

/**
 * The test files for memcheck. Those of the baseline come first, so that the choice stays the same from run to run, then the shortest: as many as
 * fit. Pure.
 */
export function chooseForMemcheck(names: readonly string[], { budget, width, recorded, scanned, onlyRecorded }: Choice): readonly string[] {
  if (budget === "all" || budget === "none") return budget === "all" ? names : [];
  const expected = (name: string): number => recorded.get(name) ?? MIN_SECONDS + SLOWDOWN * (scanned.get(name) ?? 1);
  const candidates = names.filter((name) => recorded.has(name) || !onlyRecorded);
  const rank = (name: string): number => (recorded.has(name) ? 0 : 1);
  const ordered = candidates.toSorted((a, b) => rank(a) - rank(b) || expected(a) - expected(b));
  const chosen = new Set<string>();
  let left = budget * width;
  for (const name of ordered) {
    left -= expected(name);
    if (left >= 0) chosen.add(name);
  }
  return names.filter((name) => chosen.has(name));
}

/** A test runner that begins nothing more once so many seconds are over, and the names of what it did not begin. */
export function withinBudget(
  testRunner: TestRunner,
  budget: MemcheckBudget,
): { readonly testRunner: TestRunner; readonly notBegun: ReadonlySet<string> } {
  const notBegun = new Set<string>();
  if (typeof budget !== "number") return { testRunner, notBegun };
  const end = performance.now() + budget * 1000;
  const run: TestRunner["run"] = async (job) => {
    if (performance.now() <= end) return testRunner.run(job);
    notBegun.add(job.name);
    return notRun(job);
  };
  return { testRunner: { run, stop: () => testRunner.stop() }, notBegun };
}

function notRun({ name }: Job): TestRun {
  return runWithoutReport({ name, engine: "memcheck", status: "stopped", incomplete: { code: "stopped", hadStarted: false } });
}

/** What memcheck did not look at, as a note; nothing where it was not meant to look. */
export function budgetNotes(names: readonly string[], looked: readonly string[], budget: MemcheckBudget): readonly Note[] {
  const leftOut = names.filter((name) => !looked.includes(name));
  if (leftOut.length === 0 || typeof budget !== "number") return [];
  return [{ code: "memcheck-budget", seconds: budget, looked: names.length - leftOut.length, leftOut }];
}
