import { appendFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { forDefiniteLeaks } from "../memcheck/suppressions.ts";
import type { Progress } from "../ports.ts";
import { type Probe, provideProbe } from "../probe/compile.ts";
import { acquireLock, type Lock } from "../system/lock.ts";
import type { Processes } from "../system/processes.ts";
import { describeBuildFailure } from "./build-failure.ts";
import { type BuildFolder, buildFolder, changedFiles, copyFiles, readStamp, removeStamp, writeStamp } from "./build-folder.ts";
import { inspectInterpreter } from "./interpreter.ts";
import { buildEnvironment, buildKey, type Recipe, recipeKey } from "./recipe.ts";
import type { SourceTree } from "./source.ts";

/** An interpreter that is ready to be checked. */
export interface Python {
  /** The executable. */
  readonly path: string;
  readonly version: string;
  /** The source it was built from, in its build folder. Stacks name files below it. */
  readonly tree: string;
  /** Misc/valgrind-python.supp of that source, and the same for a check that counts definite leaks only. */
  readonly suppressions: { readonly all: string; readonly definiteLeaks: string };
  readonly probe: Probe;
  readonly build: { readonly kind: BuildKind; readonly seconds: number };
}

/** From nothing, continued from another source's build, or taken as it was. */
export type BuildKind = "cold" | "warm" | "restored";

interface Workshop {
  readonly recipe: Recipe;
  readonly source: SourceTree;
  readonly jobs: number;
  readonly processes: Processes;
  readonly progress: Progress;
}

/**
 * Builds the source, continues the build of another source, or takes the build that is there. The folder is the caller's alone until the lock
 * is disposed of: another check must not put its own source there while this one's tests run from it.
 * @throws UserError when it does not build.
 */
export async function buildPython(workDir: string, shop: Workshop): Promise<{ python: Python; lock: Lock }> {
  const folder = buildFolder(workDir, recipeKey(shop.recipe, shop.source.version));
  await mkdir(folder.path, { recursive: true });
  const lock = await acquireLock(join(folder.path, "lock"), shop.progress);
  try {
    const began = performance.now();
    const kind = await bringUpToDate(shop, folder);
    const path = join(folder.tree, "python");
    const { extensionSuffix } = await inspectInterpreter(path, shop.processes);
    const { compiler } = shop.recipe.toolchain;
    const probe = await provideProbe({ tree: folder.tree, folder: probeFolder(folder), compiler, extensionSuffix }, shop.processes);
    const suppressions = await provideSuppressions(folder);
    const build = { kind, seconds: (performance.now() - began) / 1000 };
    return { python: { path, version: shop.source.version, tree: folder.tree, suppressions, probe, build }, lock };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function bringUpToDate(shop: Workshop, folder: BuildFolder): Promise<BuildKind> {
  const key = buildKey(shop.recipe, shop.source);
  const stamp = await readStamp(folder);
  if (stamp?.key === key && stamp.state === "built") return "restored";
  const changed = stamp === undefined ? undefined : changedFiles(stamp, shop.source);
  await removeStamp(folder);
  await rm(folder.log, { force: true });
  // Compiled, and tested, with headers and an interpreter that may be others now; the library's Python code does not matter to it.
  if (changed?.every((name) => name.startsWith("Lib/")) !== true) await rm(probeFolder(folder), { recursive: true, force: true });
  if (changed === undefined) await startOver(shop, folder);
  else await copyFiles(folder, shop.source, changed);
  await make(shop, folder, key);
  await compileLibrary(shop, folder);
  await writeStamp(folder, shop.source, key, "built");
  return changed === undefined ? "cold" : "warm";
}

async function startOver(shop: Workshop, folder: BuildFolder): Promise<void> {
  shop.progress.update("copying the source");
  await rm(folder.tree, { recursive: true, force: true });
  await copyFiles(folder, shop.source, shop.source.files.keys());
  shop.progress.update("configure");
  const args = ["--quiet", ...shop.recipe.configureArgs];
  const options = { cwd: folder.tree, env: buildEnvironment(process.env), logFile: folder.log };
  const ended = await shop.processes.run("./configure", args, options);
  if (ended.code !== 0) throw await describeBuildFailure("configure", folder.log);
}

async function make(shop: Workshop, folder: BuildFolder, key: string): Promise<void> {
  const options = { cwd: folder.tree, env: buildEnvironment(process.env) };
  const total = await countCompilations(shop, options);
  let done = 0;
  const onLine = (line: string): void => {
    appendFileSync(folder.log, `${line}\n`);
    if (isCompilation(line)) shop.progress.update("compiling", { done: Math.min(++done, total), total });
  };
  const ended = await shop.processes.run("sh", ["-c", 'exec make -j"$0" 2>&1', `${shop.jobs}`], { ...options, onLine });
  if (ended.code === 0) return;
  await writeStamp(folder, shop.source, key, "failed");
  throw await describeBuildFailure("make", folder.log);
}

/** `make -n` knows how much there is to do. */
async function countCompilations(shop: Workshop, options: { cwd: string; env: Record<string, string> }): Promise<number> {
  let total = 0;
  const onLine = (line: string): void => {
    if (isCompilation(line)) total++;
  };
  await shop.processes.run("make", ["-n"], { ...options, onLine });
  return total;
}

function isCompilation(line: string): boolean {
  return / -c .* -o |^(gcc|cc|clang).* -o /.test(line);
}

/** So that no test spends its time under memcheck on compiling. */
async function compileLibrary(shop: Workshop, folder: BuildFolder): Promise<void> {
  shop.progress.update("compiling the library to byte code");
  // Some of the test suite's files are bad on purpose, and end it with exit code 1.
  const args = ["-I", "-m", "compileall", "-q", `-j${shop.jobs}`, "Lib"];
  await shop.processes.run("./python", args, { cwd: folder.tree, env: buildEnvironment(process.env), logFile: folder.log });
}

async function provideSuppressions(folder: BuildFolder): Promise<Python["suppressions"]> {
  const all = join(folder.tree, "Misc", "valgrind-python.supp");
  const definiteLeaks = join(folder.path, "definite-leaks.supp");
  await writeFile(definiteLeaks, forDefiniteLeaks(await readFile(all, "utf8")));
  return { all, definiteLeaks };
}

function probeFolder(folder: BuildFolder): string {
  return join(folder.path, "probe");
}
