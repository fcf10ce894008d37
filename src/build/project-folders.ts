// Where a project's own files are, as its tests find them: its folder, and what it installed into the interpreter's environment.

import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import * as v from "valibot";
import type { Root } from "../affected/footprint-files.ts";
import { UserError } from "../model/user-error.ts";
import { readPackages } from "../system/installed-package.ts";
import type { Processes } from "../system/processes.ts";
import { commandEnvironment } from "./recipe.ts";

export interface ProjectFolders {
  /** The innermost first. */
  readonly roots: readonly Root[];
  /** Of these, those where packages are installed, with what is the project's own there. */
  readonly packages: readonly Root[];
  /** The project's folder, and others where the interpreter looks for modules, but for packages: what is below them is the project's. */
  readonly searched: readonly string[];
  /** Paths. */
  readonly own: ReadonlySet<string>;
  /** The names and versions of all other packages. */
  readonly others: readonly string[];
}

/** What is checked, and in which environment. */
export interface ProjectPlace {
  /** The project's folder, where its tests run. */
  readonly directory: string;
  readonly passEnv: readonly string[];
  /** The interpreter. */
  readonly path: string;
  /** The folder that it was built in. */
  readonly tree: string;
  readonly freeThreaded: boolean;
}

export async function findFolders(place: ProjectPlace, processes: Processes): Promise<ProjectFolders> {
  const directory = realpathSync(place.directory);
  const searched = (await searchedFolders(place, processes)).filter((folder) => !isOfInterpreter(folder, realpathSync(place.tree)));
  const packages = searched.filter(hasPackages);
  const others = searched.filter((folder) => !packages.includes(folder));
  const named = nameFolders([...packages, ...others.filter((folder) => !isBelow(folder, directory))]);
  const roots = [{ path: directory, prefix: "" }, ...named].toSorted((a, b) => b.path.length - a.path.length);
  const read = packages.map((folder) => readPackages(folder, directory));
  return {
    roots,
    packages: roots.filter(({ path }) => packages.includes(path)),
    searched: [directory, ...others],
    own: new Set(read.flatMap(({ own }) => own)),
    others: read.flatMap((one) => one.others),
  };
}

/** Where the interpreter looks for modules, without links. @throws UserError where it does not say. */
async function searchedFolders(place: ProjectPlace, processes: Processes): Promise<readonly string[]> {
  const { directory, passEnv, path } = place;
  const env = commandEnvironment(processes.env, passEnv, place);
  const answer = await processes.output(path, ["-c", "import json, sys; print(json.dumps(sys.path[1:]))"], {
    cwd: directory,
    env,
    timeout: 60,
  });
  // Before it stands what the environment's own start-up code prints.
  const folders = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(v.string())), answer.trimEnd().split("\n").at(-1));
  if (!folders.success)
    throw new UserError(`${path} does not say where it looks for modules, by which \`affected: auto\` finds the project's files.`, {
      hint: `It says: ${answer.slice(0, MAX_SHOWN)}`,
    });
  return [...new Set(folders.output.filter((folder) => existsSync(folder)).map((folder) => realpathSync(folder)))];
}

const MAX_SHOWN = 200;

/** A release is the same for both sides of a comparison, and so is an installed interpreter: else they are not compared. */
function isOfInterpreter(folder: string, tree: string): boolean {
  return isBelow(folder, tree) || existsSync(join(folder, "os.py")) || basename(folder) === "lib-dynload" || folder.endsWith(".zip");
}

function hasPackages(folder: string): boolean {
  return /^(site|dist)-packages$/.test(basename(folder)) || readdirSync(folder).some((name) => name.endsWith(".dist-info"));
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** By their last names, so that they are called the same on another machine. */
function nameFolders(paths: readonly string[]): readonly Root[] {
  const names = paths.map((path) => basename(path));
  return paths.map((path, index) => {
    const before = names.slice(0, index).filter((name) => name === names[index]).length;
    return { path, prefix: `${names[index]}${before === 0 ? "" : `-${before + 1}`}/` };
  });
}
