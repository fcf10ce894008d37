import { hash } from "node:crypto";
import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import * as v from "valibot";
import type { Progress } from "../model/progress.ts";
import { systemCodeOf } from "../model/user-error.ts";
import { writeAtomically } from "../system/atomic-write.ts";
import { removeUnnameable } from "../system/remove-folder.ts";
import { type BuildFolder, removeEmptyFolders, type Stamp } from "./build-folder.ts";
import { modeIn, takeSnapshot } from "./source-snapshot.ts";

/** Raise it with the format of the record. */
const CONTENTS_VERSION = 1;

const ContentsSchema = v.object({
  contentsVersion: v.literal(CONTENTS_VERSION),
  /** By path in the tree: the file's state, and the SHA-256 of its content, or of its target for a link. */
  files: v.record(v.string(), v.object({ state: v.string(), hash: v.string() })),
});

type Files = v.InferOutput<typeof ContentsSchema>["files"];

/** Records the content of the tree after its build, before any test runs in it. */
export async function recordContents(folder: BuildFolder): Promise<void> {
  await writeContents(folder, filesNow(folder, (await readContents(folder)) ?? {}));
}

async function writeContents(folder: BuildFolder, files: Files): Promise<void> {
  await writeAtomically(contentsPath(folder), JSON.stringify({ contentsVersion: CONTENTS_VERSION, files }));
}

/**
 * Compares a cached build with its record, since tests can write to the files they run from. Added files and folders are removed. Changed source files and
 * byte code are missing in the returned stamp, so the build copies and compiles them again. Undefined if a compiled file changed.
 */
export async function verifyContents(folder: BuildFolder, stamp: Stamp, progress: Progress): Promise<Stamp | undefined> {
  // No test has run from it.
  if (stamp.state === "failed") return stamp;
  const recorded = await readContents(folder);
  if (recorded === undefined) return undefined;
  removeUnnameable(folder.tree);
  const now = filesNow(folder, recorded);
  removeAdded(
    folder,
    Object.keys(now).filter((name) => !(name in recorded)),
  );
  removeEmpty(join(folder.tree, "Lib"));
  const changed = Object.keys(recorded).filter((name) => !isEqual(now[name], recorded[name]));
  const replaceable = changed.flatMap((name) => sourceOf(name, stamp) ?? []);
  if (changed.length > 0) progress.note(describeChange(changed, replaceable.length === changed.length));
  if (replaceable.length < changed.length) return undefined;
  if (changed.length > 0) return { ...stamp, key: "", files: without(stamp.files, new Set(replaceable)) };
  // A copied folder has the same files with other times: next time they need not be read.
  if (Object.keys(recorded).some((name) => now[name]?.state !== recorded[name]?.state)) await recordContents(folder);
  return stamp;
}

/** Whether the content is the same, and we have all permissions that we had. */
function isEqual(now: Files[string] | undefined, recorded: Files[string] | undefined): boolean {
  const lost = modeIn(recorded?.state ?? "") & ~modeIn(now?.state ?? "") & OWN;
  return now?.hash === recorded?.hash && lost === 0;
}

const OWN = 0o700;

async function readContents(folder: BuildFolder): Promise<Files | undefined> {
  const text = await readFile(contentsPath(folder), "utf8").catch(() => "");
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ContentsSchema), text);
  return parsed.success ? parsed.output.files : undefined;
}

/** Files with an unchanged state have unchanged content: their ctime changes with every write, and no program can set it. */
function filesNow({ tree }: BuildFolder, known: Files): Files {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry: Dirent) => !entry.isDirectory()).map((entry) => relative(tree, join(entry.parentPath, entry.name)));
  const states = [...takeSnapshot(tree, names.sort())];
  return Object.fromEntries(
    states.map(([name, state]) => [name, known[name]?.state === state ? known[name] : { state, hash: hashOf(join(tree, name)) }]),
  );
}

function hashOf(path: string): string {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) return hash("sha256", `link ${readlinkSync(path)}`);
  return status.isFile() ? hash("sha256", readIfAllowed(path)) : "";
}

/** Empty if a test took away the permission. */
function readIfAllowed(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemCodeOf(error) !== "EACCES") throw error;
    return "";
  }
}

/** Python takes an empty folder for a package. */
function removeEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  removeEmptyFolders(folder, dirname(folder));
}

function removeAdded({ tree }: BuildFolder, names: readonly string[]): void {
  for (const name of names) {
    rmSync(join(tree, name), { force: true });
    removeEmptyFolders(dirname(join(tree, name)), tree);
  }
}

/** The source file to copy again; undefined if only a build from scratch helps. */
function sourceOf(name: string, { files }: Stamp): string | undefined {
  const source = name.replace(/__pycache__\/([^/.]+)\.[^/]*\.pyc$/, "$1.py");
  return source in files ? source : undefined;
}

function without(files: Stamp["files"], names: ReadonlySet<string>): Stamp["files"] {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !names.has(name)));
}

function describeChange([first = "", ...others]: readonly string[], isReplaceable: boolean): string {
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const remedy = isReplaceable ? "Copying them from the source again" : "Building from scratch";
  return `Files of the cached build changed after it was built (${first}${more}). ${remedy}.`;
}

function contentsPath(folder: BuildFolder): string {
  return join(folder.path, "contents.json");
}
