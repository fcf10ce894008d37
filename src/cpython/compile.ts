import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../ports.ts";
import type { Processes } from "../system/processes.ts";
import { describeBuildFailure } from "./build-failure.ts";
import { type BuildFolder, copyFiles } from "./build-folder.ts";
import { libraryToCompile } from "./byte-code.ts";
import { buildEnvironment, MAKE_VARIABLES, type Recipe } from "./recipe.ts";
import type { SourceTree } from "./source.ts";

/** Seconds for each of its parts: `make` takes five minutes on two cores. */
const BUILD_LIMIT = 7200;

/** What a build is made with. */
export interface Workshop {
  readonly recipe: Recipe;
  readonly source: SourceTree;
  readonly jobs: number;
  readonly processes: Processes;
  readonly progress: Progress;
}

/** An empty tree, the source, and what configure makes of it. @throws UserError when configure fails. */
export async function configure(shop: Workshop, folder: BuildFolder): Promise<void> {
  shop.progress.update("copying the source");
  await rm(folder.tree, { recursive: true, force: true });
  copyFiles(folder, shop.source, shop.source.files.keys(), "old");
  shop.progress.update("configure");
  const ended = await shop.processes.run("./configure", ["--quiet", ...shop.recipe.configureArgs], {
    ...surroundings(folder),
    logFile: folder.log,
    timeout: BUILD_LIMIT,
  });
  if (ended.code !== 0) throw await describeBuildFailure("configure", folder.log);
}

/** Whether `make` could have anything to do: of the library the Makefile names what it freezes, and has nothing to do with the rest. */
export function concernsMake(folder: BuildFolder, changed: readonly string[]): boolean {
  const makefile = readFileSync(join(folder.tree, "Makefile"), "utf8");
  return changed.some((name) => !name.startsWith("Lib/") || makefile.includes(name));
}

/** Makes what is missing or older than what it is made of. @throws UserError when that fails. */
export async function make(shop: Workshop, folder: BuildFolder): Promise<void> {
  // To count takes as long as to make what a small change needs.
  const total = existsSync(join(folder.tree, "python")) ? undefined : await countCompilations(shop, folder);
  let done = 0;
  const onLine = (line: string): void => {
    appendFileSync(folder.log, `${line}\n`);
    if (!isCompilation(line)) return;
    done++;
    shop.progress.update("compiling", total === undefined ? undefined : { done: Math.min(done, total), total });
  };
  const args = ["-c", 'exec make "$@" 2>&1', "make", `-j${shop.jobs}`, ...MAKE_VARIABLES];
  const ended = await shop.processes.run("sh", args, { ...surroundings(folder), onLine, timeout: BUILD_LIMIT });
  if (ended.code !== 0) throw await describeBuildFailure("make", folder.log);
  await dropDebugInformation(shop, folder);
}

/** `make -n` knows how much there is to do. */
async function countCompilations(shop: Workshop, folder: BuildFolder): Promise<number> {
  let total = 0;
  const onLine = (line: string): void => {
    if (isCompilation(line)) total++;
  };
  await shop.processes.run("make", ["-n", ...MAKE_VARIABLES], { ...surroundings(folder), onLine });
  return total;
}

function isCompilation(line: string): boolean {
  return / -c .* -o |^(gcc|cc|clang).* -o /.test(line);
}

/** Programs that nobody looks into: a build with them is a third larger. `make` goes on by the times that they had. */
async function dropDebugInformation({ processes }: Workshop, folder: BuildFolder): Promise<void> {
  const programs = ["_bootstrap_python", "Programs/_freeze_module", "Programs/_testembed"].filter((name) =>
    existsSync(join(folder.tree, name)),
  );
  if (programs.length === 0) return;
  await processes.output("strip", ["--strip-debug", "--preserve-dates", ...programs], { cwd: folder.tree });
}

/** So that no test spends its time under memcheck on compiling. All of the library where nothing is said of changes. */
export async function compileLibrary(shop: Workshop, folder: BuildFolder, changed: readonly string[] | undefined): Promise<void> {
  shop.progress.update("compiling the library to byte code");
  const names = libraryToCompile(changed, (name) => shop.source.files.has(name));
  // Believed for being there: all files of a source have one time. Also over what Python wrote while `make` ran it, which goes by that time.
  const args = ["-I", "-m", "compileall", "-f", "-q", `-j${shop.jobs}`, "--invalidation-mode", "unchecked-hash", ...names];
  // Some of the test suite's files are bad on purpose, and end it with exit code 1.
  await shop.processes.run("./python", args, { ...surroundings(folder), logFile: folder.log, timeout: BUILD_LIMIT });
}

function surroundings(folder: BuildFolder): { cwd: string; env: Record<string, string> } {
  return { cwd: folder.tree, env: buildEnvironment(process.env) };
}
