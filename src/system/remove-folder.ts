import { chmodSync, lstatSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf } from "../model/user-error.ts";

/** Removes a folder that tests could write to, if there is one: they may have left folders in it without permission to write. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (systemCodeOf(error) !== "EACCES") throw error;
    restorePermissions(path);
    await rm(path, { recursive: true, force: true });
  }
}

/** Takes back our permissions for a folder and those in it, where tests took them away. Follows no links. */
export function restorePermissions(folder: string): void {
  const { mode } = lstatSync(folder);
  if ((mode & OWN) !== OWN) chmodSync(folder, (mode & ALL) | OWN);
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) restorePermissions(join(folder, entry.name));
}

const OWN = 0o700;
const ALL = 0o777;
