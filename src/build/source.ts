import { createHash, hash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commitOf } from "../git/git.ts";
import { systemCodeOf, UserError } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";
import { listCheckout, listFolder, unreadable } from "./source-names.ts";
import { firstDifference, type Snapshot, sourceChanged, takeSnapshot } from "./source-snapshot.ts";

/** One file of a source, by content. */
export interface SourceFile {
  /** SHA-256 of the content; of the target for a symbolic link. */
  readonly hash: string;
  readonly kind: "file" | "executable" | "link";
}

/** The current content of a CPython source. */
export interface SourceTree {
  readonly path: string;
  /** `3.13.15`, `3.14.0a2+` */
  readonly version: string;
  /** configure of 3.11 to 3.13 has `--without-freelists`. */
  readonly hasFreelistsOption: boolean;
  /** By path relative to `path`, sorted. */
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly contentHash: string;
  /** The checked-out commit; null if the source is not a git checkout. */
  readonly commit: string | null;
}

const MIN_MINOR = 11;

/** The newest minor version whose internals are known. A newer one is accepted if the self-tests pass. */
const NEWEST_KNOWN_MINOR = 16;

/** Cheap: says whether a folder is a CPython source, and its version. @throws UserError if it is not one that we can check. */
export async function readVersion(path: string): Promise<string> {
  if (!existsSync(path)) throw new UserError(`The source ${path} does not exist.`);
  const header = await readFile(join(path, "Include", "patchlevel.h"), "utf8").catch(() => "");
  const version = /^#define PY_VERSION\s+"([^"]+)"/m.exec(header)?.[1];
  if (version === undefined || !existsSync(join(path, "configure"))) {
    throw new UserError(`${path} is not a CPython source: Include/patchlevel.h and configure are not both there.`, {
      hint: "Give a CPython checkout as `source`, or a release as `python-version`.",
    });
  }
  const minor = Number(/^3\.(\d+)/.exec(version)?.[1]);
  if (!(minor >= MIN_MINOR)) throw new UserError(`${path} is CPython ${version}; 3.${MIN_MINOR} or newer is needed.`);
  return version;
}

/** Whether the internals of this version are known: `3.16.0a0`. */
export function isKnownVersion(version: string): boolean {
  return Number(/^3\.(\d+)/.exec(version)?.[1]) <= NEWEST_KNOWN_MINOR;
}

/** Attempts to read a source without changes in between, and the milliseconds between attempts: a branch switch takes less. */
const MAX_READS = 4;
const READ_PAUSE_MS = 500;

/** Reads the whole source in one consistent state. @throws UserError like {@link readVersion}, and if it keeps changing. */
export async function openSource(path: string, processes: Processes): Promise<SourceTree> {
  await readVersion(path);
  for (let attempt = 1; ; attempt++) {
    const read = await tryReadSource(path, processes).catch((error: unknown) => {
      // During a branch switch, required files of a source may be missing.
      if (error instanceof UserError) return error;
      throw error;
    });
    if (!(read instanceof UserError)) return read;
    if (attempt === MAX_READS) throw read;
    await sleep(READ_PAUSE_MS);
  }
}

/** The error if something changed meanwhile. */
async function tryReadSource(path: string, processes: Processes): Promise<SourceTree | UserError> {
  const before = await observe(path, processes);
  const version = await readVersion(path);
  const files = readFiles(path, before.snapshot.keys());
  const hasFreelistsOption = (await readFile(join(path, "configure"), "utf8").catch(() => "")).includes("--with-freelists");
  const after = await observe(path, processes);
  const changed = firstDifference(before.snapshot, after.snapshot) ?? (before.commit === after.commit ? undefined : "HEAD");
  if (changed !== undefined) return sourceChanged(path, changed);
  return { path, version, hasFreelistsOption, files, contentHash: hashFiles(files), commit: after.commit };
}

/** The files of a source and their state, without reading their content. */
async function observe(path: string, processes: Processes): Promise<{ snapshot: Snapshot; commit: string | null }> {
  await readVersion(path);
  const listing = existsSync(join(path, ".git")) ? listCheckout(path, processes) : listFolder(path);
  const [names, commit] = await Promise.all([listing, commitOf(path, processes)]);
  const all = hasLocalSetup(path) ? [...names.filter((name) => name !== LOCAL_SETUP), LOCAL_SETUP] : names;
  return { snapshot: takeSnapshot(path, all.toSorted()), commit };
}

/** The user's own choice of modules. Git ignores it, because configure makes one that has only a comment. */
const LOCAL_SETUP = "Modules/Setup.local";

function hasLocalSetup(path: string): boolean {
  const file = join(path, LOCAL_SETUP);
  return (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false) && /^[ \t]*[^#\s]/m.test(readFileSync(file, "latin1"));
}

/** @param names sorted, so that a link comes before what is below it. */
function readFiles(path: string, names: Iterable<string>): ReadonlyMap<string, SourceFile> {
  const files = new Map<string, SourceFile>();
  for (const name of names) {
    const file = isBelowLink(name, files) ? undefined : readSourceFile(join(path, name));
    if (file !== undefined) files.set(name, file);
  }
  return files;
}

/** Git still lists the files of a folder that a link has replaced. To replace copies of them would replace files that the link leads to. */
function isBelowLink(name: string, files: ReadonlyMap<string, SourceFile>): boolean {
  const folder = dirname(name);
  return folder !== "." && (files.get(folder)?.kind === "link" || isBelowLink(folder, files));
}

/** The content of a file, which must match its hash; the target of a link. @throws UserError if it has changed since. */
export function readUnchanged(source: SourceTree, name: string): Buffer {
  const path = join(source.path, name);
  const file = source.files.get(name);
  const content = file?.kind === "link" ? readLink(path) : readIfThere(path);
  if (content === undefined || hash("sha256", content) !== file?.hash) throw sourceChanged(source.path, name);
  return content;
}

/**
 * Undefined for a deleted file that is still in git's index, and for something that is not a file (a submodule). Synchronous: with thousands of
 * small files, waiting for each takes nine times as long.
 */
function readSourceFile(path: string): SourceFile | undefined {
  const status = lstatSync(path, { throwIfNoEntry: false });
  const isLink = status?.isSymbolicLink();
  if (status === undefined || !(isLink || status.isFile())) return undefined;
  const content = isLink ? readLink(path) : readIfThere(path);
  if (content === undefined) return undefined;
  return { kind: isLink ? "link" : (status.mode & 0o100) === 0 ? "file" : "executable", hash: hash("sha256", content) };
}

function readLink(path: string): Buffer | undefined {
  return unlessGone(path, () => Buffer.from(readlinkSync(path)));
}

function readIfThere(path: string): Buffer | undefined {
  return unlessGone(path, () => readFileSync(path));
}

/** Undefined if it was deleted, or replaced by something else, after it was listed. @throws UserError if it cannot be read. */
function unlessGone(path: string, read: () => Buffer): Buffer | undefined {
  try {
    return read();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR", "EINVAL", "ELOOP"].includes(systemCodeOf(error) ?? "")) return undefined;
    throw unreadable(path, error);
  }
}

function hashFiles(files: ReadonlyMap<string, SourceFile>): string {
  const digest = createHash("sha256");
  for (const [name, file] of files) digest.update(`${file.kind} ${file.hash} ${name}\0`);
  return digest.digest("hex");
}
