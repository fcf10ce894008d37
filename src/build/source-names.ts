import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { withGit } from "../git/git.ts";
import { messageOf, systemCodeOf, UserError } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";

/** Parts of CPython's source. Nothing that is built or run comes from here, and it changes often. */
const LEFT_OUT = /^(Doc|InternalDocs|Misc\/NEWS\.d|\.git|\.github)(\/|$)/;

/** Files that a build inside an exported source leaves there. For a git checkout, .gitignore lists them. */
const GENERATED =
  /(^|\/)(__pycache__|autom4te\.cache)(\/|$)|\.(o|a|so|pyc|gcda|gcno)$|^build\/|^(Makefile|Makefile\.pre|config\.(log|status|cache)|pyconfig\.h|pybuilddir\.txt|platform|python(\.exe)?|python-config(\.py)?|python-gdb\.py|_bootstrap_python|Modules\/(config\.c|Setup\.(local|bootstrap|stdlib)|ld_so_aix)|Programs\/(_freeze_module|_testembed)|Python\/frozen_modules\/.*\.h|Python\/deepfreeze\/.*\.c|Misc\/python(-embed)?\.pc|Misc\/python-config\.sh)$/;

/** Whether a file or folder is no part of what is checked. */
type IsLeftOut = (name: string) => boolean;

/** For CPython's sources. */
const isNotBuilt: IsLeftOut = (name) => LEFT_OUT.test(name);

/** Tracked and new files of a checkout, without those that .gitignore names. @throws UserError for a name that is not UTF-8. */
export async function listCheckout(path: string, processes: Processes, isLeftOut = isNotBuilt): Promise<readonly string[]> {
  const pieces: Buffer[] = [];
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const ended = await withGit(path, processes, (git) => git(args, { onBytes: (bytes) => pieces.push(bytes) }));
  if (ended.code !== 0) throw new UserError(`git cannot list the files of ${path}.`, { hint: ended.stderr.trim() });
  return [...new Set(splitNames(Buffer.concat(pieces)))].filter((name) => !isLeftOut(name));
}

/** All files of an exported source, without those that a build makes. @throws UserError for a name that is not UTF-8. */
export function listFolder(path: string, isLeftOut: IsLeftOut = (name) => isNotBuilt(name) || GENERATED.test(name)): readonly string[] {
  return [...filesBelow(path, "", isLeftOut)];
}

function* filesBelow(root: string, folder: string, isLeftOut: IsLeftOut): Generator<string> {
  for (const entry of entriesIn(join(root, folder))) {
    const name = decodeName(Buffer.concat([Buffer.from(folder === "" ? "" : `${folder}/`), entry.name]));
    if (isLeftOut(name)) continue;
    if (entry.isDirectory()) yield* filesBelow(root, name, isLeftOut);
    else yield name;
  }
}

function entriesIn(path: string): readonly Dirent<Buffer>[] {
  try {
    return readdirSync(path, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The error for a file or folder that is there but cannot be read: a source without it would be another one. */
export function unreadable(path: string, error: unknown): unknown {
  if (systemCodeOf(error) === undefined) return error;
  const hint = "Another user may have made it, such as root in a container.";
  return new UserError(`${path} cannot be read: ${messageOf(error)}.`, { hint, cause: error });
}

/** Names that each end with a null byte. */
function splitNames(bytes: Buffer): string[] {
  const names: string[] = [];
  for (let from = 0, end = bytes.indexOf(0); end !== -1; from = end + 1, end = bytes.indexOf(0, from)) {
    names.push(decodeName(bytes.subarray(from, end)));
  }
  return names;
}

/** Without such a file, a different source would be checked. */
function decodeName(bytes: Buffer): string {
  const name = bytes.toString("utf8");
  if (Buffer.from(name).equals(bytes) || LEFT_OUT.test(name) || GENERATED.test(name)) return name;
  throw new UserError(`The source has a file whose name is not UTF-8: ${JSON.stringify(bytes.toString("latin1"))} (as Latin-1).`, {
    hint: "Rename it, or, if it is no part of the source, delete it.",
  });
}
