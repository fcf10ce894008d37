import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import type { SourceFile, SourceTree } from "./source.ts";

/**
 * A folder that holds a copy of a source and everything that was built from it, so that the checkout itself stays as it is. A file whose
 * content did not change is not touched: `make` goes by times, and compiles only what differs.
 */
export interface BuildFolder {
  readonly path: string;
  /** Where the copy of the source and the build are. */
  readonly tree: string;
  readonly log: string;
}

const STAMP_VERSION = 1;

const StampSchema = v.object({
  stampVersion: v.literal(STAMP_VERSION),
  key: v.string(),
  /** A failed build is a start for the next one, and nothing else. */
  state: v.picklist(["built", "failed"]),
  files: v.record(v.string(), v.object({ hash: v.string(), kind: v.picklist(["file", "executable", "link"]) })),
});

/** What a build folder holds, as it was written when the last build in it ended. */
export type Stamp = v.InferOutput<typeof StampSchema>;

export function buildFolder(workDir: string, recipeKey: string): BuildFolder {
  const path = join(workDir, "builds", recipeKey);
  return { path, tree: join(path, "tree"), log: join(path, "build.log") };
}

/** Undefined where there is no stamp that can be believed: the folder is then built from scratch. */
export async function readStamp(folder: BuildFolder): Promise<Stamp | undefined> {
  const text = await readFile(stampPath(folder), "utf8").catch(() => undefined);
  if (text === undefined || !existsSync(folder.tree)) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), StampSchema), text);
  return parsed.success ? parsed.output : undefined;
}

/** While a build goes on there is no stamp, so a build that is cut off is not believed. */
export async function removeStamp(folder: BuildFolder): Promise<void> {
  await rm(stampPath(folder), { force: true });
}

export async function writeStamp(folder: BuildFolder, source: SourceTree, key: string, state: Stamp["state"]): Promise<void> {
  const stamp: Stamp = { stampVersion: STAMP_VERSION, key, state, files: Object.fromEntries(source.files) };
  await writeFile(`${stampPath(folder)}.new`, JSON.stringify(stamp));
  await rename(`${stampPath(folder)}.new`, stampPath(folder));
}

/** What decides how everything is compiled: after a change here only a build from scratch is the same as a build from scratch. */
const STARTS_OVER =
  /^(configure|aclocal\.m4|Makefile\.pre\.in|pyconfig\.h\.in|install-sh|config\.(guess|sub)|Modules\/(makesetup|Setup.*|config\.c\.in))$/;

/** The files that differ between what the folder holds and the source; undefined when the build has to start over. */
export function changedFiles(stamp: Stamp, source: SourceTree): readonly string[] | undefined {
  const names = new Set([...Object.keys(stamp.files), ...source.files.keys()]);
  const changed = [...names].filter((name) => !sameFile(stamp.files[name], source.files.get(name)));
  return changed.some((name) => STARTS_OVER.test(name)) ? undefined : changed;
}

function sameFile(before: SourceFile | undefined, now: SourceFile | undefined): boolean {
  return before?.hash === now?.hash && before?.kind === now?.kind;
}

/** Makes the folder's copy of these files what the source has. New content gets a new time. */
export async function copyFiles(folder: BuildFolder, source: SourceTree, names: Iterable<string>): Promise<void> {
  for (const name of names) {
    const from = join(source.path, name);
    const to = join(folder.tree, name);
    const file = source.files.get(name);
    // A folder stays when its last file goes, and may stand where there is a file now.
    await rm(to, { force: true, recursive: true });
    if (file === undefined) continue;
    await mkdir(dirname(to), { recursive: true });
    if (file.kind === "link") await symlink(await readlink(from), to);
    else await copyFile(from, to);
  }
}

function stampPath(folder: BuildFolder): string {
  return join(folder.path, "stamp.json");
}
