// Shared by benches and evaluations: processes that do not outlive them, and checks by the shipped command.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import type { Progress } from "../src/model/progress.ts";
import { type Report, ReportSchema } from "../src/report/report.ts";
import { type Ended, Processes } from "../src/system/processes.ts";
import { QUICK_TESTS } from "./quick-tests.ts";

export const WORK_DIR = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");

/** The folder that paths on the command line are relative to: npm changes to the repository's folder. */
export const INVOKED_IN = process.env.INIT_CWD ?? process.cwd();

export const SILENT: Progress = { begin: () => {}, update: () => {}, note: () => {}, end: () => {} };

/** The processes of all benches: none may outlive them. */
const ALL = new Set<Processes>();

/** Seconds. Hours, since benches run whole checks and suites. */
const LIMIT = 4 * 3600;

export function newProcesses(): Processes {
  const processes = new Processes(process.env, LIMIT);
  ALL.add(processes);
  return processes;
}

/** On a signal, also kills all started processes. */
export function endWithSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      for (const processes of ALL) processes.killAll();
      process.exit(2);
    });
  }
}

/** The arguments for Node of a check of a release without a scan, which leaves its report and its baseline in a folder. */
export function checkArgs(release: string, tests: readonly string[], folder: string, flags: readonly string[] = []): string[] {
  const places = ["--work-dir", WORK_DIR, "--report", join(folder, "report.json"), "--baseline", join(folder, "baseline.json.gz")];
  return ["dist/cli.js", "check", "--scan", "none", "--python-version", release, "--tests", tests.join(" "), ...places, ...flags];
}

/** Runs that check. @throws Error if it leaves no report. */
export async function checkRelease(...given: Parameters<typeof checkArgs>): Promise<{ report: Report; ended: Ended }> {
  const ended = await newProcesses().run(process.execPath, checkArgs(...given));
  const path = join(given[2], "report.json");
  if (!existsSync(path)) throw new Error(ended.stderr);
  return { report: readReport(path), ended };
}

export function readReport(path: string): Report {
  return v.parse(ReportSchema, JSON.parse(readFileSync(path, "utf8")));
}

/** The checked interpreter of a report, which is in the folder of its build. */
export function pythonOf({ toolchain }: Report): string {
  if (typeof toolchain?.python !== "string") throw new Error("The check has built no interpreter.");
  return toolchain.python;
}

/** Not every release has every test file. */
export function quickTestsOf(python: string): readonly string[] {
  return QUICK_TESTS.filter((name) => existsSync(join(python, "..", "Lib", "test", `${name}.py`)));
}
