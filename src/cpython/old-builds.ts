import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { tryAcquireLock } from "../system/lock.ts";

/** Of other recipes and versions; each has some 350 MB. */
export const MOST_BUILDS = 3;

/** Takes away all but the builds that were used last, and those that another check uses right now. */
export async function removeOldBuilds(builds: string): Promise<void> {
  const folders = await Promise.all(
    (await readdir(builds)).map(async (name) => {
      const path = join(builds, name);
      // Each use makes the lock's file in the folder, and takes it away: that is the folder's time. None where another check has taken it away.
      return { path, used: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  for (const { path } of folders.sort((a, b) => b.used - a.used).slice(MOST_BUILDS)) {
    const lock = await tryAcquireLock(join(path, "lock"));
    if (lock === undefined) continue;
    await rm(path, { recursive: true, force: true });
    await lock[Symbol.asyncDispose]();
  }
}
