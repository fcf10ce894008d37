// The code and files of a project whose tests pytest or unittest runs.

import { hash } from "node:crypto";
import { readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, join } from "node:path";
import { mergeAtoms } from "../affected/code.ts";
import { type ListedObject, listFunctions, RUN_BY_ALL, type Watched } from "../affected/footprint-files.ts";
import { type LinkedCode, readLinkedCode } from "../affected/linked-code.ts";
import { PARTS, suiteRules } from "../affected/suite-file-rules.ts";
import { findByEnd, indexFiles } from "../findings/project-files.ts";
import { systemCodeOf } from "../model/user-error.ts";
import { ownsObjects, type ProjectPlace, readText } from "../system/installed-package.ts";
import type { Processes } from "../system/processes.ts";
import { listSharedObjects, listSourceFiles, SHARED_OBJECT } from "../system/source-files.ts";
import type { Python } from "./build.ts";
import { findFolders, type ProjectFolders, type TestedProject } from "./project-folders.ts";
import { isHidden, listProject } from "./project-names.ts";
import type { UnderTest } from "./under-test.ts";

export interface ProjectRequest extends Pick<TestedProject, "workspace" | "directory" | "passEnv"> {
  readonly python: Pick<Python, "path" | "tree" | "objects" | "freeThreaded">;
  /** The command that runs the tests. */
  readonly command: readonly string[];
}

/** One of the project's shared objects; `linked` is undefined if it cannot be split into functions. */
interface ProjectObject {
  readonly path: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly linked: LinkedCode | undefined;
}

/** Reads the project before any test runs. */
export async function projectUnderTest({ python, command, ...place }: ProjectRequest, processes: Processes): Promise<UnderTest> {
  const { workspace } = place;
  const folders = await findFolders({ ...place, ...python }, processes);
  const files = new ProjectFiles(folders, await listProject(workspace, processes));
  const objects = await readObjects(place, files, folders);
  const parts = { [PARTS.command]: command.join(" "), [PARTS.packages]: folders.others.join("\n") };
  const fixed = [
    ...Object.entries(parts).map(([name, text]) => [name, hash("sha256", text)] as const),
    ...objects.map(({ name, bytes, linked }) => [name, linked?.rest ?? hash("sha256", bytes)] as const),
  ];
  return {
    objects: objects.map(({ path }) => path),
    whole: objects.filter(({ linked }) => linked === undefined).map(({ name }) => name),
    watched: () => watchedOf(objects, folders, python),
    code: () => mergeAtoms(objects.map(({ linked }) => linked?.atoms ?? [])),
    sources: (further) => new Map([...files.hashes(further), ...fixed]),
    rules: (tests) => suiteRules({ tests: new Set(tests), mentioning: files.mentioning(tests) }),
  };
}

function watchedOf(objects: readonly ProjectObject[], folders: ProjectFolders, python: ProjectRequest["python"]): Watched {
  // The interpreter's functions are not the project's. One of them shows that the process was watched.
  const program = realpathSync(python.path);
  const interpreter = [program, ...(python.objects ?? []).filter((path) => path !== program)];
  return {
    objects: [
      ...interpreter.map((path) => listFunctions(path, readFileSync(path), (key) => key === RUN_BY_ALL)),
      ...objects.map(({ path, bytes, linked }): ListedObject => {
        if (linked === undefined) return { path, functions: [] };
        return listFunctions(path, bytes, (key) => !linked.atLoad.has(key));
      }),
    ],
    roots: folders.roots,
    isStrict: true,
  };
}

/** Shared objects below the project's folders, and those that it installed. */
async function readObjects(place: ProjectPlace, files: ProjectFiles, { own, searched }: ProjectFolders): Promise<readonly ProjectObject[]> {
  const { workspace } = place;
  const owns = ownsObjects(place);
  const root = realpathSync(workspace);
  // Other packages may be installed in a folder of the checkout.
  const isOther = (path: string): boolean => path.startsWith(`${root}/`) && !owns(path);
  const sources = await listSourceFiles(workspace);
  const index = indexFiles(sources);
  const readSource = (name: string): string | undefined => {
    const [only, ...others] = index.get(basename(name)) ?? [];
    const found = findByEnd(name, index) ?? (others.length === 0 ? only : undefined);
    return found === undefined ? undefined : readFileSync(join(workspace, found), "utf8");
  };
  const below = await Promise.all(searched.map(async (folder) => (await listSharedObjects(folder)).map((name) => join(folder, name))));
  const installed = [...own].filter((path) => SHARED_OBJECT.test(path) && statusOf(path)?.isFile());
  return [...new Set([...below.flat().filter((path) => !isOther(path)), ...installed])].flatMap((path) => {
    const name = files.nameOf(path);
    const bytes = readFileSync(path);
    return name === undefined ? [] : [{ path, name, bytes, linked: readLinkedCode(bytes, readSource) }];
  });
}

/** The project's files, by names that are equal on other machines. */
class ProjectFiles {
  readonly #folders: ProjectFolders;
  readonly #listed: ReadonlyMap<string, string>;
  readonly #began = Date.now();

  /** @param paths of the checkout's files. */
  constructor(folders: ProjectFolders, paths: readonly string[]) {
    this.#folders = folders;
    const names = [...paths, ...folders.own].flatMap((path) => this.nameOf(path) ?? []);
    const all = names.filter((name) => !SHARED_OBJECT.test(name) && !isGenerated(name));
    this.#listed = new Map(all.flatMap((name) => this.#hash(name)));
  }

  nameOf(path: string): string | undefined {
    const root = this.#folders.roots.find((one) => path.startsWith(`${one.path}/`));
    return root && root.prefix + path.slice(root.path.length + 1);
  }

  /** SHA-256 of the listed files, and of others that tests opened, such as generated files that git ignores. */
  hashes(further: Iterable<string>): ReadonlyMap<string, string> {
    const others = [...further].filter((name) => !this.#listed.has(name) && this.#isRelevant(name));
    return new Map([...this.#listed, ...others.flatMap((name) => this.#hash(name))]);
  }

  /** Finds the project's Python files that contain a word, also among test files that git ignores. */
  mentioning(tests: readonly string[]): (word: string) => readonly string[] {
    let texts: ReadonlyMap<string, string> | undefined;
    return (word) => {
      texts ??= new Map([...this.#listed.keys(), ...tests].filter((name) => name.endsWith(".py")).map((name) => [name, this.#read(name)]));
      const escaped = word.replaceAll(/[\^$\\.*+?()[\]{}|]/g, "\\$&");
      const pattern = new RegExp(`(?<![\\p{L}\\p{M}\\w])${escaped}(?![\\p{L}\\p{M}\\w])`, "u");
      return [...texts].flatMap(([name, text]) => (pattern.test(text) ? [name] : []));
    };
  }

  /** False for files of other packages, which are compared by version, and for files that tests of this check wrote. */
  #isRelevant(name: string): boolean {
    const path = this.#pathOf(name);
    if (SHARED_OBJECT.test(name) || isGenerated(name) || isHidden(name)) return false;
    if (this.#folders.packages.some((root) => path.startsWith(`${root.path}/`)) && !this.#folders.own.has(path)) return false;
    return (statusOf(path)?.mtimeMs ?? this.#began) < this.#began;
  }

  #pathOf(name: string): string {
    const root =
      this.#folders.roots.find(({ prefix }) => prefix !== "" && name.startsWith(prefix)) ??
      this.#folders.roots.find(({ prefix }) => prefix === "");
    return `${root?.path ?? ""}/${name.slice(root?.prefix.length ?? 0)}`;
  }

  #read(name: string): string {
    return readText(this.#pathOf(name));
  }

  #hash(name: string): readonly (readonly [string, string])[] {
    const path = this.#pathOf(name);
    const status = statusOf(path);
    if (!status?.isFile()) return [];
    return [[name, hash("sha256", status.size > MAX_BYTES ? `${status.size} ${status.mtimeMs}` : contentOf(path))]];
  }
}

/** Larger files count as equal only if size and time are: Node.js cannot read 2 GiB at once. */
const MAX_BYTES = 2 ** 30;

/** Of a file that cannot be read, as by the tests, only its name. */
function contentOf(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return "";
  }
}

/** Undefined if there is no such file, or only a symbolic link that leads nowhere or to itself. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (systemCodeOf(error) === "ELOOP") return undefined;
    throw error;
  }
}

/** Files that Python and pip generate from others. They contain times or paths. */
function isGenerated(name: string): boolean {
  return /(^|\/)__pycache__\/|\.pyc$|\.(dist|egg)-info\/|(^|\/)\.\.\//.test(name);
}
