import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { InterpreterLeaks } from "../findings/interpreter-leaks.ts";
import { FindingCollection, findingOf, MAX_FRAMES } from "../findings/make-finding.ts";
import type { Project } from "../findings/site.ts";
import type { Finding } from "../model/finding.ts";
import type { Incomplete } from "../model/incomplete.ts";
import type { Frame, MemoryError } from "../model/memory-error.ts";
import type { TestRun } from "../model/test-run.ts";
import type { Ending, Engine } from "./engine.ts";
import type { Job } from "./job.ts";
import { countTests } from "./outcome.ts";
import { type LeakCheck, type Observed, ProcessReport } from "./process-report.ts";

type ChildDamage = Extract<Incomplete, { code: "child-report-damaged" }>;

export interface Reading {
  readonly engine: Pick<Engine, "name" | "suffix" | "read">;
  /** Folder with a file for each process, named by its number. */
  readonly folder: string;
  /** The process that ran the test file. */
  readonly pid: number;
  readonly testFile: string;
  readonly leakCheck: LeakCheck;
  readonly project: Project;
  /** The process that this one was forked from, and its errors: memcheck does not report the same error twice. */
  readonly parent?: { readonly pid: number; readonly errors: readonly Observed[] };
  readonly onError?: Job["onError"];
  /** Counts errors that are not findings of this check. */
  readonly interpreterLeaks?: InterpreterLeaks;
}

/** The errors of all processes of a test file, and the seconds it took to read them. */
interface ReadReports {
  readonly report: ProcessReport;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** Reads and removes the reports of the test's process and of its forks. */
export async function readReports(reading: Reading): Promise<ReadReports> {
  const began = performance.now();
  const { engine, folder, testFile, project, parent, onError, interpreterLeaks } = reading;
  const own = reportName(engine, reading.pid);
  const report = new ProcessReport(reading.leakCheck);
  const findings = new FindingCollection();
  const isReport = (name: string): boolean => name.endsWith(`.${engine.suffix}`) && (!parent || name !== reportName(engine, parent.pid));
  // Tests are untrusted: they may have removed the folder.
  const names = (await readdir(folder).catch(() => [])).filter(isReport).sort();
  const add = ({ error: whole, ...observed }: Observed): void => {
    const error = withoutTracing(whole);
    onError?.(error);
    const finding = findingOf({ ...observed, error, engine: engine.name, testFile }, project);
    if (!interpreterLeaks?.take(finding)) findings.add(finding);
  };
  parent?.errors.forEach(add);
  let damage: ChildDamage | undefined;
  for (const name of names) {
    // A process that forked without exec repeats all leaks from before the fork when it ends (valgrind manual, 2.11), so only its other
    // errors count.
    const current = name === own ? report : new ProcessReport("none");
    const path = join(folder, name);
    await readReport(engine, path, current, add);
    if (current !== report) damage ??= damageOf(name, current.ending);
    await rm(path, { recursive: true, force: true });
  }
  if (report.ending?.complete && damage !== undefined) report.end({ complete: false, fault: damage });
  if (findings.isFull) report.end({ complete: false, fault: { code: "report-too-large", limit: MAX_FRAMES, unit: "frames" } });
  return { report, findings: findings.all(), seconds: (performance.now() - began) / 1000 };
}

/** With `python-stacks`, tracemalloc is between an object and its memory; the error is the same without. */
function withoutTracing(error: MemoryError): MemoryError {
  const isTracing = ({ function: name = "" }: Frame): boolean => name.startsWith("tracemalloc_");
  return error.frames.some(isTracing) ? { ...error, frames: error.frames.filter((frame) => !isTracing(frame)) } : error;
}

export function summaryOf({
  report,
  findings,
}: ReadReports): Pick<TestRun, "ran" | "findings" | "suppressed" | "slowTests" | "children" | "hasRunningInterpreters"> {
  const more = {
    ...(report.slowTests.length === 0 ? {} : { slowTests: report.slowTests }),
    ...(report.children === undefined ? {} : { children: report.children }),
    ...(report.hasRunningInterpreters ? { hasRunningInterpreters: true as const } : {}),
  };
  return { ran: countTests(report.results), findings, suppressed: [...report.suppressed.keys()], ...more };
}

/** What is missing in a forked process's report. A process that called exec or was killed leaves a report that just stops. */
function damageOf(report: string, ending: Ending | undefined): ChildDamage | undefined {
  if (ending === undefined) return { code: "child-report-damaged", report, fault: null };
  if (ending.complete || ending.stopsEarly) return undefined;
  return ending.fault.code === "child-report-damaged" ? ending.fault : { code: "child-report-damaged", report, fault: ending.fault };
}

/**
 * Reads one file, event by event. If a test replaced the file by something else, or the disk is full, the report has no end.
 */
export async function readReport(
  engine: Pick<Engine, "read">,
  path: string,
  report: ProcessReport,
  observe: (observed: Observed) => void,
): Promise<void> {
  const status = await lstat(path).catch(() => undefined);
  if (!status?.isFile()) return;
  const events = engine.read(path);
  for (let step = await events.next(); ; step = await events.next()) {
    if (step.done) return report.end(step.value);
    report.take(step.value).forEach(observe);
  }
}

export function reportName(engine: Pick<Engine, "suffix">, pid: number): string {
  return `${pid}.${engine.suffix}`;
}
