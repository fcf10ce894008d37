import { createReadStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Finding, FindingCollection, findingOf } from "../findings/finding.ts";
import type { Project } from "../findings/site.ts";
import { type LeakCheck, type Observed, ProcessReport } from "./process-report.ts";
import { readMemcheckXml } from "./xml-reader.ts";

export interface Reading {
  /** Where each process wrote a file named by its number. */
  readonly folder: string;
  /** The process that ran the test file. */
  readonly pid: number;
  readonly testFile: string;
  readonly leakCheck: LeakCheck;
  readonly project: Project;
  /** The report of the process that this one was forked from, and what memcheck told of it: it does not tell the same error twice. */
  readonly parent?: { readonly report: string; readonly errors: readonly Observed[] };
}

/** Reads what the test's process and those that it forked wrote, and removes it. */
export async function readReports(reading: Reading): Promise<{ report: ProcessReport; findings: readonly Finding[]; seconds: number }> {
  const began = performance.now();
  const own = reportName(reading.pid);
  const report = new ProcessReport(reading.leakCheck);
  const findings = new FindingCollection();
  const names = (await readdir(reading.folder)).filter((name) => name.endsWith(".xml") && name !== reading.parent?.report).sort();
  const { testFile, project } = reading;
  const add = (observed: Observed): void => findings.add(findingOf({ ...observed, testFile }, project));
  reading.parent?.errors.forEach(add);
  for (const name of names) {
    // A process that forked without exec repeats every leak from before the fork when it ends (valgrind manual, 2.11): its other errors count.
    const current = name === own ? report : new ProcessReport("none");
    const path = join(reading.folder, name);
    await readReport(path, current, add);
    await rm(path);
  }
  return { report, findings: findings.all(), seconds: (performance.now() - began) / 1000 };
}

/** Feeds one file to a report, event by event. */
export async function readReport(path: string, report: ProcessReport, observe: (observed: Observed) => void): Promise<void> {
  const events = readMemcheckXml(createReadStream(path));
  for (let step = await events.next(); ; step = await events.next()) {
    if (step.done) return report.end(step.value);
    report.take(step.value).forEach(observe);
  }
}

export function reportName(pid: number): string {
  return `${pid}.xml`;
}
