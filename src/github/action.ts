import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "@actions/core";
import { exec } from "@actions/exec";
import { messageOf, UserError } from "../errors.ts";
import { LogProgress } from "../local/log-progress.ts";
import { writeReport } from "../local/report-file.ts";
import { locateIn } from "../local/repository.ts";
import type { Ports } from "../ports.ts";
import { allAnnotations, annotationsOf } from "../report/annotations.ts";
import { logText } from "../report/escape.ts";
import type { Locate } from "../report/locate.ts";
import { markdownReport } from "../report/markdown.ts";
import { incompleteTests, type Report, withStatus } from "../report/report.ts";
import { PLAIN } from "../report/style.ts";
import { textReport } from "../report/text.ts";
import type { Settings } from "../settings.ts";
import { SETTINGS, type SettingDescription } from "../settings-table.ts";
import type { Processes } from "../system/processes.ts";
import { annotate } from "./annotate.ts";
import { openBaselines } from "./baselines.ts";
import { openBuildCache } from "./build-cache.ts";
import { countFor, isOtherCommit, readOwnCheckout } from "./checkout.ts";
import type { JobEvent } from "./event.ts";
import { publishExtras } from "./extras.ts";
import { readOccasion } from "./occasion.ts";
import type { Rights } from "./services.ts";
import { openWriter } from "./writer.ts";

/** The inputs of the step, as text; those that were not given are empty. */
export function readInputs(): Record<string, string> {
  const settings: readonly SettingDescription[] = SETTINGS;
  return Object.fromEntries(settings.filter(({ only }) => only !== "terminal").map(({ name }) => [name, core.getInput(name)]));
}

/** Valgrind and what CPython's build needs, by the same script that the terminal uses. */
export async function installDependencies(): Promise<void> {
  core.startGroup("Dependencies");
  const script = fileURLToPath(new URL("../scripts/install-dependencies", import.meta.url));
  try {
    await exec(script, [], { silent: false });
  } catch (cause) {
    throw new UserError(`The packages that the check needs cannot be installed: ${messageOf(cause)}.`, { cause });
  } finally {
    core.endGroup();
  }
}

/** The check as a step of a job. Baselines are artifacts; builds are kept in `work-dir` and in the repository's cache. */
export async function actionPorts(settings: Settings, given: JobEvent, rights: Rights, processes: Processes): Promise<Ports> {
  const writer = openWriter(rights.token, process.env);
  const checkout = await readOwnCheckout(settings, process.env, processes);
  const event = countFor(given, checkout, process.env);
  const baselines = await openBaselines(settings, event, checkout, rights, process.env, processes);
  const group = { open: (title: string) => `::group::${title}`, close: "::endgroup::" };
  const write = (line: string): void => core.info(line.startsWith("::") ? line : logText(line));
  const progress = new LogProgress(write, group);
  const recordsElsewhere = settings.recordBaseline === "always" && !isOtherCommit(event, checkout, process.env.GITHUB_SHA);
  const builds = openBuildCache({ ...process.env, ...rights.services }, { ...event, recordsElsewhere }, processes);
  if (builds === null) progress.note("This runner offers no cache: builds are kept in `work-dir` only.");
  return {
    progress,
    baselines: baselines.store,
    builds,
    isHere: false,
    publish: async (report) => {
      const locate = locateIn(settings);
      // First, for what cannot be made to be told in all that follows.
      const notes = await publishExtras(writer, report, allAnnotations(report, locate), settings, await readOccasion(process.env));
      await publish({ ...report, notes: [...report.notes, ...baselines.notes, ...notes] }, settings, locate);
    },
  };
}

async function publish(report: Report, settings: Settings, locate: Locate): Promise<void> {
  // First what needs no room on the disk: a full one must not hide what was found.
  core.info(logText(textReport(report, PLAIN)));
  annotationsOf(report, locate).forEach(annotate);
  const path = join(settings.workDir, "report.json");
  const sarif = await writeReport(path, report, locate);
  await writeSummary(markdownReport(report));
  for (const [name, value] of Object.entries(outputsOf(report, { report: path, sarif }))) core.setOutput(name, value);
}

/** A failure before there was anything to publish. */
export function reportFailure(text: string): void {
  core.error(text, { title: "cpython-memcheck could not check anything" });
}

/** The toolkit's summary adds no mark-up of its own to raw text, but needs the file to exist; a runner without summaries has none. */
async function writeSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file !== undefined && file !== "") await appendFile(file, markdown);
}

export function outputsOf(report: Report, paths: { readonly report: string; readonly sarif: string }): Record<string, string> {
  const number = (...statuses: Parameters<typeof withStatus>[1][]): string => `${withStatus(report, ...statuses).length}`;
  return {
    verdict: report.verdict,
    new: number("new"),
    grown: number("grown"),
    known: number("known"),
    fixed: number("fixed"),
    flaky: number("flaky"),
    incomplete: `${incompleteTests(report).length}`,
    ...paths,
    "baseline-sha": report.baseline?.sha ?? "",
    "cache-hit": `${report.build?.kind === "restored"}`,
  };
}
