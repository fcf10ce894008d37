import { hash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
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
 * Whether shared objects belong to a project: those in the RECORD of its installed packages (including libraries that auditwheel added), and those
 * in its checkout that no other package lists: `pip install --target` can put all packages there. Results are cached.
 */
export function ownsObjects(project: ProjectPlace): (object: string) => boolean {
  const workspaces = [project.workspace, realPath(project.workspace)];
  const isOwn = ownPackages(project);
  const listedIn = cached((folder: string) => listObjects(folder, isOwn));
  return cached((object: string) => {
    const workspace = workspaces.find((one) => isBelow(object, one));
    const listed = foldersOf(object, workspace)
      .map(listedIn)
      .find(({ size }) => size > 0);
    return listed?.get(object) ?? (workspace !== undefined && !PACKAGES.test(object.slice(workspace.length)));
  });
}

/** The folders that an object is in, innermost first, up to the workspace if it is there. */
function foldersOf(path: string, workspace: string | undefined): readonly string[] {
  const folder = dirname(path);
  if (folder === path) return [];
  return folder === workspace ? [folder] : [folder, ...foldersOf(folder, workspace)];
}

/** The shared objects of the packages that are installed in a folder, and whether they are the project's. */
function listObjects(folder: string, isOwn: (about: string) => boolean): ReadonlyMap<string, boolean> {
  const packages = namesIn(folder)
    .filter((entry) => entry.endsWith(".dist-info"))
    .map((entry) => join(folder, entry));
  return new Map(
    packages.flatMap((about) => {
      const objects = filesOf(about).filter((file) => /\.so\b/.test(file));
      return objects.map((file) => [join(folder, file), isOwn(about)] as const);
    }),
  );
}

function cached<Result>(compute: (key: string) => Result): (key: string) => Result {
  const known = new Map<string, Result>();
  return (key) => {
    const found = known.get(key) ?? compute(key);
    known.set(key, found);
    return found;
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
export function readPackages(folder: string, project: ProjectPlace): Packages {
  const isOwnPackage = ownPackages(project);
  const installed = namesIn(folder)
    .filter((entry) => /\.(dist|egg)-info$/.test(entry))
    .sort();
  const isOwn = (entry: string): boolean => isOwnPackage(join(folder, entry));
  const own = installed.filter(isOwn).flatMap((entry) => filesOf(join(folder, entry)).map((file) => join(folder, file)));
  const others = installed.filter((entry) => !isOwn(entry)).map((entry) => `${entry}${contentOf(join(folder, entry))}`);
  return { own, others };
}

/** Whether an installed package is the project's, by the folder that describes it: it has the project's name, or comes from the checkout. */
function ownPackages(project: ProjectPlace): (about: string) => boolean {
  const name = projectName(project.directory);
  return (about) => {
    if (normalized(basename(about).replace(/-[^-]*\.(dist|egg)-info$/, "")) === name) return true;
    const origin = originOf(about);
    return origin !== undefined && isInCheckout(origin, project);
  };
}

/** Whether a path is the checkout or lies in it, by the names of its folders or without symbolic links. */
export function isInCheckout(path: string, { workspace }: ProjectPlace): boolean {
  return [path, realPath(path)].some((one) => [workspace, realPath(workspace)].some((root) => one === root || isBelow(one, root)));
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** Without symbolic links; as it is if there is no such file. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The folder or file that pip installed the package from (PEP 610); undefined for other origins. */
function originOf(about: string): string | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.object({ url: v.string() })), readText(join(about, "direct_url.json")));
  const [, path] = (parsed.success ? /^file:\/\/(\/.*)$/.exec(parsed.output.url) : null) ?? [];
  return path === undefined ? undefined : decodeURIComponent(path).replace(/\/$/, "");
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

/** Empty if the folder cannot be read. */
export function namesIn(folder: string): readonly string[] {
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

/** Empty if the file cannot be read, or is none: a test may have replaced it by a pipe, which nobody writes to. */
export function readText(path: string): string {
  try {
    return statSync(path).isFile() ? readFileSync(path, "utf8") : "";
  } catch {
    return "";
  }
}
