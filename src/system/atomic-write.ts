import { randomUUID } from "node:crypto";
import { lstat, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Milliseconds after which no writer is still at work: one takes seconds. */
const LEFTOVER_AGE = 3600 * 1000;

/** What is written aside: the target's name, a name that no other writer has, `.new`. Earlier versions used the process id. */
const ASIDE = /^\.([\da-f-]{36}|\d+)\.new$/;

/**
 * Writes a file aside and renames it: whatever happens, also to the machine, there is the old file or the new one, and no other process sees
 * less. Writers may be in different containers, so neither names nor leftovers go by process ids.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await removeLeftovers(path);
  const aside = `${path}.${randomUUID()}.new`;
  try {
    // Exclusive: a link in its place would lead to another file.
    await using file = await open(aside, "wx");
    await file.writeFile(content);
    await file.sync();
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Of writers that were killed. */
async function removeLeftovers(path: string): Promise<void> {
  const name = basename(path);
  for (const other of await readdir(dirname(path))) {
    if (!other.startsWith(name) || !ASIDE.test(other.slice(name.length))) continue;
    const leftover = join(dirname(path), other);
    const written = (await lstat(leftover).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - written > LEFTOVER_AGE) await rm(leftover, { recursive: true, force: true });
  }
}
