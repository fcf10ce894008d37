import { open, readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCodeOf } from "../errors.ts";
import type { Progress } from "../ports.ts";
import { isAlive } from "./process-life.ts";

/** Runs `action` while no other process of this machine holds the same lock; waits for as long as the holder lives. */
export async function withLock<Result>(path: string, progress: Progress, action: () => Promise<Result>): Promise<Result> {
  for (let waited = false; !(await tryLock(path)); waited = true) {
    const holder = await holderOf(path);
    if (holder === undefined || !isAlive(holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (!waited) progress.note(`Another check (process ${holder}) uses this build; waiting for it.`);
    await sleep(500);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
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
