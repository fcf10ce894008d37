import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Where a folder is in the git repository that has it, `projects/cpython`: GitHub knows files by their paths there. Empty for its root. */
export function folderInRepository(folder: string): string {
  const root = ancestors(folder).find((candidate) => existsSync(join(candidate, ".git")));
  return root === undefined ? "" : relative(root, folder);
}

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
