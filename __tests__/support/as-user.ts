// For root, all files can be read and all folders are writable.

import { chownSync } from "node:fs";

const NOBODY = 65534;

/** Runs something as a user who is not root, and who owns these files and folders. */
export async function asUser(own: readonly string[], use: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return await use();
  for (const path of own) chownSync(path, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    await use();
  } finally {
    process.seteuid?.(0);
  }
}
