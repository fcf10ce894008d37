import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, lstat, mkdir, open, readdir, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { BuildKeeping, BuildLookup, BuildStore } from "../../build/build-store.ts";
import { messageOf, systemCodeOf } from "../../model/user-error.ts";

/** Number of builds to keep, newest first. */
export const MAX_BUILDS = 10;

/** A build in a directory: the file's time is when it was saved. */
interface KeptBuild {
  readonly key: string;
  readonly path: string;
  readonly time: number;
}

const SUFFIX = ".build";

/** Suffix of a file that is not complete yet. */
const ASIDE = ".new";

/** Milliseconds after which an incomplete file is abandoned. */
const LEFTOVER = 24 * 3600 * 1000;

/** Packed builds as files of one directory, which several machines may share. */
export class BuildDirectory implements BuildStore {
  readonly minSecondsToCache = 5;
  readonly restoresAny = true;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async restore(archive: string, key: string, prefixes: readonly string[]): Promise<BuildLookup> {
    try {
      const found = choose(await this.#list(), key, prefixes);
      if (found === undefined) return { kind: "none" };
      await copyFile(found.path, archive, constants.COPYFILE_FICLONE);
      return { kind: "restored", key: found.key };
    } catch (error) {
      return { kind: "failed", reason: messageOf(error) };
    }
  }

  async keep(archive: string, key: string): Promise<BuildKeeping> {
    const aside = join(this.#folder, `${randomUUID()}${ASIDE}`);
    try {
      await mkdir(this.#folder, { recursive: true });
      const kept = await this.#list();
      await removeLeftovers(this.#folder);
      await copyFile(archive, aside, constants.COPYFILE_FICLONE);
      await flush(aside);
      // If two builds are saved within one tick of the file system's clock, their order is still defined.
      const time = Math.max(Date.now(), ...kept.map((build) => build.time + 1));
      await utimes(aside, time / 1000, time / 1000);
      if (!(await linkNew(aside, this.#pathOf(key)))) return { kind: "exists" };
      for (const { path } of kept.slice(MAX_BUILDS - 1)) await rm(path, { force: true });
      return { kind: "kept" };
    } catch (error) {
      return { kind: "failed", reason: messageOf(error) };
    } finally {
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  /** Keys are names that a file can have. */
  #pathOf(key: string): string {
    return join(this.#folder, `${key}${SUFFIX}`);
  }

  /** Newest first. */
  async #list(): Promise<readonly KeptBuild[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (systemCodeOf(error) === "ENOENT") return [];
      throw error;
    });
    const builds: KeptBuild[] = [];
    for (const name of names.filter((candidate) => candidate.endsWith(SUFFIX))) {
      const path = join(this.#folder, name);
      // Undefined if another process has pruned it since.
      const status = await lstat(path).catch(() => undefined);
      if (status?.isFile()) builds.push({ key: name.slice(0, -SUFFIX.length), path, time: status.mtimeMs });
    }
    return builds.sort((a, b) => b.time - a.time);
  }
}

/** Saved builds are never replaced: the content must be on the disk before its name appears. */
async function flush(path: string): Promise<void> {
  await using file = await open(path, "r+");
  await file.sync();
}

/** Files of runs that were killed. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((candidate) => candidate.endsWith(ASIDE))) {
    const path = join(folder, name);
    const time = (await lstat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - time > LEFTOVER) await rm(path, { recursive: true, force: true });
  }
}

function choose(builds: readonly KeptBuild[], key: string, prefixes: readonly string[]): KeptBuild | undefined {
  const exact = builds.find((build) => build.key === key);
  const prefix = prefixes.find((candidate) => builds.some((build) => build.key.startsWith(candidate)));
  return exact ?? (prefix === undefined ? undefined : builds.find((build) => build.key.startsWith(prefix)));
}

/** Unlike a rename, it does not replace a file that another process has put there meanwhile: false then. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}
