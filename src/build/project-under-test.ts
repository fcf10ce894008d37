// A project's own code and files, whose tests pytest or unittest runs.

import { hash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { mergeAtoms } from "../affected/code.ts";
import { type ListedObject, listFunctions, RUN_BY_ALL, type Watched } from "../affected/footprint-files.ts";
import { type LinkedCode, readLinkedCode } from "../affected/linked-code.ts";
import { PARTS, suiteRules } from "../affected/suite-file-rules.ts";
import { findByEnd, indexFiles } from "../findings/project-files.ts";
import type { Processes } from "../system/processes.ts";
import { listSharedObjects, listSourceFiles } from "../system/source-files.ts";
import type { Python } from "./build.ts";
import { findFolders, type ProjectFolders, type ProjectPlace } from "./project-folders.ts";
import { listCheckout, listFolder } from "./source-names.ts";
import type { UnderTest } from "./under-test.ts";

export interface ProjectRequest extends Pick<ProjectPlace, "directory" | "passEnv"> {
  readonly python: Pick<Python, "path" | "tree" | "objects" | "freeThreaded">;
  /** What runs the tests. */
  readonly command: readonly string[];
}

/** One of the project's shared objects; `linked` is undefined where it does not say what its functions are. */
interface ProjectObject {
  readonly path: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly linked: LinkedCode | undefined;
}

/** Reads it as it is now, before any test runs. */
export async function projectUnderTest({ directory, passEnv, python, command }: ProjectRequest, processes: Processes): Promise<UnderTest> {
  const folders = await findFolders({ directory, passEnv, ...python }, processes);
  const files = new ProjectFiles(folders, await listProject(directory, processes));
  const objects = await readObjects(directory, files, folders);
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
    rules: (tests) => suiteRules({ tests: new Set(tests), mentioning: (word) => files.mentioning(word) }),
  };
}

function watchedOf(objects: readonly ProjectObject[], folders: ProjectFolders, python: ProjectRequest["python"]): Watched {
  // Its functions are none of the project's; one tells that the process was watched at all.
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

/** Those below the project's folders, and those that it installed. */
async function readObjects(directory: string, files: ProjectFiles, { own, searched }: ProjectFolders): Promise<readonly ProjectObject[]> {
  const sources = await listSourceFiles(directory);
  const index = indexFiles(sources);
  const readSource = (name: string): string | undefined => {
    const [only, ...others] = index.get(basename(name)) ?? [];
    const found = findByEnd(name, index) ?? (others.length === 0 ? only : undefined);
    return found === undefined ? undefined : readFileSync(join(directory, found), "utf8");
  };
  const below = await Promise.all(searched.map(async (folder) => (await listSharedObjects(folder)).map((name) => join(folder, name))));
  const installed = [...own].filter((path) => isSharedObject(path) && existsSync(path));
  return [...new Set([...below.flat(), ...installed])].flatMap((path) => {
    const name = files.nameOf(path);
    const bytes = readFileSync(path);
    return name === undefined ? [] : [{ path, name, bytes, linked: readLinkedCode(bytes, readSource) }];
  });
}

async function listProject(directory: string, processes: Processes): Promise<readonly string[]> {
  if (existsSync(join(directory, ".git"))) return await listCheckout(directory, processes);
  const names = listFolder(directory);
  const environments = names.filter((name) => name.endsWith("/pyvenv.cfg")).map((name) => name.slice(0, -"pyvenv.cfg".length));
  return names.filter((name) => !isHidden(name) && !environments.some((folder) => name.startsWith(folder)));
}

/** The files that count, by names that mean the same on another machine. */
class ProjectFiles {
  readonly #folders: ProjectFolders;
  readonly #listed: ReadonlyMap<string, string>;
  readonly #began = Date.now();
  #texts: ReadonlyMap<string, string> | undefined;

  constructor(folders: ProjectFolders, names: readonly string[]) {
    this.#folders = folders;
    const installed = [...folders.own].flatMap((path) => this.nameOf(path) ?? []);
    const all = [...names, ...installed].filter((name) => !isSharedObject(name) && !isMade(name));
    this.#listed = new Map(all.flatMap((name) => this.#hash(name)));
  }

  nameOf(path: string): string | undefined {
    const root = this.#folders.roots.find((one) => path.startsWith(`${one.path}/`));
    return root && root.prefix + path.slice(root.path.length + 1);
  }

  /** Those that are listed, and others that tests opened: what is generated and git does not know. */
  hashes(further: Iterable<string>): ReadonlyMap<string, string> {
    const others = [...further].filter((name) => !this.#listed.has(name) && this.#counts(name));
    return new Map([...this.#listed, ...others.flatMap((name) => this.#hash(name))]);
  }

  /** The project's Python files with that word in them. */
  mentioning(word: string): readonly string[] {
    this.#texts ??= new Map([...this.#listed.keys()].filter((name) => name.endsWith(".py")).map((name) => [name, this.#read(name)]));
    const pattern = new RegExp(`\\b${word.replaceAll(/[^\w]/g, "\\$&")}\\b`);
    return [...this.#texts].flatMap(([name, text]) => (pattern.test(text) ? [name] : []));
  }

  /** Not what other packages installed, which count by their versions, nor what this check's tests wrote. */
  #counts(name: string): boolean {
    const path = this.#pathOf(name);
    if (isSharedObject(name) || isMade(name) || isHidden(name)) return false;
    if (this.#folders.packages.some((root) => path.startsWith(`${root.path}/`)) && !this.#folders.own.has(path)) return false;
    return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? this.#began) < this.#began;
  }

  #pathOf(name: string): string {
    const root =
      this.#folders.roots.find(({ prefix }) => prefix !== "" && name.startsWith(prefix)) ??
      this.#folders.roots.find(({ prefix }) => prefix === "");
    return `${root?.path ?? ""}/${name.slice(root?.prefix.length ?? 0)}`;
  }

  #read(name: string): string {
    return readFileSync(this.#pathOf(name), "utf8");
  }

  #hash(name: string): readonly (readonly [string, string])[] {
    const path = this.#pathOf(name);
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? [[name, hash("sha256", readFileSync(path))]] : [];
  }
}

function isSharedObject(name: string): boolean {
  return /\.so(\.[\d.]+)?$/.test(name);
}

/** What Python and pip make of other files, with times or paths in it. */
function isMade(name: string): boolean {
  return /(^|\/)__pycache__\/|\.pyc$|\.(dist|egg)-info\/|(^|\/)\.\.\//.test(name);
}

function isHidden(name: string): boolean {
  return /(^|\/)\./.test(name);
}
