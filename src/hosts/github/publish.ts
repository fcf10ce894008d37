import { hash } from "node:crypto";
import { appendFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as core from "@actions/core";
import { UserError } from "../../model/user-error.ts";
import { allAnnotations, annotationsOf } from "../../report/annotations.ts";
import { logText } from "../../report/escape.ts";
import { markdownNotes, markdownReport } from "../../report/markdown.ts";
import { countIncomplete, type Report, reportNote, withStatus } from "../../report/report.ts";
import { PLAIN } from "../../report/style.ts";
import { textReport } from "../../report/text.ts";
import type { OutputName } from "../../settings/outputs-table.ts";
import type { Settings } from "../../settings/settings.ts";
import { pagePath, writePage, writeReport } from "../common/report-file.ts";
import { locateIn, locateTestIn } from "../common/repository.ts";
import { annotate } from "./annotate.ts";
import { Attempts } from "./attempt-all.ts";
import type { JobEvent } from "./event.ts";
import { publishExtras } from "./publish-optional.ts";
import type { Writer } from "./writer.ts";

/** Where a report is published. */
export interface Place {
  readonly settings: Settings;
  readonly event: JobEvent;
  readonly writer: Writer | undefined;
  /** Distinguishes this check's comment. */
  readonly key: string;
  /** The checkout of the run's own repository, if there is one. */
  readonly checkout: string | undefined;
}

/**
 * Publishes first what needs neither disk nor network, and last what needs GitHub's answer. Each part is tried even if another one failed: tests
 * may have filled the disk, or replaced a file. @throws UserError that names all failed parts.
 */
export async function publish(report: Report, { settings, event, writer, key, checkout }: Place): Promise<void> {
  const locate = locateIn(settings, checkout);
  const locateTest = locateTestIn(settings, checkout);
  const path = reportPath(settings, process.env);
  const attempts = new Attempts();
  let paths = { report: "", sarif: "", html: "" };
  await attempts.attempt(() => core.info(logText(textReport(report, PLAIN))));
  await attempts.attempt(() => annotationsOf(report, locate).forEach(annotate));
  await attempts.attempt(async () => {
    paths = { ...paths, report: path, sarif: await writeReport(path, report, locate, locateTest) };
  });
  await attempts.attempt(async () => {
    await writePage(pagePath(path), report);
    paths = { ...paths, html: pagePath(path) };
  });
  await attempts.attempt(() => writeSummary(markdownReport(report)));
  await attempts.attempt(() => setOutputs(outputsOf(report, paths)));
  await attempts.attempt(async () => {
    const notes = (await publishExtras(writer, report, allAnnotations(report, locate), settings, { ...event, key })).map(reportNote);
    if (notes.length > 0)
      await publishNotes(
        notes.map(({ message }) => message),
        attempts,
      );
    const whole = { ...report, notes: [...report.notes, ...notes] };
    if (notes.length > 0) await writeReport(path, whole, locate, locateTest);
    if (notes.length > 0) await writePage(pagePath(path), whole);
  });
  attempts.finish();
}

/**
 * A separate folder for each step. `GITHUB_ACTION` is the step's id, or a name from the runner: all steps of a composite action have one. A
 * `work-dir` may be shared by several runners.
 */
export function reportPath(settings: Settings, { GITHUB_ACTION: step, RUNNER_NAME: runner = "" }: NodeJS.ProcessEnv): string {
  if (!step) return join(settings.workDir, "report.json");
  const distinction = hash("sha256", JSON.stringify([runner, settings])).slice(0, 8);
  return join(settings.workDir, "reports", `${step.replaceAll(/[^\w-]/g, "_").slice(0, 100)}-${distinction}`, "report.json");
}

/** Adds notes on the parts that could not be published. */
async function publishNotes(notes: readonly string[], attempts: Attempts): Promise<void> {
  await attempts.attempt(() => core.info(logText(notes.join("\n"))));
  await attempts.attempt(() => writeSummary(`\n\n${markdownNotes(notes)[0]}\n`));
}

/** The toolkit's summary adds no markup to raw text, but needs the file to exist; a runner without summaries has none. */
export async function writeSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === "") return;
  await requireNoPipe(file);
  await appendFile(file, markdown);
}

export async function setOutputs(outputs: Readonly<Record<string, string>>): Promise<void> {
  if (process.env.GITHUB_OUTPUT) await requireNoPipe(process.env.GITHUB_OUTPUT);
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** Writing to a pipe would wait for a reader. @throws UserError if it is not a regular file. */
async function requireNoPipe(path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isFile() === false) throw new UserError(`The runner's file ${path} cannot be written: it is not a regular file.`);
}

export function outputsOf(report: Report, paths: Readonly<Record<"report" | "sarif" | "html", string>>): Record<OutputName, string> {
  const number = (...statuses: Parameters<typeof withStatus>[1][]): string => `${withStatus(report, ...statuses).length}`;
  return {
    verdict: report.verdict,
    new: number("new"),
    grown: number("grown"),
    known: number("known", "recorded"),
    fixed: number("fixed"),
    flaky: number("flaky"),
    incomplete: `${countIncomplete(report)}`,
    ...paths,
    "baseline-sha": report.baseline?.sha ?? "",
    "cache-hit": `${report.build?.kind === "restored"}`,
    matrix: "",
  };
}
