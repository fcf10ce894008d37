import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "smol-toml";
import * as v from "valibot";

/** Locations of an environment's packages. */
const PACKAGES = /\/(site|dist)-packages\//;

const ProjectFileSchema = v.object({ project: v.object({ name: v.string() }) });

/** A project under test. */
export interface ProjectPlace {
  /** The checkout: all files in it are the project's. */
  readonly workspace: string;
  /** The folder in it with the pyproject.toml. */
  readonly directory: string;
}

/**
 * Whether shared objects belong to a project: those in its checkout, and those in the RECORD of its installed package (including libraries that
 * auditwheel added). Results are cached.
 */
export function ownsObjects({ workspace, directory }: ProjectPlace): (object: string) => boolean {
  const name = projectName(directory);
  const answers = new Map<string, boolean>();
  return (object) => {
    const known = answers.get(object);
    if (known !== undefined) return known;
    const isInTree = object.startsWith(`${workspace}/`) && !PACKAGES.test(object.slice(workspace.length));
    const answer = isInTree || (name !== undefined && isOfPackage(object, name));
    answers.set(object, answer);
    return answer;
  };
}

/** The packages installed in one folder of an environment. */
export interface Packages {
  /** Paths of the project's installed files, from the packages' RECORD files. */
  readonly own: readonly string[];
  /** `numpy-2.4.0`; with a hash of its files if it was installed from a folder, because the content may change within one version. */
  readonly others: readonly string[];
}

/** @param folder such as site-packages. */
export function readPackages(folder: string, { workspace, directory }: ProjectPlace): Packages {
  const name = projectName(directory);
  const installed = namesIn(folder)
    .filter((entry) => /\.(dist|egg)-info$/.test(entry))
    .sort();
  const isOwn = (entry: string): boolean =>
    normalized(entry.replace(/-[^-]*\.(dist|egg)-info$/, "")) === name ||
    originOf(join(folder, entry))?.startsWith(`${workspace}/`) === true;
  const own = installed.filter(isOwn).flatMap((entry) => filesOf(join(folder, entry)).map((file) => join(folder, file)));
  const others = installed.filter((entry) => !isOwn(entry)).map((entry) => `${entry}${contentOf(join(folder, entry))}`);
  return { own, others };
}

/** The folder or file that pip installed the package from, with a trailing slash (PEP 610); undefined for other origins. */
function originOf(about: string): string | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.object({ url: v.string() })), readText(join(about, "direct_url.json")));
  const [, path] = (parsed.success ? /^file:\/\/(\/.*)$/.exec(parsed.output.url) : null) ?? [];
  return path === undefined ? undefined : `${decodeURIComponent(path)}/`;
}

function contentOf(about: string): string {
  return originOf(about) === undefined ? "" : ` ${hash("sha256", recordOf(about))}`;
}

function filesOf(about: string): readonly string[] {
  return recordOf(about)
    .split("\n")
    .flatMap((line) => /^"?([^",]+)"?,/.exec(line)?.[1] ?? []);
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
  const record = readText(join(about, "RECORD"));
  return record === "" ? "" : `\n${record}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
