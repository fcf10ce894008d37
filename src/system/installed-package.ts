import { hash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
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
      return objects.map((file) => [resolve(folder, file), isOwn(about)] as const);
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
  /** Paths of the project's installed files, from the packages' RECORD files, and of files that no package lists. */
  readonly own: readonly string[];
  /** `numpy-2.4.0`; with a hash if it was installed from a folder, a repository or an archive: these may change within one version. */
  readonly others: readonly string[];
}

/** @param folder such as site-packages. */
export function readPackages(folder: string, project: ProjectPlace): Packages {
  const isOwnPackage = ownPackages(project);
  const installed = namesIn(folder)
    .filter((entry) => /\.(dist|egg)-info$/.test(entry))
    .sort();
  const isOwn = (entry: string): boolean => isOwnPackage(join(folder, entry));
  const own = installed.filter(isOwn).flatMap((entry) => pathsOf(folder, entry));
  const others = installed.filter((entry) => !isOwn(entry)).map((entry) => `${entry}${contentOf(join(folder, entry))}`);
  return { own: [...own, ...unlistedIn(folder, installed)], others };
}

/** Files in no RECORD: a build of the project copied them there. None if some package lists no files, as those of Debian and Ubuntu. */
function unlistedIn(folder: string, installed: readonly string[]): readonly string[] {
  const packages = installed.map((entry) => pathsOf(folder, entry));
  if (packages.some((paths) => paths.length === 0)) return [];
  const listed = new Set(packages.flat());
  return filesBelow(folder).filter((path) => !listed.has(path) && !GENERATED.test(relative(folder, path)));
}

/** Byte code, and what installers write about packages. */
const GENERATED = /(^|\/)__pycache__\/|^[^/]*\.(dist|egg)-info\//;

function filesBelow(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function pathsOf(folder: string, entry: string): readonly string[] {
  return filesOf(join(folder, entry)).map((file) => resolve(folder, file));
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

const OriginSchema = v.object({
  url: v.string(),
  vcs_info: v.optional(v.object({ commit_id: v.string() })),
  archive_info: v.optional(v.object({ hash: v.optional(v.string()), hashes: v.optional(v.record(v.string(), v.string())) })),
});

/** Where pip installed the package from (PEP 610); undefined for a package from an index. */
function readOrigin(about: string): v.InferOutput<typeof OriginSchema> | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), OriginSchema), readText(join(about, "direct_url.json")));
  return parsed.success ? parsed.output : undefined;
}

/** The folder or file that pip installed the package from; undefined for other origins. */
function originOf(about: string): string | undefined {
  const [, path] = /^file:\/\/(\/.*)$/.exec(readOrigin(about)?.url ?? "") ?? [];
  return path === undefined ? undefined : decoded(path).replace(/\/$/, "");
}

/** As it is if it is not encoded. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Empty if the version says all. The commit or the archive's hash says more: compiled files may differ from one installation to the next. */
function contentOf(about: string): string {
  const origin = readOrigin(about);
  if (origin === undefined) return "";
  const hashes = origin.archive_info?.hashes ?? {};
  const pins = [origin.vcs_info?.commit_id, origin.archive_info?.hash, ...Object.values(hashes)].filter((pin) => pin !== undefined);
  const isLocal = originOf(about) !== undefined;
  return ` ${hash("sha256", isLocal || pins.length === 0 ? recordOf(about) : [origin.url, ...pins].join("\n"))}`;
}

/** A field of a line as the csv module of Python writes it. Only `\n` ends a line: `^` would also match after U+2028. */
const FIRST_FIELD = /(?<=^|\n)(?:"((?:[^"]|"")*)"|([^,"\n]*)),/g;

function filesOf(about: string): readonly string[] {
  const fields = recordOf(about).matchAll(FIRST_FIELD);
  return [...fields].map(([, quoted, bare = ""]) => quoted?.replaceAll('""', '"') ?? bare).filter((file) => file !== "");
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
