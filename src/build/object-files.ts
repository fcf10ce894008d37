import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Code, mergeAtoms } from "../affected/code.ts";
import { readObjectCode } from "../affected/object-code.ts";
import { OBJECT_FOLDERS } from "./stale-objects.ts";

/** A file that every build has. */
const ALWAYS = "_PyEval_EvalFrameDefault";

/** Where setup.py of 3.11 puts objects of extension modules. */
const OF_SETUP = "build";

/** The functions and variables of a build, from its object files; undefined if any can't be read (another compiler's format). */
export function readBuildCode(tree: string): Code | undefined {
  try {
    const code = mergeAtoms(objectFiles(tree).map((path) => readObjectCode(readFileSync(path), (name) => readSource(path, name))));
    return code.atoms.get(ALWAYS)?.kind === "function" ? code : undefined;
  } catch {
    return undefined;
  }
}

/** The Makefile puts objects beside their sources; for others the source is unknown. */
function readSource(object: string, name: string): string | undefined {
  const path = join(dirname(object), basename(name));
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function objectFiles(tree: string): readonly string[] {
  return [...OBJECT_FOLDERS, OF_SETUP].flatMap((folder) =>
    readdirSync(join(tree, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".o"))
      .sort()
      .map((name) => join(tree, folder, name)),
  );
}
