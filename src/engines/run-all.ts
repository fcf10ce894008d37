import type { Progress } from "../model/progress.ts";
import type { TestRun } from "../model/test-run.ts";
import { secondsInWords } from "../report/format.ts";
import { incompleteInWords } from "../report/incomplete-messages.ts";
import { inPool } from "../system/pool.ts";
import { Countdown, type Durations } from "./countdown.ts";
import type { Job } from "./job.ts";
import { lastLinesOf } from "./log-tail.ts";

/** Runs the jobs. */
export interface TestRunner {
  run(job: Job): Promise<TestRun>;
  /** Called after the last job. */
  stop(): Promise<void>;
}

/** Limit: with more test files, a line for each passed one would hide the others. */
const MAX_NOTED = 60;

/** Runs jobs in parallel and reports progress. Results are in the order of the jobs. */
export async function runAll(
  jobs: readonly Job[],
  width: number,
  durations: Durations,
  testRunner: TestRunner,
  progress: Progress,
): Promise<readonly TestRun[]> {
  const clock = new Countdown(jobs, width, durations);
  const runOne = async (job: Job): Promise<TestRun> => {
    progress.update(clock.start(job), clock.position());
    const run = await withLastWords(await testRunner.run(job));
    clock.stop(job);
    if (jobs.length <= MAX_NOTED || !isUneventful(run)) progress.note(describeRun(run));
    if (clock.running() !== "") progress.update(clock.running(), clock.position());
    return run;
  };
  const runs = await inPool(longestFirst(jobs, durations), width, runOne).finally(() => testRunner.stop());
  const byName = new Map(runs.map((run) => [run.name, run]));
  return jobs.flatMap((job) => byName.get(job.name) ?? []);
}

async function withLastWords(run: TestRun): Promise<TestRun> {
  const endedWell = run.incomplete === null && run.status !== "failed";
  return endedWell || run.log === "" ? run : { ...run, lastWords: await lastLinesOf(run.log) };
}

function isUneventful({ status, incomplete }: TestRun): boolean {
  return status === "stopped" || (incomplete === null && status !== "failed");
}

function describeRun(run: TestRun): string {
  const end = run.incomplete === null ? "" : `: ${incompleteInWords(run.incomplete)}`;
  return `${run.name} ${run.status} in ${secondsInWords(run.seconds)}${end}`;
}

/** Longest first, so that the last worker does not run the longest test alone. A test file without a recorded time may be the longest. */
export function longestFirst(jobs: readonly Job[], seconds: ReadonlyMap<string, number>): readonly Job[] {
  const expected = (job: Job): number => seconds.get(job.name) ?? Number.POSITIVE_INFINITY;
  return jobs.toSorted((a, b) => Math.sign(expected(b) - expected(a)) || 0);
}
