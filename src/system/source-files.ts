import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Languages that extensions are compiled from. */
const SOURCE = /\.(c|cc|cpp|cxx|c\+\+|cu|m|mm|rs|pyx|pxd|f|f90|f95|h|hh|hpp|hxx|inc|inl|ipp|tcc)$/i;

/** A large monorepo can have too many; beyond this the rest is left out. */
const MAX_FILES = 50_000;
const MAX_FOLDERS = 20_000;

/** The source files of compiled languages in a folder, by relative path. Hidden folders, npm packages and unreadable folders are left out. */
export async function listSourceFiles(root: string): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [""];
  for (let next = 0; next < folders.length && next < MAX_FOLDERS && files.length < MAX_FILES; next++) {
    const folder = folders[next] ?? "";
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules") folders.push(path);
      else if (entry.isFile() && SOURCE.test(entry.name)) files.push(path);
    }
  }
  return files;
}
