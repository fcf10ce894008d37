import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "../findings/finding.ts";
import type { Project } from "../findings/site.ts";
import type { Processes } from "../system/processes.ts";
import { type MemcheckOptions, memcheckArgs } from "./command.ts";
import { judgeRun, type TestStatus } from "./outcome.ts";
import { readReports } from "./reports.ts";

/** One test file, or the user's command, to run under memcheck. */
export interface Job {
  /** `test_csv`; the command's words for a command. */
  readonly name: string;
  /** What the interpreter gets after the runner's path, where it gets a process of its own. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface TestRun {
  readonly name: string;
  readonly status: TestStatus;
  readonly seconds: number;
  /** Why nothing can be concluded from this run; null for one that memcheck watched from start to end. */
  readonly incomplete: string | null;
  readonly findings: readonly Finding[];
  /** Where time went beside the tests themselves. */
  readonly costs: Costs;
  /** What the test printed. */
  readonly log: string;
}

/** In seconds: starting the worker (told by its first test file only), live leak checks (a part of the run), reading memcheck's report. */
export interface Costs {
  readonly start: number;
  readonly leakChecks: number;
  readonly reading: number;
}

export const NO_COSTS: Costs = { start: 0, leakChecks: 0, reading: 0 };

export interface Laboratory {
  readonly python: { readonly path: string; readonly probe: { readonly runner: string } };
  readonly project: Project;
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  /** Where runs keep their XML while they are read, and their logs. */
  readonly folder: string;
  /** How often a live check looks for leaks: after each test file, class or test. */
  readonly leakCheckPer: "file" | "class" | "test";
  /** Whether to tell where Python code allocated what is lost. */
  readonly pythonStacks: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly processes: Processes;
}

/** Runs one job in an interpreter of its own under memcheck, and reads what memcheck wrote. */
export async function runUnderMemcheck(job: Job, lab: Laboratory): Promise<TestRun> {
  const folder = join(lab.folder, job.name.replace(/[^\w.-]+/g, "_").slice(0, 100));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const logFile = join(folder, "output.log");
  const { leakCheck } = lab.options;
  const args = [...memcheckArgs({ ...lab.options, xmlFolder: folder }), lab.python.path, lab.python.probe.runner, ...job.args];
  const ended = await lab.processes.run("valgrind", args, { cwd: job.cwd, env: job.env, timeout: lab.timeout, logFile });
  const {
    report,
    findings,
    seconds: reading,
  } = await readReports({
    folder,
    pid: ended.pid,
    testFile: job.name,
    leakCheck,
    project: lab.project,
  });
  const outcome = judgeRun(ended, report, leakCheck, lab.timeout);
  return { name: job.name, ...outcome, seconds: ended.seconds, findings, costs: { ...NO_COSTS, reading }, log: logFile };
}
