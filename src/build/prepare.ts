import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseLeakSuppressions } from "../findings/suppression-file.ts";
import type { Progress } from "../model/progress.ts";
import { UserError } from "../model/user-error.ts";
import type { Settings } from "../settings/settings.ts";
import type { Source } from "../settings/source-setting.ts";
import type { Processes } from "../system/processes.ts";
import { buildPython, type Python } from "./build.ts";
import type { BuildStore } from "./build-store.ts";
import { requireScript } from "./command-script.ts";
import { requireOptions } from "./configure-options.ts";
import { inEnvironment } from "./install-environment.ts";
import { openInstalled } from "./installed-python.ts";
import { makeRecipe, type Recipe } from "./recipe.ts";
import { fetchRelease } from "./release.ts";
import { openSource, readVersion, type SourceTree } from "./source.ts";
import { plannedPython, requireSuitable } from "./suitable-settings.ts";
import { requireTests } from "./tests.ts";
import { probeToolchain } from "./toolchain.ts";

/** The subject of a check: a source, how it was built, and the interpreter. Disposing of it lets other checks use the build. */
export interface PreparedBuild extends AsyncDisposable {
  readonly source: SourceTree;
  readonly recipe: Recipe;
  readonly python: Python;
}

export interface Tools {
  readonly progress: Progress;
  readonly processes: Processes;
  /** Where builds are cached, besides the work folder. */
  readonly builds?: BuildStore | null;
}

/** From settings to a ready interpreter. Errors that are cheap to detect are detected before anything is built. */
export async function prepareBuild(settings: Settings, tools: Tools): Promise<PreparedBuild> {
  const prepared = await prepareInterpreter(settings, tools);
  if (settings.install.length === 0) return prepared;
  try {
    return await inEnvironment(
      prepared,
      { ...settings, packages: settings.install, separatesFunctions: settings.affected === "auto" },
      tools,
    );
  } catch (error) {
    await prepared[Symbol.asyncDispose]();
    throw error;
  }
}

async function prepareInterpreter(settings: Settings, tools: Tools): Promise<PreparedBuild> {
  const { source } = settings;
  requireScript(settings.work, settings.directory);
  await requireSuppressions(settings.suppressions);
  if (source.kind !== "interpreter") return await prepareSource(source, settings, tools);
  tools.progress.begin("Interpreter");
  return await openInstalled(source.program, settings, await probeToolchain(tools.processes), tools);
}

async function requireSuppressions(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const status = statSync(file, { throwIfNoEntry: false });
    if (!status?.isFile())
      throw new UserError(`The suppression file ${file} ${status === undefined ? "does not exist" : "is not a regular file"}.`);
    parseLeakSuppressions(await readFile(file, "utf8"), file);
  }
}

type Buildable = Exclude<Source, { kind: "interpreter" }>;

async function prepareSource(asked: Buildable, settings: Settings, tools: Tools): Promise<PreparedBuild> {
  const { workDir, configureArgs, jobs } = settings;
  const { progress, processes } = tools;
  const version = asked.kind === "checkout" ? await readVersion(asked.path) : asked.version;
  requireSuitable(settings, plannedPython(version, configureArgs));
  if (asked.kind === "checkout") await requireInSource(settings, asked.path, version);
  const toolchain = await probeToolchain(processes);
  const source = await readSource(asked, workDir, tools);
  await requireInSource(settings, source.path, source.version);

  const recipe = makeRecipe(source, toolchain, configureArgs);
  const { python, lock } = await buildPython(workDir, { recipe, source, jobs, processes, progress }, tools.builds ?? null);
  return { source, recipe, python, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]() };
}

/** The progress section `Build` begins here, unless a release is fetched first. */
async function readSource(source: Buildable, workDir: string, tools: Tools): Promise<SourceTree> {
  const { progress, processes } = tools;
  if (source.kind === "release") {
    progress.begin("Source");
    const fetched = await fetchRelease(source.version, workDir, tools);
    progress.begin("Build");
    return fetched;
  }
  progress.begin("Build");
  progress.update("reading the source");
  return await openSource(source.path, processes);
}

/** Whether the source has what the settings name. @throws UserError if not */
async function requireInSource(settings: Settings, source: string, version: string): Promise<void> {
  requireTests(namedTests(settings), source);
  await requireOptions(settings.configureArgs, source, version);
}

/** The test files that the settings name. */
function namedTests({ work, scan, torture }: Settings): readonly string[] {
  return [...(work.kind === "tests" ? work.names : []), ...[scan, torture].flatMap((one) => (one.kind === "names" ? one.names : []))];
}
