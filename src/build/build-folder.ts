import { chmodSync, existsSync, mkdirSync, rmdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { systemCodeOf } from "../model/user-error.ts";
import { writeAtomically } from "../system/atomic-write.ts";
import { SOURCE_TIME } from "./recipe.ts";
import { readUnchanged, type SourceFile, type SourceTree } from "./source.ts";

/**
 * A folder with a copy of a source and everything built from it, so that the checkout stays unchanged. Unchanged files are not touched: `make`
 * compares times, and compiles only what differs.
 */
export interface BuildFolder {
  readonly path: string;
  /** The copy of the source, and the build. */
  readonly tree: string;
  /** Probes compiled for the build. */
  readonly probe: string;
  readonly log: string;
}

/** Raise it with the format of the stamp, and with the content of a packed build. */
export const STAMP_VERSION = 3;

/** A path that stays within its folder. The list may be forged, and the files that it names are removed. */
const InnerPath = v.pipe(v.string(), v.regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$)).+$/s));

const StampSchema = v.object({
  stampVersion: v.literal(STAMP_VERSION),
  key: v.string(),
  /** The next build may start from a failed build; nothing else may use it. */
  state: v.picklist(["built", "failed"]),
  /** Path of the tree when it was built: `configure` writes it into files. */
  tree: v.string(),
  /** When the build ended, in milliseconds: no file of it is newer. */
  time: v.number(),
  files: v.record(InnerPath, v.object({ hash: v.string(), kind: v.picklist(["file", "executable", "link"]) })),
});

/** The content of a build folder, written when the last build in it ended. */
export type Stamp = v.InferOutput<typeof StampSchema>;

export function buildFolder(workDir: string, recipeKey: string): BuildFolder {
  return folderAt(join(workDir, "builds", recipeKey));
}

export function folderAt(path: string): BuildFolder {
  return { path, tree: join(path, "tree"), probe: join(path, "probe"), log: join(path, "build.log") };
}

/** Undefined if there is no valid stamp: the folder is then built from scratch. */
export async function readStamp(folder: BuildFolder): Promise<Stamp | undefined> {
  const text = await readFile(stampPath(folder), "utf8").catch(() => undefined);
  if (text === undefined || !existsSync(folder.tree)) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), StampSchema), text);
  return parsed.success ? parsed.output : undefined;
}

/** There is no stamp during a build, so a build that is cut off is not trusted. */
export async function removeStamp(folder: BuildFolder): Promise<void> {
  await rm(stampPath(folder), { force: true });
}

export async function writeStamp(folder: BuildFolder, stamp: Omit<Stamp, "stampVersion" | "tree">): Promise<void> {
  await writeAtomically(stampPath(folder), JSON.stringify({ stampVersion: STAMP_VERSION, tree: folder.tree, ...stamp }));
}

/**
 * Files that decide how everything is compiled, or that configure compiles or uses as templates: if they change, only a build from scratch gives
 * the same result.
 */
const STARTS_OVER =
  /^(configure|aclocal\.m4|install-sh|config\.(guess|sub)|Modules\/(makesetup|Setup.*)|((Misc|Modules)\/)?[^/]*\.in|Misc\/platform_triplet\.c|Include\/(cpython\/)?pyatomic\w*\.h)$/;

/** In 3.11, setup.py compiles the modules: with its own rules for stale files, and without the variables that we pass to `make`. */
const BY_SETUP = /^3\.11\./;

/** Whether parts of a build contain its folder's path, so that it only works there. */
export function isBoundToFolder(version: string): boolean {
  return BY_SETUP.test(version);
}

/** Whether this is the build of that source, compared by its files, too: a key is short, and someone could look for a collision. */
export function isBuildOf(stamp: Stamp, key: string, source: SourceTree): boolean {
  return stamp.key === key && stamp.state === "built" && changedFiles(stamp, source)?.length === 0;
}

/** The files that differ between the folder and the source; undefined if the build must start from scratch. */
export function changedFiles(stamp: Stamp, source: SourceTree): readonly string[] | undefined {
  const names = new Set([...Object.keys(stamp.files), ...source.files.keys()]);
  const changed = [...names].filter((name) => !sameFile(stamp.files[name], source.files.get(name)));
  const startsOver = BY_SETUP.test(source.version) ? /^(?!Lib\/)/ : STARTS_OVER;
  return changed.some((name) => startsOver.test(name)) ? undefined : changed;
}

/** The files that are the same in the source and in the stamp. */
export function unchangedFiles(stamp: Stamp, source: SourceTree): readonly string[] {
  return [...source.files.keys()].filter((name) => sameFile(stamp.files[name], source.files.get(name)));
}

function sameFile(before: SourceFile | undefined, now: SourceFile | undefined): boolean {
  return before?.hash === now?.hash && before?.kind === now?.kind;
}

/**
 * Makes the folder's copies of these files equal to the source when it was read. Files that are `new` to a build get a new time; files that a
 * build was, or will be, made from get a time older than everything built. Synchronous: with thousands of small files, waiting for each takes
 * three times as long.
 * @throws UserError if a file has changed since.
 */
export function copyFiles(folder: BuildFolder, source: SourceTree, names: Iterable<string>, age: "old" | "new"): void {
  const made = new Set<string>();
  for (const name of names) {
    const to = join(folder.tree, name);
    // There may be a folder where the source has a file now.
    rmSync(to, { force: true, recursive: true });
    if (!source.files.has(name)) removeEmptyFolders(dirname(to), folder.tree);
    else {
      if (!made.has(dirname(to))) mkdirSync(dirname(to), { recursive: true });
      made.add(dirname(to));
      writeCopy(to, readUnchanged(source, name), source.files.get(name)?.kind, age);
    }
  }
}

/** @throws UserError if one of these files has changed since the source was read. */
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

/** Python treats an empty folder in `Lib` as a package. */
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
