import { mkdir, readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { tryAcquireLock } from "../system/lock.ts";
import { removeFolder } from "../system/remove-folder.ts";

/** Number of builds of other recipes and versions to keep, each of about 350 MB, and of virtual environments. */
export const MAX_BUILDS = 3;

const LOCK = ".lock";

/** The lock of a build folder. It is beside the folder, so that the folder can be removed while the lock is held. */
export function lockOf(folder: string): string {
  return `${folder}${LOCK}`;
}

/** Creates the folder if it does not exist. Its time tells when it was last used. */
export async function markAsUsed(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const now = new Date();
  await utimes(folder, now, now);
}

/** Removes all builds or virtual environments except those used last, and those in use by other checks. */
export async function removeOldBuilds(builds: string): Promise<void> {
  const names = (await readdir(builds)).filter((name) => !name.endsWith(LOCK));
  const folders = await Promise.all(
    names.map(async (name) => {
      const path = join(builds, name);
      // 0 if another check has removed it.
      return { path, used: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  for (const { path } of folders.sort((a, b) => b.used - a.used).slice(MAX_BUILDS)) {
    await using lock = await tryAcquireLock(lockOf(path));
    if (lock !== undefined) await removeFolder(path);
  }
}
