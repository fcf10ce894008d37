import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { tryAcquireLock } from "../system/lock.ts";

/** Of other recipes and versions; each has some 350 MB. */
export const MAX_BUILDS = 3;

const LOCK = ".lock";

/** The lock of a build folder. Beside it: the folder can be removed while the lock is held. */
export function lockOf(folder: string): string {
  return `${folder}${LOCK}`;
}

/** Makes the folder where there is none. Its time is when it was last used. */
export async function markAsUsed(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const now = new Date();
  await utimes(folder, now, now);
}

/** Takes away all but the builds that were used last, and those that another check uses right now. */
export async function removeOldBuilds(builds: string): Promise<void> {
  const names = (await readdir(builds)).filter((name) => !name.endsWith(LOCK));
  const folders = await Promise.all(
    names.map(async (name) => {
      const path = join(builds, name);
      // 0 where another check has taken it away.
      return { path, used: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  for (const { path } of folders.sort((a, b) => b.used - a.used).slice(MAX_BUILDS)) {
    await using lock = await tryAcquireLock(lockOf(path));
    if (lock !== undefined) await rm(path, { recursive: true, force: true });
  }
}
