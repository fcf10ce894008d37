import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { tryAcquireLock } from "./lock.ts";
import { removeFolder } from "./remove-folder.ts";

const LOCK = ".lock";

/**
 * A separate folder for this run. The last finished run's folder stays, for its logs; earlier ones are removed. A run holds a lock beside its
 * folder until its process ends: process ids would say nothing about a run in another container.
 */
export async function openRunFolder(runs: string): Promise<string> {
  await mkdir(runs, { recursive: true });
  const folder = join(runs, `${Date.now()}-${randomUUID().slice(0, 8)}`);
  // Before the folder exists: otherwise another run could consider it finished.
  // Another run may have it for a moment, to see whose it is.
  while ((await tryAcquireLock(`${folder}${LOCK}`)) === undefined);
  await removeFinished(runs);
  await mkdir(folder);
  return folder;
}

async function removeFinished(runs: string): Promise<void> {
  const names = new Set((await readdir(runs)).map((name) => name.replace(/\.lock$/, "")));
  let isLast = true;
  for (const name of [...names].sort().reverse()) {
    await using lock = await tryAcquireLock(join(runs, `${name}${LOCK}`));
    if (lock === undefined || !existsSync(join(runs, name))) continue;
    if (!isLast) await removeFolder(join(runs, name));
    isLast = false;
  }
}
