import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { removeFolder } from "../system/remove-folder.ts";

/** An installation by pip. */
interface Installation {
  /** Where it runs. */
  readonly directory: string;
  /** Its words: `.[test]`, `-e`, `./lib`. */
  readonly packages: readonly string[];
}

/**
 * Lets setuptools compile in a new folder of the project. It would take a module in `build` for up to date if no source is newer, whatever headers
 * and flags it was made with, and would install modules that are gone. The folder has a relative name, so that packages do not share it.
 * @param config path of a configuration file to write
 * @param use gets the variables that name it to setuptools 65.4 and newer
 */
export async function inNewFolder<Result>(
  config: string,
  { directory, packages }: Installation,
  use: (variables: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const name = `.cpython-memcheck-build-${randomUUID().slice(0, 8)}`;
  await writeFile(config, `[build]\nbuild_base = ${name}\n`);
  try {
    return await use({ DIST_EXTRA_CONFIG: config });
  } finally {
    for (const folder of new Set([directory, ...packages.flatMap((word) => folderIn(word, directory))]))
      await removeFolder(join(folder, name));
  }
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
