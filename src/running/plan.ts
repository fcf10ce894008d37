import type { Python } from "../cpython/build.ts";
import { commandEnvironment, testEnvironment } from "../cpython/recipe.ts";
import { selectTests } from "../cpython/tests.ts";
import type { Work } from "../settings.ts";
import type { Processes } from "../system/processes.ts";
import type { Job } from "./job.ts";

export interface Plan {
  readonly jobs: readonly Job[];
  /** Test files that were asked for by `all` and are left out, with the reason. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

export interface Places {
  /** Where a command of the user's runs. */
  readonly directory: string;
  /** A folder of ours; regrtest makes its own working directories. */
  readonly scratch: string;
}

/** What runs: a process for each test file, or one for the user's command. */
export async function planJobs(work: Work, python: Python, places: Places, processes: Processes): Promise<Plan> {
  if (work.kind === "command") {
    const args = ["command", ...work.words];
    return { jobs: [{ name: work.words.join(" "), args, cwd: places.directory, env: commandEnvironment(process.env) }], leftOut: [] };
  }
  const { names, leftOut } = await selectTests(work, python, processes);
  const env = testEnvironment(process.env);
  return { jobs: names.map((name) => ({ name, args: ["test", name], cwd: places.scratch, env })), leftOut };
}

/** Longest first keeps the last worker from sitting on the longest test alone. What has no recorded time may be the longest. */
export function longestFirst(jobs: readonly Job[], seconds: ReadonlyMap<string, number>): readonly Job[] {
  const expected = (job: Job): number => seconds.get(job.name) ?? Number.POSITIVE_INFINITY;
  return jobs.toSorted((a, b) => Math.sign(expected(b) - expected(a)) || 0);
}
