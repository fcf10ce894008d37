import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../model/progress.ts";
import type { Processes } from "../system/processes.ts";
import { removeFolder } from "../system/remove-folder.ts";
import { cutOff, describeBuildFailure, stopOf } from "./build-failure.ts";
import { type BuildFolder, copyFiles } from "./build-folder.ts";
import { dealOut, libraryToCompile } from "./byte-code.ts";
import { buildEnvironment, MAKE_VARIABLES, type Recipe } from "./recipe.ts";
import type { SourceTree } from "./source.ts";
import { isRunByMake } from "./stale-objects.ts";

// Limits in seconds, about ten times the usual duration on a two-core machine: a step that runs the new interpreter may hang.
const CONFIGURE_LIMIT = 1200;
const MAKE_LIMIT = { base: 600, perCompilation: 15 };
const LIBRARY_LIMIT = { base: 60, perFile: 0.5 };

/** Number of files that a build compiles, an estimate until it is counted. */
const MAX_COMPILATIONS = 600;

/** The inputs of a build. */
export interface BuildContext {
  readonly recipe: Recipe;
  readonly source: SourceTree;
  readonly jobs: number;
  readonly processes: Processes;
  readonly progress: Progress;
}

/** An empty tree, the source, and what configure makes of it. @throws UserError when configure fails. */
export async function configure(buildContext: BuildContext, folder: BuildFolder): Promise<void> {
  buildContext.progress.update("copying the source");
  await removeFolder(folder.tree);
  copyFiles(folder, buildContext.source, buildContext.source.files.keys(), "old");
  buildContext.progress.update("configure");
  const ended = await buildContext.processes.run("./configure", ["--quiet", ...buildContext.recipe.configureArgs], {
    ...surroundings(folder, buildContext),
    logFile: folder.log,
    timeout: CONFIGURE_LIMIT,
  });
  if (ended.code !== 0)
    throw cutOff("configure", ended, buildContext.processes, folder.log) ?? (await describeBuildFailure("configure", folder.log));
}

/** Whether `make` could have anything to do: of the library, it reads the frozen modules, which the Makefile lists, and those that it runs. */
export function concernsMake(folder: BuildFolder, changed: readonly string[]): boolean {
  const makefile = readFileSync(join(folder.tree, "Makefile"), "utf8");
  return changed.some((name) => !name.startsWith("Lib/") || isRunByMake(name) || makefile.includes(name));
}

/** A linker that is killed, as when memory runs out, leaves half a file, which the next `make` would take for a whole one. */
const DELETE_ON_ERROR = "--eval=.DELETE_ON_ERROR:";

/** Builds missing and outdated files. @throws UserError if that fails. */
export async function make(buildContext: BuildContext, folder: BuildFolder): Promise<void> {
  // Counting takes as long as building a small change.
  const total = existsSync(join(folder.tree, "python")) ? undefined : await countCompilations(buildContext, folder);
  let done = 0;
  const onLine = (line: string): void => {
    appendFileSync(folder.log, `${line}\n`);
    if (!isCompilation(line)) return;
    done++;
    buildContext.progress.update("compiling", total === undefined ? undefined : { done: Math.min(done, total), total });
  };
  const args = ["-c", 'exec make "$@" 2>&1', "make", `-j${buildContext.jobs}`, DELETE_ON_ERROR, ...MAKE_VARIABLES];
  const timeout = MAKE_LIMIT.base + (MAKE_LIMIT.perCompilation * (total ?? MAX_COMPILATIONS)) / buildContext.jobs;
  const ended = await buildContext.processes.run("sh", args, { ...surroundings(folder, buildContext), onLine, timeout });
  if (ended.code !== 0) throw cutOff("make", ended, buildContext.processes, folder.log) ?? (await describeBuildFailure("make", folder.log));
  await dropDebugInformation(buildContext, folder);
}

/** `make -n` lists the remaining steps. */
async function countCompilations(buildContext: BuildContext, folder: BuildFolder): Promise<number> {
  let total = 0;
  const onLine = (line: string): void => {
    if (isCompilation(line)) total++;
  };
  await buildContext.processes.run("make", ["-n", ...MAKE_VARIABLES], { ...surroundings(folder, buildContext), onLine });
  return total;
}

function isCompilation(line: string): boolean {
  return / -c .* -o |^(gcc|cc|clang).* -o /.test(line);
}

/** Programs that are never debugged: their debug information makes a build a third larger. They keep their times, which `make` compares. */
async function dropDebugInformation({ processes }: BuildContext, folder: BuildFolder): Promise<void> {
  const programs = ["_bootstrap_python", "Programs/_freeze_module", "Programs/_testembed"].filter((name) =>
    existsSync(join(folder.tree, name)),
  );
  if (programs.length === 0) return;
  await processes.output("strip", ["--strip-debug", "--preserve-dates", ...programs], { cwd: folder.tree });
}

/**
 * Compiles the library to byte code, so that no test spends time on it under memcheck. All of it, unless `changed` is given. Single processes:
 * `compileall -j` needs multiprocessing, which may not work in the checked CPython. Tests also run without byte code, so a failure is only
 * noted.
 */
export async function compileLibrary(
  buildContext: BuildContext,
  folder: BuildFolder,
  changed: readonly string[] | undefined,
): Promise<void> {
  buildContext.progress.update("compiling the library to byte code");
  const lists = dealOut(libraryToCompile(changed, buildContext.source.files.keys()), buildContext.jobs);
  const failures = await Promise.all(lists.map((names, index) => compileFiles(buildContext, folder, names, index)));
  const stopped = stopOf(buildContext.processes);
  if (stopped !== undefined) throw stopped;
  const failure = failures.find((reason) => reason !== undefined);
  if (failure === undefined) return;
  buildContext.progress.note(
    `The library was not compiled to byte code, so tests are slower: compileall ${failure}. Its output is in ${folder.log}.`,
  );
}

/** `make` writes an extra module into `build`. */
const BUILD_OUTPUT = "build";

/** Why it failed; undefined on success. */
async function compileFiles(
  buildContext: BuildContext,
  folder: BuildFolder,
  names: readonly string[],
  index: number,
): Promise<string | undefined> {
  const list = join(folder.path, `compileall-${index}.list`);
  await writeFile(list, names.map((name) => `${name}\n`).join(""));
  // Existing byte code counts as fresh, since all source files have the same time. `-f` replaces byte code that Python wrote during `make`.
  const options = ["-f", "-q", "--invalidation-mode", "unchecked-hash", "-i", list, ...(index === 0 ? [BUILD_OUTPUT] : [])];
  const timeout = LIBRARY_LIMIT.base + LIBRARY_LIMIT.perFile * names.length;
  const ended = await buildContext.processes.run("./python", ["-I", "-m", "compileall", ...options], {
    ...surroundings(folder, buildContext),
    logFile: folder.log,
    timeout,
  });
  await rm(list);
  if (ended.timedOut) return `took longer than ${Math.round(timeout)} s`;
  if (ended.signal !== null) return `was killed by ${ended.signal}`;
  // Exit code 1 is normal: some files of the test suite do not compile on purpose.
  return ended.code === 0 || ended.code === 1 ? undefined : `ended with exit code ${ended.code}`;
}

function surroundings(folder: BuildFolder, { processes }: BuildContext): { cwd: string; env: Record<string, string> } {
  return { cwd: folder.tree, env: buildEnvironment(processes.env) };
}
