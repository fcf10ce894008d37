import { hash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { writingTo } from "../model/user-error.ts";
import { removeFolder } from "../system/remove-folder.ts";

/** An installation by pip. */
interface Installation {
  /** Where it runs. */
  readonly directory: string;
  /** The checkout: pip may compile in any folder of it, such as those that a file of requirements names. */
  readonly workspace: string;
  /** Its words: `.[test]`, `-e`, `./lib`. */
  readonly packages: readonly string[];
}

const PREFIX = ".cpython-memcheck-build-";

/** Whether a file of the checkout is in a folder of this or another installation: one that was killed leaves its folders there. */
export function isCompiledByUs(name: string): boolean {
  return `/${name}`.includes(`/${PREFIX}`);
}

/**
 * Lets setuptools compile in a new folder of the project. It would take a module in `build` for up to date if no source is newer, whatever headers
 * and flags it was made with, and would install modules that are gone. The folder has a relative name, so that packages do not share it, and the
 * same one in each check: it is in debug information and in `__FILE__`. Call it once at a time for each directory.
 * @param config path of a configuration file to write
 * @param use gets the variables that name it to setuptools 65.4 and newer
 */
export async function inNewFolder<Result>(
  config: string,
  installation: Installation,
  use: (variables: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const { workspace, directory } = installation;
  // Installations from two directories of a checkout may compile the same package at a time.
  const name = `${PREFIX}${hash("sha256", relative(workspace, directory)).slice(0, 8)}`;
  await writeFile(config, `[build]\nbuild_base = ${name}\n`);
  await removeFolders(name, installation);
  try {
    return await use({ DIST_EXTRA_CONFIG: config });
  } finally {
    await removeFolders(name, installation);
  }
}

async function removeFolders(name: string, { directory, workspace, packages }: Installation): Promise<void> {
  // Packages may also be outside of the checkout.
  const named = [directory, ...packages.flatMap((word) => folderIn(word, directory))].map((folder) => join(folder, name));
  for (const path of new Set([...named, ...(await foldersCalled(name, workspace))]))
    await writingTo("The build folder", path, () => removeFolder(path));
}

/** Follows no links. Nothing is compiled in a package of npm. */
async function foldersCalled(name: string, folder: string): Promise<readonly string[]> {
  // What we can't read, pip can't build either.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === ".git" || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    found.push(...(entry.name === name ? [path] : await foldersCalled(name, path)));
  }
  return found;
}

/** The local folder that a word of pip's names: `./lib[test]`, `--editable=./lib`, `lib @ file:///checkout/lib`. */
function folderIn(word: string, directory: string): readonly string[] {
  const path = resolve(
    directory,
    word
      .replace(/^(-e|--editable=|.*@ *(?=file:))/, "")
      .replace(/^file:(\/\/)?/, "")
      .replace(/\[[^\]]*\]$/, ""),
  );
  return existsSync(path) && statSync(path).isDirectory() ? [path] : [];
}
