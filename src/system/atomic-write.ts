import { randomUUID } from "node:crypto";
import { lstat, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Milliseconds after which a writer must have ended: writing takes seconds. */
const LEFTOVER_AGE = 3600 * 1000;

/** Names of temporary files: the target's name, a unique part, `.new`. Earlier versions used the process id. */
const ASIDE = /^\.([\da-f-]{36}|\d+)\.new$/;

/**
 * Writes a temporary file and renames it: even after a power failure, either the old or the new file exists, and no other process sees a partial
 * one. Writers may be in different containers, so neither names nor leftovers depend on process ids.
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

/** Files of writers that were killed. */
async function removeLeftovers(path: string): Promise<void> {
  const name = basename(path);
  for (const other of await readdir(dirname(path))) {
    if (!other.startsWith(name) || !ASIDE.test(other.slice(name.length))) continue;
    const leftover = join(dirname(path), other);
    const written = (await lstat(leftover).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - written > LEFTOVER_AGE) await rm(leftover, { recursive: true, force: true });
  }
}
