import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf } from "../model/user-error.ts";

/** Removes a folder that tests could write to, if there is one: they may have left folders in it without permission to write. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (systemCodeOf(error) !== "EACCES") throw error;
    await makeWritable(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}
