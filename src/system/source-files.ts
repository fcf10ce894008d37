import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Languages that extensions are compiled from. */
const SOURCE = /\.(c|cc|cpp|cxx|c\+\+|cu|m|mm|rs|pyx|pxd|f|f90|f95|h|hh|hpp|hxx|inc|inl|ipp|tcc)$/i;

/** A large monorepo can have too many; beyond this the rest is left out. */
const MAX_FILES = 50_000;
const MAX_FOLDERS = 20_000;

/**
 * The source files of compiled languages in a folder, by relative path. Hidden folders, npm packages, unreadable folders, and folders below it with
 * installed packages are left out: these have headers, such as numpy's.
 */
export function listSourceFiles(root: string): Promise<readonly string[]> {
  return listFiles(root, SOURCE, { isLeftOut: hasPackages });
}

/** A virtual environment, or a folder of `pip install --target`. */
function hasPackages(entries: readonly Dirent[]): boolean {
  return entries.some(({ name }) => name === "pyvenv.cfg" || name.endsWith(".dist-info"));
}

/** `ext.so`, `libx.so.1.2` */
export const SHARED_OBJECT = /\.so(\.[\d.]+)?$/;

/** Folders of setuptools and cargo for intermediate objects. */
const INTERMEDIATE = /(^|\/)(build\/(lib|bdist)[.-]|target\/[^/]+\/(deps|build)\/)/;

/**
 * The shared objects below a folder, including symbolic links to them. Virtual environments, installed packages and intermediate objects are left out.
 */
export async function listSharedObjects(root: string): Promise<readonly string[]> {
  const [objects, environments] = [
    await listFiles(root, SHARED_OBJECT, { isFurther: isLinkToFile }),
    await listFiles(root, /^pyvenv\.cfg$/),
  ];
  const folders = environments.map((name) => name.slice(0, -"pyvenv.cfg".length));
  return objects.filter(
    (name) => !/(^|\/)(site|dist)-packages\//.test(name) && !INTERMEDIATE.test(name) && !folders.some((folder) => name.startsWith(folder)),
  );
}

async function isLinkToFile(entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false;
  return await stat(join(entry.parentPath, entry.name)).then(
    (status) => status.isFile(),
    () => false,
  );
}

interface Choice {
  /** Whether to include an entry that is not a regular file. */
  readonly isFurther?: (entry: Dirent) => Promise<boolean>;
  /** Whether to leave out a folder with these entries. The root is never left out. */
  readonly isLeftOut?: (entries: readonly Dirent[]) => boolean;
}

async function listFiles(root: string, wanted: RegExp, choice: Choice = {}): Promise<readonly string[]> {
  const { isFurther = async () => false, isLeftOut = () => false } = choice;
  const files: string[] = [];
  const folders = [""];
  for (let next = 0; next < folders.length && next < MAX_FOLDERS && files.length < MAX_FILES; next++) {
    const folder = folders[next] ?? "";
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    if (folder !== "" && isLeftOut(entries)) continue;
    folders.push(...entries.filter(isSearched).map(({ name }) => join(folder, name)));
    for (const entry of entries)
      if (wanted.test(entry.name) && (entry.isFile() || (await isFurther(entry)))) files.push(join(folder, entry.name));
  }
  return files;
}

function isSearched(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules";
}
