import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { forgetProbes, headersIn, type Probe, provideProbe } from "../probe/provide.ts";
import { acquireLock, type Lock } from "../system/lock.ts";
import { restorePermissions } from "../system/remove-folder.ts";
import { recordContents, verifyContents } from "./build-contents.ts";
import { BuildCutOff } from "./build-failure.ts";
import {
  type BuildFolder,
  buildFolder,
  changedFiles,
  copyFiles,
  isBuildOf,
  readStamp,
  removeStamp,
  requireUnchanged,
  type Stamp,
  writeStamp,
} from "./build-folder.ts";
import type { BuildStore } from "./build-store.ts";
import { removeByteCode } from "./byte-code.ts";
import { readConfiguration } from "./configuration.ts";
import { forDefiniteLeaks } from "./definite-leaks.ts";
import { FREE_THREADED_SUPPRESSIONS } from "./free-threaded.ts";
import { keepBuild, restoreBuild } from "./kept-build.ts";
import { type BuildContext, compileLibrary, concernsMake, configure, make } from "./make.ts";
import { lockOf, markAsUsed, removeOldBuilds } from "./old-builds.ts";
import { buildKey, recipeKey, TRACKED_MIMALLOC, VIRTUAL_TREE } from "./recipe.ts";
import { madeOf, removeStaleData, removeStaleObjects } from "./stale-objects.ts";

/** An interpreter that is ready to be checked. */
export interface Python {
  /** The executable. */
  readonly path: string;
  readonly version: string;
  /** The source it was built from, in its build folder. */
  readonly tree: string;
  /** The folders of source files in stacks: the tree's name in debug information; in 3.11, for modules, the tree itself. */
  readonly roots: readonly string[];
  /** The program and its library, if it was not built from a tree. */
  readonly objects?: readonly string[];
  /** Whether it was built with --disable-gil. */
  readonly freeThreaded: boolean;
  /** Whether its allocator does not report objects to memcheck: a free-threaded interpreter that was built without that support. */
  readonly hidesObjects?: boolean;
  /** Whether stacks can be unwound by frame pointers. */
  readonly framePointers: boolean;
  /**
   * Misc/valgrind-python.supp of that source, plus our own for a free-threaded build, and a variant for a check that counts definite leaks only.
   */
  readonly suppressions: { readonly all: string; readonly definiteLeaks: string };
  readonly probe: Probe;
  readonly build: { readonly kind: BuildKind; readonly seconds: number };
}

/** Built from scratch, continued from another source's build, or reused (also from a cache); or built by someone else. */
export type BuildKind = "cold" | "warm" | "restored" | "installed";

/** How a build was made, and the seconds that its compilers took. */
interface Made {
  readonly kind: BuildKind;
  readonly seconds: number;
}

/**
 * Builds the source, continues the build of another source, or reuses the existing build. The caller owns the folder until it disposes of the
 * lock: another check must not put its own source there while tests run from it.
 * @throws UserError if the build fails.
 */
export async function buildPython(
  workDir: string,
  buildContext: BuildContext,
  builds: BuildStore | null,
): Promise<{ python: Python; lock: Lock }> {
  const folder = buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version));
  const lock = await acquireLock(lockOf(folder.path), buildContext.progress, { subject: "build folder" });
  try {
    await markAsUsed(folder.path);
    const began = performance.now();
    const { kind, seconds: making } = await bringUpToDate(buildContext, folder, builds);
    const path = join(folder.tree, "python");
    const { extensionSuffix, macros } = await readConfiguration(folder.tree);
    const { compiler } = buildContext.recipe.toolchain;
    const freeThreaded = macros.has("Py_GIL_DISABLED");
    const origin = [folder.tree, VIRTUAL_TREE] as const;
    const probe = await provideProbe(
      {
        headers: headersIn(folder.tree),
        origin,
        folder: folder.probe,
        compiler,
        extensionSuffix,
        freeThreaded,
        layoutFlags: freeThreaded ? [TRACKED_MIMALLOC] : [],
      },
      buildContext.processes,
    );
    const suppressions = await provideSuppressions(folder, freeThreaded);
    // Before any test runs, so that a canceled job still helps the next one.
    await keepBuild({ ...buildContext, builds }, folder, making);
    const build = { kind, seconds: (performance.now() - began) / 1000 };
    await removeOldBuilds(join(workDir, "builds"));
    const { tree } = folder;
    const roots = [VIRTUAL_TREE, tree];
    const { version } = buildContext.source;
    return { python: { path, version, tree, roots, freeThreaded, framePointers: true, suppressions, probe, build }, lock };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function bringUpToDate(buildContext: BuildContext, folder: BuildFolder, builds: BuildStore | null): Promise<Made> {
  const { recipe, source } = buildContext;
  const key = buildKey(recipe, source);
  restorePermissions(folder.path);
  const there = await readStamp(folder);
  const own = there && (await verifyContents(folder, there, buildContext.progress));
  if (own !== undefined && isBuildOf(own, key, source)) return { kind: "restored", seconds: 0 };
  const stamp = own ?? (await restoreBuild({ ...buildContext, builds }, folder));
  // After the clock was set back, `make` would take what it built for newer than changed files.
  const changed = stamp === undefined || stamp.time > Date.now() ? undefined : changedFiles(stamp, source);
  // The stamp is still there: if the source changes now, no build is lost.
  requireUnchanged(source, changed ?? []);
  await removeStamp(folder);
  await rm(folder.log, { force: true });
  if (changed === undefined) await startOver(buildContext, folder);
  else await takeChanges(buildContext, folder, changed);

  // A failed build stopped early, so treat everything as changed.
  const sinceBuilt = stamp?.state === "built" ? changed : undefined;
  const began = performance.now();
  await compile(buildContext, folder, sinceBuilt);
  const seconds = (performance.now() - began) / 1000;
  if (changed === undefined) return { kind: "cold", seconds };
  return { kind: sinceBuilt?.length === 0 ? "restored" : "warm", seconds };
}

/** Compiles what is missing, and records the content of the folder. */
async function compile(buildContext: BuildContext, folder: BuildFolder, sinceBuilt: readonly string[] | undefined): Promise<void> {
  const { recipe, source } = buildContext;
  const done = (state: Stamp["state"]): Promise<void> =>
    writeStamp(folder, { key: buildKey(recipe, source), state, time: Date.now(), files: Object.fromEntries(source.files) });
  if (sinceBuilt === undefined || concernsMake(folder, sinceBuilt)) {
    await make(buildContext, folder).catch(async (error: unknown) => {
      // An interrupted build has no stamp: `make` would take a half-written object for a complete one.
      if (!(error instanceof BuildCutOff) && buildContext.processes.stopped === undefined) await done("failed");
      throw error;
    });
  }
  await compileLibrary(buildContext, folder, sinceBuilt);
  await recordContents(folder);
  await done("built");
}

async function startOver(buildContext: BuildContext, folder: BuildFolder): Promise<void> {
  await rm(folder.probe, { recursive: true, force: true });
  await configure(buildContext, folder);
}

/** Copies the source's changes into a build, and deletes what was made from changed files if `make` does not track it. */
async function takeChanges({ source, progress }: BuildContext, folder: BuildFolder, changed: readonly string[]): Promise<void> {
  progress.update(`${changed.length} files differ from the existing build`);
  removeByteCode(folder.tree, changed);
  copyFiles(folder, source, changed, "new");
  removeStaleObjects(folder.tree, changed);
  removeStaleData(folder.tree, changed);
  const isStale = madeOf(changed);
  if (isStale !== undefined) await forgetProbes(folder.probe, isStale);
}

async function provideSuppressions(folder: BuildFolder, freeThreaded: boolean): Promise<Python["suppressions"]> {
  const own = join(folder.tree, "Misc", "valgrind-python.supp");
  const text = `${await readFile(own, "utf8")}${freeThreaded ? `\n${FREE_THREADED_SUPPRESSIONS}` : ""}`;
  const definiteLeaks = join(folder.path, "definite-leaks.supp");
  await writeFile(definiteLeaks, forDefiniteLeaks(text));
  if (!freeThreaded) return { all: own, definiteLeaks };
  const all = join(folder.path, "free-threaded.supp");
  await writeFile(all, text);
  return { all, definiteLeaks };
}
