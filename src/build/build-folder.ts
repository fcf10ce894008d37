import { chmodSync, existsSync, mkdirSync, rmdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { systemCodeOf } from "../model/user-error.ts";
import { writeAtomically } from "../system/atomic-write.ts";
import { SOURCE_TIME } from "./recipe.ts";
import { readUnchanged, type SourceFile, type SourceTree } from "./source.ts";

/**
 * A folder that holds a copy of a source and everything that was built from it, so that the checkout itself stays as it is. A file whose
 * content did not change is not touched: `make` goes by times, and compiles only what differs.
 */
export interface BuildFolder {
  readonly path: string;
  /** Where the copy of the source and the build are. */
  readonly tree: string;
  /** Where probes that were compiled for the build are. */
  readonly probe: string;
  readonly log: string;
}

/** Goes up with the form of the stamp, and with what a packed build holds. */
export const STAMP_VERSION = 3;

/** A path that stays in its folder. The list may be forged, and files that it names are removed. */
const InnerPath = v.pipe(v.string(), v.regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$)).+$/s));

const StampSchema = v.object({
  stampVersion: v.literal(STAMP_VERSION),
  key: v.string(),
  /** A failed build is a start for the next one, and nothing else. */
  state: v.picklist(["built", "failed"]),
  /** Where the tree was when it was built: `configure` writes that down. */
  tree: v.string(),
  /** When the build ended, in milliseconds: no file of it is newer. */
  time: v.number(),
  files: v.record(InnerPath, v.object({ hash: v.string(), kind: v.picklist(["file", "executable", "link"]) })),
});

/** What a build folder holds, as it was written when the last build in it ended. */
export type Stamp = v.InferOutput<typeof StampSchema>;

export function buildFolder(workDir: string, recipeKey: string): BuildFolder {
  return folderAt(join(workDir, "builds", recipeKey));
}

export function folderAt(path: string): BuildFolder {
  return { path, tree: join(path, "tree"), probe: join(path, "probe"), log: join(path, "build.log") };
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

export async function writeStamp(folder: BuildFolder, stamp: Omit<Stamp, "stampVersion" | "tree">): Promise<void> {
  await writeAtomically(stampPath(folder), JSON.stringify({ stampVersion: STAMP_VERSION, tree: folder.tree, ...stamp }));
}

/** What decides how everything is compiled, or what configure makes its files of: after a change only a build from scratch is the same as one. */
const STARTS_OVER = /^(configure|aclocal\.m4|install-sh|config\.(guess|sub)|Modules\/(makesetup|Setup.*)|((Misc|Modules)\/)?[^/]*\.in)$/;

/** In 3.11 setup.py compiles the modules: by its own idea of what is stale, and without the variables that we give to `make`. */
const BY_SETUP = /^3\.11\./;

/** Whether parts of a build name the folder that it was built in, so that it can only be used there. */
export function isBoundToFolder(version: string): boolean {
  return BY_SETUP.test(version);
}

/** Whether this is the build of that source, by its files too: a key is short, and somebody could look for two sources that have one. */
export function isBuildOf(stamp: Stamp, key: string, source: SourceTree): boolean {
  return stamp.key === key && stamp.state === "built" && changedFiles(stamp, source)?.length === 0;
}

/** The files that differ between what the folder holds and the source; undefined when the build has to start over. */
export function changedFiles(stamp: Stamp, source: SourceTree): readonly string[] | undefined {
  const names = new Set([...Object.keys(stamp.files), ...source.files.keys()]);
  const changed = [...names].filter((name) => !sameFile(stamp.files[name], source.files.get(name)));
  const startsOver = BY_SETUP.test(source.version) ? /^(?!Lib\/)/ : STARTS_OVER;
  return changed.some((name) => startsOver.test(name)) ? undefined : changed;
}

/** The files that a source has as the stamp has them. */
export function unchangedFiles(stamp: Stamp, source: SourceTree): readonly string[] {
  return [...source.files.keys()].filter((name) => sameFile(stamp.files[name], source.files.get(name)));
}

function sameFile(before: SourceFile | undefined, now: SourceFile | undefined): boolean {
  return before?.hash === now?.hash && before?.kind === now?.kind;
}

/**
 * Makes the folder's copy of these files what the source had when it was read. What is `new` to a build gets a new time; what a build is, or will be, made of
 * gets one that is older than all that is built. Synchronous: with thousands of small files waiting for each takes three times as long.
 * @throws UserError where a file has changed since.
 */
export function copyFiles(folder: BuildFolder, source: SourceTree, names: Iterable<string>, age: "old" | "new"): void {
  const made = new Set<string>();
  for (const name of names) {
    const to = join(folder.tree, name);
    // A folder may stand where there is a file now.
    rmSync(to, { force: true, recursive: true });
    if (!source.files.has(name)) removeEmptyFolders(dirname(to), folder.tree);
    else {
      if (!made.has(dirname(to))) mkdirSync(dirname(to), { recursive: true });
      made.add(dirname(to));
      writeCopy(to, readUnchanged(source, name), source.files.get(name)?.kind, age);
    }
  }
}

/** @throws UserError where one of these files is not what it was when the source was read. */
export function requireUnchanged(source: SourceTree, names: Iterable<string>): void {
  for (const name of names) if (source.files.has(name)) readUnchanged(source, name);
}

function writeCopy(to: string, content: Buffer, kind: SourceFile["kind"] | undefined, age: "old" | "new"): void {
  if (kind === "link") {
    symlinkSync(content, to);
    return;
  }
  writeFileSync(to, content);
  chmodSync(to, kind === "executable" ? 0o755 : 0o644);
  if (age === "old") utimesSync(to, SOURCE_TIME, SOURCE_TIME);
}

/** Python takes an empty folder in `Lib` for a package. */
export function removeEmptyFolders(path: string, root: string): void {
  if (path === root || !path.startsWith(root)) return;
  try {
    rmdirSync(path);
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) return;
    throw error;
  }
  removeEmptyFolders(dirname(path), root);
}

function stampPath(folder: BuildFolder): string {
  return join(folder.path, "stamp.json");
}
