import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { BASELINE_VERSION, CHECK_VERSION } from "../../findings/baseline.ts";
import { minorLabel } from "../../model/python-version.ts";
import { folderOf } from "../../settings/directory-setting.ts";
import type { Settings } from "../../settings/settings.ts";
import { isCommand } from "../../settings/work.ts";
import type { Processes } from "../../system/processes.ts";
import { type CheckedPython, checkedPython } from "./checked-python.ts";

/**
 * The file that the user names, or the default one of what is checked. @param branch whose baseline it is, if not the default branch's or that of
 * a terminal. @throws UserError if there is nothing to check.
 */
export async function baselinePath(settings: Settings, processes: Processes, branch?: string): Promise<string> {
  return settings.baseline ?? defaultBaselinePath(settings, await checkedPython(settings, processes), branch);
}

/** Folder of the default files of this version of the check: findings of another version can't be compared. */
export function baselineFolder({ workDir }: Pick<Settings, "workDir">): string {
  return join(workDir, "baselines", `v${BASELINE_VERSION}.${CHECK_VERSION}`);
}

/**
 * Each source has a separate file for each way to build it and to look for leaks. Otherwise main, 3.13 and a free-threaded build in one checkout
 * would block or replace each other's baseline.
 */
export function defaultBaselinePath(settings: Settings, python: CheckedPython, branch?: string): string {
  const { work, workspace, leakCheck, children } = settings;
  const folder = folderOf(settings);
  const parts = [
    // Several projects may have a test file of the same name, and paths of sources begin in the workspace.
    ...(isCommand(work) ? [nameOfFolder(folder === "" ? workspace : `${workspace}//${folder}`)] : []),
    nameOf(settings.source, python),
    ...nameOfBuild(settings, python),
    leakCheck,
    ...(children ? ["children"] : []),
    ...(branch === undefined ? [] : [`${branch.replaceAll(/[^\w.-]/g, "_").slice(0, 100)}-${shortHash(branch)}`]),
  ];
  return join(baselineFolder(settings), `${parts.join("-")}.json.gz`);
}

function nameOf(source: Settings["source"], python: CheckedPython): string {
  const threading = python.freeThreaded ? "t" : "";
  switch (source.kind) {
    case "release":
      return `release-${source.version}${threading}`;
    case "checkout":
      return `${nameOfFolder(source.path)}-${minorLabel(python)}`;
    case "interpreter":
      return `installed-${python.version}${threading}`;
  }
}

/** A hash of what distinguishes two builds of one version. */
function nameOfBuild({ configureArgs }: Pick<Settings, "configureArgs">, { build }: CheckedPython): readonly string[] {
  const distinguishing = build === undefined ? configureArgs : [build];
  return distinguishing.length === 0 ? [] : [shortHash(JSON.stringify(distinguishing))];
}

function nameOfFolder(path: string): string {
  return `${basename(path)}-${shortHash(path)}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
