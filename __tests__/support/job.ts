import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, runAction } from "./command.ts";

export interface Job {
  /** The folder for the runner's files about the job. */
  readonly folder: string;
  readonly event: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What the runner gives beside that. */
  readonly env: Readonly<Record<string, string>>;
  readonly payload?: unknown;
  /** Interrupts the step when it is aborted, as the runner does when a job is cancelled. */
  readonly cancel?: AbortSignal;
}

export interface RanJob extends Ran {
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string | undefined>>;
}

/** One job with one step on a runner: the event, and new files for the step's outputs. */
export async function runJob({ folder, event, ref, inputs, env, payload, cancel }: Job): Promise<RanJob> {
  const files = {
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    GITHUB_EVENT_PATH: join(folder, "event.json"),
  };
  for (const file of Object.values(files)) writeFileSync(file, "");
  writeFileSync(files.GITHUB_EVENT_PATH, JSON.stringify(payload ?? { repository: { default_branch: "main" } }));
  const given = { ...files, GITHUB_EVENT_NAME: event, GITHUB_REF: ref, RUNNER_TEMP: folder, ...env };
  const ran = await runAction(inputs, given, cancel);
  const outputs = [...readFileSync(files.GITHUB_OUTPUT, "utf8").matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)];
  return {
    ...ran,
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
    outputs: Object.fromEntries(outputs.map((match) => [match[1], match[3]])),
  };
}
