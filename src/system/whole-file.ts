import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./process-life.ts";

/**
 * Writes a file aside and renames it: whatever happens, also to the machine, there is the old file or the new one, and no other process sees
 * less. What a writer that was killed left aside goes with the next one.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await removeLeftovers(path);
  const aside = `${path}.${process.pid}.new`;
  try {
    // Made anew: a link that somebody put there would lead to another file.
    await using file = await open(aside, "wx");
    await file.writeFile(content);
    await file.sync();
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Those of this process are of an earlier one with its number. */
async function removeLeftovers(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    const [, pid] = name.startsWith(`${basename(path)}.`) ? (/^\.(\d+)\.new$/.exec(name.slice(basename(path).length)) ?? []) : [];
    if (pid === undefined || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    await rm(join(dirname(path), name), { recursive: true, force: true });
  }
}
