import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../model/progress.ts";
import { messageOf, UserError } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";
import { packBuild, type Useless, unpackBuild } from "./build-archive.ts";
import { type BuildFolder, readStamp, type Stamp } from "./build-folder.ts";
import type { BuildKeeping, BuildLookup, BuildStore } from "./build-store.ts";
import { buildKey, type Recipe, recipeKey } from "./recipe.ts";
import type { SourceTree } from "./source.ts";

/** The inputs for saving and restoring a build. */
interface Keeper {
  readonly builds: BuildStore | null;
  readonly recipe: Recipe;
  readonly source: SourceTree;
  readonly processes: Processes;
  readonly progress: Progress;
}

/** Prefix of our keys: stores have entries of others, too. */
const PREFIX = "cpython-memcheck-build-";

/** Restores the cached build nearest to the source into an empty folder. Undefined if none can be used; the build then starts from scratch. */
export async function restoreBuild(
  { builds, recipe, source, processes, progress }: Keeper,
  folder: BuildFolder,
): Promise<Stamp | undefined> {
  if (builds === null) return undefined;
  progress.update("looking for a cached build");
  const archive = archivePath(folder);
  const recipeName = recipeKey(recipe, source.version);
  const lookup = await builds.restore(archive, `${PREFIX}${buildKey(recipe, source)}`, [`${PREFIX}${recipeName}-`]);
  if (lookup.kind !== "restored") {
    if (lookup.kind !== "none") progress.note(`No cached build could be restored: ${whyNotRestored(lookup)}.`);
    return undefined;
  }
  progress.update("unpacking a cached build");
  const key = lookup.key.slice(PREFIX.length);
  const unpacked = await unpackBuild(archive, { folder, recipeKey: recipeName, key, source }, processes);
  await rm(archive, { force: true });
  if (unpacked.kind === "unpacked") return unpacked.stamp;
  progress.note(`Cached build ${lookup.key} rejected, building from scratch: ${whyUseless(unpacked.why)}.`);
  return undefined;
}

/** Saves a build for later runs, if it took long enough. A failure does not affect this run. */
export async function keepBuild(
  { builds, recipe, source, processes, progress }: Keeper,
  folder: BuildFolder,
  seconds: number,
): Promise<void> {
  if (builds === null || seconds <= builds.minSecondsToCache) return;
  const stamp = await readStamp(folder);
  if (stamp === undefined) return;
  progress.update("packing the build for the cache");
  const archive = archivePath(folder);
  try {
    const size = await packBuild(folder, stamp, archive, processes);
    const keeping = await builds.keep(archive, `${PREFIX}${buildKey(recipe, source)}`);
    progress.note(describe(keeping, size));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    progress.note(`The build could not be packed: ${messageOf(error)}`);
  } finally {
    await rm(archive, { force: true });
  }
}

function whyNotRestored(lookup: Exclude<BuildLookup, { kind: "restored" | "none" }>): string {
  switch (lookup.kind) {
    case "not-named":
      return "the baseline names no build of this recipe, and others are not trusted here";
    case "other-hash":
      return `the hash of ${lookup.key} is not the one in the baseline`;
    case "failed":
      return lookup.reason;
  }
}

function whyUseless(why: Useless): string {
  switch (why.code) {
    case "damaged":
      return `it is damaged: ${why.detail}`;
    case "leads-out":
      return "it has links that lead outside";
    case "no-build":
      return "it has no build in this version's format";
    case "other-recipe":
      return "it was built by another recipe";
    case "other-key":
      return `it is the build ${why.key}, stored under another key`;
    case "from-the-future":
      return "it was built in the future by this machine's clock";
    case "other-folder":
      return `it was built in ${why.tree}, and only works there`;
    case "other-configuration":
      return "configure would give another result with this source";
    case "other-files":
      return "its files differ from its source";
  }
}

function describe(keeping: BuildKeeping, size: number): string {
  switch (keeping.kind) {
    case "kept":
      return `The build was cached for later runs (${Math.round(size / 1e6)} MB).`;
    case "exists":
      return "Another run has already cached a build of this source.";
    case "refused":
    case "failed":
      return `The build was not cached for later runs: ${keeping.reason}.`;
  }
}

function archivePath(folder: BuildFolder): string {
  return join(folder.path, "build.tar.zst");
}
