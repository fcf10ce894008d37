import { createReadStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Finding, FindingCollection, findingOf } from "../findings/finding.ts";
import type { Project } from "../findings/site.ts";
import type { Ended, Processes } from "../system/processes.ts";
import { type MemcheckOptions, memcheckArgs } from "./command.ts";
import { judgeRun, type TestStatus } from "./outcome.ts";
import { ProcessReport } from "./process-report.ts";
import { readMemcheckXml } from "./xml-reader.ts";

/** One test file, or the user's command, to run under memcheck. */
export interface Job {
  /** `test_csv`; the command's words for a command. */
  readonly name: string;
  /** What the interpreter gets after the runner's path. */
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
  /** What the test printed. */
  readonly log: string;
}

export interface Laboratory {
  readonly python: { readonly path: string; readonly probe: { readonly runner: string } };
  readonly project: Project;
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  /** Where runs keep their XML while they are read, and their logs. */
  readonly folder: string;
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
  const args = [...memcheckArgs({ ...lab.options, xmlFolder: folder }), lab.python.path, lab.python.probe.runner, ...job.args];
  const ended = await lab.processes.run("valgrind", args, { cwd: job.cwd, env: job.env, timeout: lab.timeout, logFile });
  const { report, findings } = await readReports(folder, ended, job.name, lab);
  const outcome = judgeRun(ended, report, lab.options.leakCheck, lab.timeout);
  return { name: job.name, ...outcome, seconds: ended.seconds, findings, log: logFile };
}

/** Each process wrote a file of its own: the interpreter that we started, and those that the test forked. */
async function readReports(folder: string, ended: Ended, testFile: string, lab: Laboratory) {
  const own = `${ended.pid}.xml`;
  const findings = new FindingCollection();
  const report = new ProcessReport();
  const names = (await readdir(folder)).filter((name) => name.endsWith(".xml")).sort();
  for (const name of names) {
    const current = name === own ? report : new ProcessReport();
    const events = readMemcheckXml(createReadStream(join(folder, name)));
    for (let step = await events.next(); ; step = await events.next()) {
      if (step.done) {
        current.end(step.value);
        break;
      }
      const error = current.take(step.value);
      // A process that forked without exec repeats every leak from before the fork when it ends (valgrind manual, 2.11).
      if (error === undefined || (name !== own && error.kind.startsWith("Leak_"))) continue;
      findings.add(findingOf({ error, testFile, testId: current.testId }, lab.project));
    }
    await rm(join(folder, name));
  }
  return { report, findings: findings.all() };
}
