import { createHash, hash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Processes } from "../system/processes.ts";
import { listCheckout, listFolder } from "./source-names.ts";

/** One file of a source, by what it holds. */
export interface SourceFile {
  /** SHA-256 of the content; of the target for a symbolic link. */
  readonly hash: string;
  readonly kind: "file" | "executable" | "link";
}

/** A CPython source as it is right now. */
export interface SourceTree {
  readonly path: string;
  /** `3.13.15`, `3.14.0a2+` */
  readonly version: string;
  /** configure of 3.11 to 3.13 has `--without-freelists`. */
  readonly hasFreelistsOption: boolean;
  /** By path relative to `path`, sorted. */
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly contentHash: string;
}

const OLDEST_MINOR = 11;

/** The newest minor version whose internals were read. A newer one is accepted if the self-tests pass on it. */
const NEWEST_KNOWN_MINOR = 16;

/** Cheap: says whether a folder is a CPython source, and which. @throws UserError when it is none that we can check. */
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
  if (!(minor >= OLDEST_MINOR)) throw new UserError(`${path} is CPython ${version}; 3.${OLDEST_MINOR} or newer is needed.`);
  return version;
}

/** Whether the internals of this version were read: `3.16.0a0`. */
export function isKnownVersion(version: string): boolean {
  return Number(/^3\.(\d+)/.exec(version)?.[1]) <= NEWEST_KNOWN_MINOR;
}

/** Reads the whole source once. @throws UserError as {@link readVersion}. */
export async function openSource(path: string, processes: Processes): Promise<SourceTree> {
  const version = await readVersion(path);
  const names = existsSync(join(path, ".git")) ? await listCheckout(path, processes) : listFolder(path);
  const files = new Map<string, SourceFile>();
  for (const name of names.toSorted()) {
    const file = readSourceFile(join(path, name));
    if (file !== undefined) files.set(name, file);
  }
  const hasFreelistsOption = (await readFile(join(path, "configure"), "utf8")).includes("--with-freelists");
  return { path, version, hasFreelistsOption, files, contentHash: hashFiles(files) };
}

/**
 * Undefined for what is gone (deleted, but still in git's index) and for what is no file (a submodule). Synchronous: with thousands of small
 * files waiting for each takes nine times as long.
 */
function readSourceFile(path: string): SourceFile | undefined {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status?.isSymbolicLink()) return { kind: "link", hash: hash("sha256", readlinkSync(path)) };
  if (!status?.isFile()) return undefined;
  return { kind: (status.mode & 0o100) === 0 ? "file" : "executable", hash: hash("sha256", readFileSync(path)) };
}

function hashFiles(files: ReadonlyMap<string, SourceFile>): string {
  const digest = createHash("sha256");
  for (const [name, file] of files) digest.update(`${file.kind} ${file.hash} ${name}\0`);
  return digest.digest("hex");
}
