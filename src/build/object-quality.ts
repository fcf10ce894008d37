import { accessSync, constants, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import type { Note } from "../model/note.ts";
import { pythonName } from "../model/python-version.ts";
import { systemCodeOf } from "../model/user-error.ts";
import { isInCheckout, namesIn, ownsObjects, type ProjectPlace, readText } from "../system/installed-package.ts";
import type { Processes } from "../system/processes.ts";
import { listSharedObjects } from "../system/source-files.ts";
import type { Python } from "./build.ts";

/** What a shared object lacks for good stacks. */
export type Lack = "symbols" | "lines" | "frame pointers";

/** Limit: a package with hundreds of modules compiles all with the same flags. */
const MAX_OBJECTS = 20;

/** A note on each of the project's shared objects that gives poor stacks. */
export async function objectNotes(
  python: Pick<Python, "path" | "version" | "freeThreaded">,
  project: ProjectPlace,
  processes: Processes,
): Promise<readonly Note[]> {
  const objects = (await listProjectObjects(python, project, processes)).slice(0, MAX_OBJECTS);
  const lacking = await Promise.all(
    objects.map(async (object) => ({ object, lacks: lacksOf(await describe(object, processes), readFileSync(object)) })),
  );
  return lacking.flatMap(({ object, lacks }): readonly Note[] =>
    lacks.length === 0 ? [] : [{ code: "object-without", object, lacks: [...lacks] }],
  );
}

/** Those that are installed in the interpreter's environment or on PYTHONPATH, and those that an installation in place or an editable one uses. */
export async function listProjectObjects(
  python: Pick<Python, "path" | "version" | "freeThreaded">,
  project: ProjectPlace,
  processes: Processes,
): Promise<readonly string[]> {
  const owns = ownsObjects(project);
  const packages = join(dirname(dirname(python.path)), "lib", pythonName(python), "site-packages");
  const folders = [packages, ...(processes.env.PYTHONPATH ?? "").split(delimiter)].filter((folder) => folder !== "");
  const installed = folders.flatMap(objectsBelow).filter(owns);
  const names = new Set(installed.map((path) => basename(path)));
  const built = await Promise.all([project.directory, ...editableFolders(packages, project)].map(objectsBuiltIn));
  // An installation leaves copies of its objects in the checkout, which no test loads.
  const inPlace = built.flat().filter((path) => owns(path) && !names.has(basename(path)));
  return [...new Set([...installed, ...inPlace])];
}

async function objectsBuiltIn(folder: string): Promise<readonly string[]> {
  return (await listSharedObjects(folder)).map((name) => join(folder, name)).filter(isReadable);
}

/** Folders of the checkout that an editable installation puts on the module path. */
function editableFolders(packages: string, project: ProjectPlace): readonly string[] {
  const lines = namesIn(packages)
    .filter((name) => name.endsWith(".pth"))
    .flatMap((name) => readText(join(packages, name)).split("\n"));
  // site.py executes a line that begins with `import`.
  const folders = lines
    .filter((line) => line.trim() !== "" && !/^(#|import[ \t])/.test(line))
    .map((line) => resolve(packages, line.trim()));
  return folders.filter((folder) => isInCheckout(folder, project));
}

/** Tests have run by now: what cannot be read, or is an archive on the path, has none. */
function objectsBelow(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".so"));
    return names.map((name) => join(folder, name)).filter(isReadable);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return [];
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Its sections and symbols, from binutils' readelf. */
async function describe(object: string, processes: Processes): Promise<string> {
  const lines: string[] = [];
  await processes.run("readelf", ["-S", "-s", "-W", object], { onLine: (line) => lines.push(line), timeout: 60 });
  return lines.join("\n");
}

/** `push %rbp; mov %rsp,%rbp`, the start of an x86-64 function with a frame pointer; other instructions may come in between. */
const KEEPS_FRAME_POINTER = Buffer.from([0x55, 0x48, 0x89, 0xe5]);

/** Offset of the machine in ELF, and the number of x86-64. */
const MACHINE = { at: 18, x86: 0x3e } as const;

/** Minimum share of functions: leaf functions have none, and some mix the two instructions with others. */
const MIN_PART = 0.1;

/** @param described what `readelf -S -s -W` prints. @param content of the file. Pure. */
export function lacksOf(described: string, content: Buffer): readonly Lack[] {
  if (!/^ELF|\.dynsym/m.test(described)) return [];
  if (!described.includes(".symtab")) return ["symbols"];
  const functions = described.match(/^\s*\d+: [0-9a-f]+\s+[1-9]\d* FUNC .* \d+ \S+$/gm)?.length ?? 0;
  const isWithout = content[MACHINE.at] === MACHINE.x86 && count(content, KEEPS_FRAME_POINTER) < functions * MIN_PART;
  return [...(described.includes(".debug_line") ? [] : ["lines" as const]), ...(isWithout ? ["frame pointers" as const] : [])];
}

function count(content: Buffer, pattern: Buffer): number {
  let found = 0;
  for (let at = content.indexOf(pattern); at !== -1; at = content.indexOf(pattern, at + 1)) found++;
  return found;
}
