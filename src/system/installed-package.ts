import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "smol-toml";
import * as v from "valibot";

/** Locations of an environment's packages. */
const PACKAGES = /\/(site|dist)-packages\//;

const ProjectFileSchema = v.object({ project: v.object({ name: v.string() }) });

/**
 * Whether shared objects belong to a project: those in its folder, and those in the RECORD of its installed package (including libraries that
 * auditwheel added). Results are cached.
 */
export function ownsObjects(folder: string): (object: string) => boolean {
  const name = projectName(folder);
  const answers = new Map<string, boolean>();
  return (object) => {
    const known = answers.get(object);
    if (known !== undefined) return known;
    const isInTree = object.startsWith(`${folder}/`) && !PACKAGES.test(object.slice(folder.length));
    const answer = isInTree || (name !== undefined && isOfPackage(object, name));
    answers.set(object, answer);
    return answer;
  };
}

/** The name in pyproject.toml, normalized as on PyPI. Undefined if there is none. */
function projectName(folder: string): string | undefined {
  try {
    const parsed = v.safeParse(ProjectFileSchema, parse(readFileSync(join(folder, "pyproject.toml"), "utf8")));
    return parsed.success ? normalized(parsed.output.project.name) : undefined;
  } catch {
    return undefined;
  }
}

function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function isOfPackage(object: string, name: string): boolean {
  for (let folder = dirname(object); folder !== dirname(folder); folder = dirname(folder)) {
    const about = namesIn(folder).filter((entry) => entry.endsWith(".dist-info"));
    const own = about.find((entry) => normalized(entry.replace(/-[^-]*\.dist-info$/, "")) === name);
    if (own !== undefined) return recordOf(join(folder, own)).includes(`\n${relative(folder, object)},`);
    if (about.length > 0) return false;
  }
  return false;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A line for each file: its path, its hash, its size. */
function recordOf(about: string): string {
  try {
    return `\n${readFileSync(join(about, "RECORD"), "utf8")}`;
  } catch {
    return "";
  }
}
