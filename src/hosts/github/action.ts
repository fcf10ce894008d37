import { fileURLToPath } from "node:url";
import * as core from "@actions/core";
import { exec } from "@actions/exec";
import { messageOf, UserError } from "../../model/user-error.ts";
import type { Ports } from "../../ports.ts";
import { logText, printable } from "../../report/escape.ts";
import { reportNote } from "../../report/report.ts";
import type { Settings } from "../../settings/settings.ts";
import { SETTINGS, type SettingDescription } from "../../settings/settings-table.ts";
import type { Processes } from "../../system/processes.ts";
import { LogProgress } from "../common/log-progress.ts";
import { openBaselines } from "./baselines.ts";
import { openBuildCache } from "./build-cache.ts";
import { countFor, isOtherCommit, readOwnCheckout } from "./checkout.ts";
import { commentKey } from "./comment-key.ts";
import type { JobEvent } from "./event.ts";
import { openShards } from "./open-shards.ts";
import { publish, setOutputs } from "./publish.ts";
import { publishPlan } from "./publish-plan.ts";
import type { RunnerTokens } from "./runner-tokens.ts";
import { openWriter } from "./writer.ts";

/** The inputs of the step, as text; empty if not given. */
export function readInputs(): Record<string, string> {
  const settings: readonly SettingDescription[] = SETTINGS;
  return Object.fromEntries(settings.filter(({ only }) => only !== "terminal").map(({ name }) => [name, core.getInput(name)]));
}

/**
 * Until there is a report, nothing was checked: also if the check cannot begin, or is killed. Otherwise a later step that asks for the verdict
 * would get none. A plan and a shard have no verdict. @param inputs as text
 */
export async function assumeNothing({ mode, shard }: Readonly<Record<string, string>>): Promise<void> {
  if (mode === "plan" || shard) return;
  // Publishing the report fails for the same reason, and names it.
  await setOutputs({ verdict: "inconclusive" }).catch(() => undefined);
}

const INSTALLATION = fileURLToPath(new URL("../scripts/install-dependencies", import.meta.url));

/** Installs Valgrind and the build dependencies of CPython, with the same script as in the terminal. */
export async function installDependencies(script = INSTALLATION): Promise<void> {
  core.startGroup("Dependencies");
  try {
    // As an argument: a command line is split at blanks.
    await exec("bash", [script], { silent: false });
  } catch (cause) {
    throw new UserError(`The packages that the check needs cannot be installed: ${messageOf(cause)}.`, { cause });
  } finally {
    core.endGroup();
  }
}

/** The check as a step of a job. Baselines are artifacts; builds are kept in `work-dir` and in the repository's cache. */
export async function actionPorts(settings: Settings, given: JobEvent, rights: RunnerTokens, processes: Processes): Promise<Ports> {
  const writer = openWriter(rights.token, process.env);
  const key = settings.comment === undefined ? "" : await commentKey(settings, process.env, processes);
  const checkout = await readOwnCheckout(settings, process.env, processes);
  const event = countFor(given, checkout, process.env);
  const baselines = await openBaselines(settings, event, checkout, rights, process.env, processes);
  const group = { open: (title: string) => `::group::${title}`, close: "::endgroup::" };
  const write = (line: string): void => core.info(line.startsWith("::") ? line : logText(line));
  const progress = new LogProgress(write, group);
  const isOther = isOtherCommit(event, checkout, process.env.GITHUB_SHA);
  const recordsElsewhere = settings.recordBaseline === "always" && baselines.store.mayRecord && !isOther;
  const builds = openBuildCache({ ...process.env, ...rights.services }, { ...event, recordsElsewhere }, processes);
  if (builds === null) progress.note("This runner has no cache service: builds are kept in `work-dir` only.");
  return {
    progress,
    baselines: baselines.store,
    builds,
    shards: openShards(settings, rights, process.env, processes),
    isLocal: false,
    publishPlan,
    publish: (report) =>
      publish(
        { ...report, notes: [...report.notes, ...baselines.notes.map(reportNote)] },
        { settings, event, writer, key, checkout: checkout?.root },
      ),
  };
}

/** A failure before a report could be published. */
export function reportFailure(text: string): void {
  core.error(printable(text), { title: "cpython-memcheck could not run" });
}
