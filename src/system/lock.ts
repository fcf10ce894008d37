import { open, readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCodeOf } from "../errors.ts";
import type { Progress } from "../ports.ts";
import { isAlive } from "./process-life.ts";

/** Held until it is disposed of, or its process ends. */
export interface Lock extends AsyncDisposable {}

/** Waits for as long as another process of this machine holds the lock and lives. */
export async function acquireLock(path: string, progress: Progress): Promise<Lock> {
  for (let waited = false; !(await tryLock(path)); ) {
    const holder = await holderOf(path);
    if (holder === undefined || !isAlive(holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (!waited) progress.note(`Another check (process ${holder}) uses this build; waiting for it.`);
    waited = true;
    await sleep(500);
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(`${process.pid}`);
    await file.close();
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Undefined for a lock whose holder died before it wrote its name. */
async function holderOf(path: string): Promise<number | undefined> {
  const read = async (): Promise<number> => Number(await readFile(path, "utf8").catch(() => ""));
  const first = await read();
  if (first > 0) return first;
  await sleep(200);
  return (await read()) || undefined;
}
