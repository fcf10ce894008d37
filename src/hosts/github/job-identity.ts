import { readFile } from "node:fs/promises";

/** The parts of a job that distinguish its checks from those of the workflow's other jobs. */
export interface JobIdentity {
  /** GITHUB_JOB: its key in the workflow file, the same for all jobs of a matrix. */
  readonly job: string;
  /** GITHUB_ACTION: the step's id, or one that the runner derives from the step. */
  readonly step: string;
  /** `ubuntu-24.04` */
  readonly system: string;
  readonly architecture: string;
}

export async function readJobIdentity(env: NodeJS.ProcessEnv): Promise<JobIdentity> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const field = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)`, "m").exec(release)?.[1] ?? "";
  const system = `${field("ID")}-${field("VERSION_ID")}`;
  return { job: env.GITHUB_JOB ?? "", step: env.GITHUB_ACTION ?? "", system, architecture: process.arch };
}
