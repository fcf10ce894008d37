import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "./process-life.ts";

/** A folder of this run's own. The last finished run's stays, for its logs; those before it go. */
export async function openRunFolder(runs: string): Promise<string> {
  await mkdir(runs, { recursive: true });
  const finished = (await readdir(runs)).filter((name) => !isAlive(Number(name.split("-")[1])));
  for (const name of finished.sort().slice(0, -1)) await rm(join(runs, name), { recursive: true, force: true });
  const folder = join(runs, `${Date.now()}-${process.pid}`);
  await mkdir(folder);
  return folder;
}
