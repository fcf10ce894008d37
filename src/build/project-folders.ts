// The folders with a project's own files, as its tests find them: the project folder, and those where it installed files for the interpreter.

import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import type { Root } from "../affected/footprint-files.ts";
import { IN_CHECKOUT } from "../affected/suite-file-rules.ts";
import { UserError } from "../model/user-error.ts";
import { type ProjectPlace, readPackages } from "../system/installed-package.ts";
import type { Processes } from "../system/processes.ts";
import { commandEnvironment } from "./recipe.ts";

export interface ProjectFolders {
  /** Innermost first. */
  readonly roots: readonly Root[];
  /** The roots in which packages are installed, the project's and others. */
  readonly packages: readonly Root[];
  /** The checkout and other folders of `sys.path`, without `packages`: all files below them are the project's. */
  readonly searched: readonly string[];
  /** Paths of the project's installed files. */
  readonly own: ReadonlySet<string>;
  /** Names and versions of all other packages, and names and hashes of archives. */
  readonly others: readonly string[];
}

/** The project under test and its interpreter. */
export interface TestedProject extends ProjectPlace {
  readonly passEnv: readonly string[];
  /** Path of the interpreter. */
  readonly path: string;
  /** Folder that the interpreter was built in. */
  readonly tree: string;
  readonly freeThreaded: boolean;
}

export async function findFolders(place: TestedProject, processes: Processes): Promise<ProjectFolders> {
  const [directory, workspace] = [realpathSync(place.directory), realpathSync(place.workspace)];
  const paths = (await searchedPaths(place, processes)).filter((path) => !isOfInterpreter(path, realpathSync(place.tree)));
  const searched = paths.filter((path) => statSync(path).isDirectory());
  const archives = paths.filter((path) => !searched.includes(path));
  const packages = searched.filter(hasPackages);
  const others = searched.filter((folder) => !packages.includes(folder));
  const read = packages.map((folder) => readPackages(folder, { workspace, directory }));
  const installed = read.flatMap((one) => one.own);
  const further = others.filter((folder) => !isBelow(folder, workspace));
  const named = nameFolders([...packages, ...further, ...foldersOutside([workspace, ...packages, ...further], installed)]);
  // Test files are named from the command's folder.
  const own = [{ path: directory, prefix: "" }, ...(workspace === directory ? [] : [{ path: workspace, prefix: IN_CHECKOUT }])];
  const roots = [...own, ...named].toSorted((a, b) => b.path.length - a.path.length);
  return {
    roots,
    packages: roots.filter(({ path }) => packages.includes(path)),
    searched: [workspace, ...others],
    own: new Set(installed),
    others: [...read.flatMap((one) => one.others), ...archives.map(nameArchive)],
  };
}

/** Folders of files that a package installs elsewhere, such as `share/jupyter`. Tests that start its programs always run. */
function foldersOutside(known: readonly string[], installed: readonly string[]): readonly string[] {
  const outside = installed.filter((path) => !known.some((folder) => isBelow(path, folder)) && existsSync(path));
  const folders = [...new Set(outside.map((path) => dirname(path)))].filter((folder) => basename(folder) !== "bin").toSorted();
  return folders.filter((folder) => !folders.some((other) => other !== folder && isBelow(folder, other)));
}

/** Python imports from zip archives, too, such as eggs. Their content stands for their version. */
function nameArchive(path: string): string {
  return `${basename(path)} ${hash("sha256", readFileSync(path))}`;
}

/** The interpreter's `sys.path`, without the current folder and symbolic links. @throws UserError if the interpreter does not print it. */
async function searchedPaths(place: TestedProject, processes: Processes): Promise<readonly string[]> {
  const { directory, passEnv, path } = place;
  const env = commandEnvironment(processes.env, passEnv, place);
  const answer = await processes.output(path, ["-c", "import json, sys; print(json.dumps([path for path in sys.path if path]))"], {
    cwd: directory,
    env,
    timeout: 60,
  });
  // Startup code of the environment may print other lines before it.
  const paths = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(v.string())), answer.trimEnd().split("\n").at(-1));
  if (!paths.success)
    throw new UserError(`${path} did not print its \`sys.path\`, which \`affected: auto\` needs to find the project's files.`, {
      hint: `It printed: ${answer.slice(0, MAX_SHOWN)}`,
    });
  return [...new Set(paths.output.filter((path) => existsSync(path)).map((path) => realpathSync(path)))];
}

const MAX_SHOWN = 200;

/** Whether the folder belongs to the interpreter itself. Checks with different interpreters are never compared, so its files need no comparison. */
function isOfInterpreter(folder: string, tree: string): boolean {
  return isBelow(folder, tree) || existsSync(join(folder, "os.py")) || /^(lib-dynload|python\d+t?\.zip)$/.test(basename(folder));
}

function hasPackages(folder: string): boolean {
  return /^(site|dist)-packages$/.test(basename(folder)) || readdirSync(folder).some((name) => name.endsWith(".dist-info"));
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/**
 * Names folders by the last part of their path, so that names are equal on other machines. The two slashes tell their files from those of the
 * checkout, which may have a folder of the same name.
 */
function nameFolders(paths: readonly string[]): readonly Root[] {
  // A dot would make all files in the folder hidden ones.
  const names = paths.map((path) => basename(path).replace(/^\.+/, ""));
  return paths.map((path, index) => {
    const before = names.slice(0, index).filter((name) => name === names[index]).length;
    return { path, prefix: `outside${before === 0 ? "" : `-${before + 1}`}//${names[index]}/` };
  });
}
