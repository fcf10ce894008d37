import {
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { systemCodeOf } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";
import {
  type BuildFolder,
  changedFiles,
  copyFiles,
  folderAt,
  isBoundToFolder,
  readStamp,
  type Stamp,
  unchangedFiles,
} from "./build-folder.ts";
import type { SourceTree } from "./source.ts";

/** A wide window finds content shared by programs and their objects; zstd(1) writes and verifies a checksum. */
const PACK = "-1 --long=27 -T0";
const UNPACK = "-d --long=27";

/** Files left behind by tests, written by programs that ran, and from configure's trials. */
const NOT_PACKED = /^build\/(test_python_|.*__pycache__)|^config\.log$/;

/**
 * Packs the built files without the source: the machine that unpacks it has a source, and the stamp tells which of its files are the same. The
 * probe, which does the checking, is left out and never taken from an archive. Returns the archive's size in bytes. @throws UserError if it
 * can't be packed.
 */
export async function packBuild(folder: BuildFolder, stamp: Stamp, archive: string, processes: Processes): Promise<number> {
  const built = namesIn(folder.tree).filter((name) => !(name in stamp.files) && !NOT_PACKED.test(name));
  const names = ["stamp.json", ...built.map((name) => `tree/${name}`)];
  const list = `${archive}.list`;
  await writeFile(list, names.join("\0"));
  // posix: this format keeps fractions of seconds, which `make` compares.
  const form = ["--format=posix", "--owner=0", "--group=0", "--numeric-owner", "--no-recursion", "--null", "--verbatim-files-from"];
  await processes.output("tar", ["-c", "-I", zstd(processes, PACK), ...form, "-C", folder.path, "-T", list, "-f", archive]);
  await rm(list);
  return (await stat(archive)).size;
}

/** An absolute path: tar would look up a bare name in PATH, where a test may have put a program of that name. */
function zstd(processes: Processes, options: string): string {
  return `'${processes.pathOf("zstd") ?? "/usr/bin/zstd"}' ${options}`;
}

/** Why a packed build can't be used here. */
export type Useless =
  /** tar's complaint. */
  | { readonly code: "damaged"; readonly detail: string }
  /** It has something other than files and links to files of its own. */
  | { readonly code: "leads-out" }
  /** It has no build, or one in another version's format. */
  | { readonly code: "no-build" }
  | { readonly code: "other-recipe" }
  /** It was stored under another key than its own. */
  | { readonly code: "other-key"; readonly key: string }
  /** By this machine's clock. */
  | { readonly code: "from-the-future" }
  /** It only works in the folder that it was built in. */
  | { readonly code: "other-folder"; readonly tree: string }
  /** configure would give another result with this source. */
  | { readonly code: "other-configuration" }
  /** It has folders where the source has files, or the other way round. */
  | { readonly code: "other-files" };

/** The result of unpacking a build. */
export type Unpacked = { readonly kind: "unpacked"; readonly stamp: Stamp } | { readonly kind: "useless"; readonly why: Useless };

/** Unpacks a build into the folder of its recipe, with the files of the source that it was built from. */
export interface Destination {
  readonly folder: BuildFolder;
  readonly recipeKey: string;
  /** The build that the archive claims to be. */
  readonly key: string;
  readonly source: SourceTree;
}

/** An archive is untrusted and accepted only as a whole: it is unpacked in a temporary folder, inspected, and then moved into place. */
export async function unpackBuild(archive: string, destination: Destination, processes: Processes): Promise<Unpacked> {
  const { folder, source } = destination;
  const [aside, copy] = [folderAt(join(folder.path, "unpacking")), folderAt(join(folder.path, "copying"))];
  for (const { path } of [aside, copy]) await rm(path, { recursive: true, force: true });
  await mkdir(aside.path, { recursive: true });
  // GNU tar prevents names and links that lead out of the folder while it unpacks.
  const args = ["-x", "-I", zstd(processes, UNPACK), "--no-same-owner", "--no-same-permissions", "-C", aside.path, "-f", archive];
  const unpacking = processes.run("tar", args);
  // In parallel, since it takes as long. Which files match the build is not known yet.
  const copying = async (): Promise<void> => copyFiles(copy, source, source.files.keys(), "old");
  const [ended] = await Promise.all([unpacking, copying()]);
  const damage = ended.code === 0 ? undefined : (ended.stderr.trim().split("\n", 1)[0] ?? "");
  const judged = await judge(aside, damage, destination);
  const unpacked = judged.kind === "unpacked" ? await moveIn(aside, copy, judged.stamp, destination) : judged;
  for (const { path } of [aside, copy]) await rm(path, { recursive: true, force: true });
  return unpacked;
}

const useless = (why: Useless): Unpacked => ({ kind: "useless", why });

async function judge(aside: BuildFolder, damage: string | undefined, { folder, recipeKey, key, source }: Destination): Promise<Unpacked> {
  if (damage !== undefined) return useless({ code: "damaged", detail: damage });
  if (leadsOut(aside.path)) return useless({ code: "leads-out" });
  const stamp = await readStamp(aside);
  if (stamp?.state !== "built") return useless({ code: "no-build" });
  if (!stamp.key.startsWith(`${recipeKey}-`)) return useless({ code: "other-recipe" });
  if (stamp.key !== key) return useless({ code: "other-key", key: stamp.key });
  if (stamp.time > Date.now()) return useless({ code: "from-the-future" });
  if (stamp.tree !== folder.tree && isBoundToFolder(source.version)) return useless({ code: "other-folder", tree: stamp.tree });
  if (changedFiles(stamp, source) === undefined) return useless({ code: "other-configuration" });
  return { kind: "unpacked", stamp };
}

/** Whether the tree has only files, and links to existing targets inside: it is read next, and files are copied into its folders. */
function leadsOut(folder: string): boolean {
  return namesIn(folder, (entry) => !entry.isFile()).some((name) => {
    const path = join(folder, name);
    // A link to a missing target could later lead out of the tree.
    return !lstatSync(path).isSymbolicLink() || !existsSync(path) || !realpathSync(path).startsWith(`${realpathSync(folder)}/`);
  });
}

async function moveIn(aside: BuildFolder, copy: BuildFolder, stamp: Stamp, { folder, source }: Destination): Promise<Unpacked> {
  if (stamp.tree !== folder.tree) relocate(aside.tree, stamp.tree, folder.tree);
  try {
    moveFiles(copy.tree, aside.tree, unchangedFiles(stamp, source));
  } catch (error) {
    if (["EISDIR", "ENOTDIR", "EEXIST", "ENOTEMPTY"].includes(systemCodeOf(error) ?? "")) return useless({ code: "other-files" });
    throw error;
  }
  // The probe is compiled from our own sources: one in the archive is discarded, and one in the folder belongs to another build.
  for (const part of ["tree", "probe"] as const) await rm(folder[part], { recursive: true, force: true });
  await rename(aside.tree, folder.tree);
  return { kind: "unpacked", stamp };
}

function moveFiles(from: string, to: string, names: readonly string[]): void {
  for (const folder of new Set(names.map(dirname))) mkdirSync(join(to, folder), { recursive: true });
  for (const name of names) renameSync(join(from, name), join(to, name));
}

/** Configure and its output contain the folder they ran in. Compiled files do not, so nothing has to be compiled again. */
function relocate(tree: string, from: string, to: string): void {
  for (const name of namesIn(tree, (entry) => entry.isFile() && !/\.(o|d|a|so|pyc)$/.test(entry.name))) {
    const path = join(tree, name);
    const { size, atime, mtimeMs } = lstatSync(path);
    if (size > MAX_TEXT_BYTES) continue;
    const text = readFileSync(path, "latin1");
    if (!text.includes(from)) continue;
    writeFileSync(
      path,
      text.replaceAll(from, () => to),
      "latin1",
    );
    utimesSync(path, atime, mtimeMs / 1000);
  }
}

/** Size limit in bytes. Programs are larger. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024;

/** The paths of all files in a folder; empty if the folder does not exist. */
function namesIn(folder: string, takes: (entry: Dirent) => boolean = () => true): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && takes(entry))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
