import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { Locate, LocateTest } from "../../report/locate.ts";
import { isInside } from "../../settings/directory-setting.ts";
import type { Settings } from "../../settings/settings.ts";
import { isCommand } from "../../settings/work.ts";

/**
 * Finds the checked files in their git repository, `vendor/cpython/Modules/_csv.c`: GitHub knows them by these paths. Files that a report names by
 * absolute paths are elsewhere, such as suppressions in the home folder. @param checkout that of the repository in which they are shown, if known
 */
export function locateIn({ source, workspace, work }: Pick<Settings, "source" | "workspace" | "work">, checkout?: string): Locate {
  // The files of a fetched release are in no repository of the user's; those of an extension that it runs are.
  if (source.kind === "release" && !isCommand(work)) return (file) => (isInFolder(file) ? file : null);
  const project = source.kind === "checkout" ? source.path : workspace;
  const rootOf = roots(project, workspace, checkout);
  return (file) => {
    const path = join(project, file);
    // A bare name can also be a file of a project without folders; a library's file is not there.
    return isInFolder(file) || (!isAbsolute(file) && existsSync(path)) ? relative(rootOf(path), path) : null;
  };
}

/** Finds a test file in the repository: a report names CPython's by modules, and a project's own by their paths from the folder of its command. */
export function locateTestIn(
  { source, workspace, directory, work }: Pick<Settings, "source" | "workspace" | "directory" | "work">,
  checkout?: string,
): LocateTest {
  const project = source.kind === "checkout" && !isCommand(work) ? source.path : workspace;
  const rootOf = roots(project, workspace, checkout);
  const pathsOf = (test: string): readonly string[] => {
    if (isCommand(work)) return [join(directory, test)];
    const module = join(project, "Lib", "test", test.replaceAll(".", "/"));
    return [`${module}.py`, join(module, "__init__.py")];
  };
  return (test) => {
    const path = pathsOf(test).find((one) => isInside(one, rootOf(one)) && existsSync(one));
    return path === undefined ? test : relative(rootOf(path), path);
  };
}

/**
 * The root of a file's repository. A submodule, or another repository that is checked out into a folder, is part of the checkout around it: its own
 * paths mean other files there.
 */
function roots(project: string, workspace: string, checkout: string | undefined): (path: string) => string {
  const innermost = ancestors(project).find((candidate) => existsSync(join(candidate, ".git"))) ?? rootWithoutGit(project, workspace);
  return (path) => (checkout !== undefined && isInside(path, checkout) ? checkout : innermost);
}

function isInFolder(file: string): boolean {
  return file.includes("/") && !isAbsolute(file);
}

/** Without git, actions/checkout downloads only the files. The job's workspace is the repository's root then. */
function rootWithoutGit(project: string, workspace: string): string {
  return project.startsWith(join(workspace, "/")) ? workspace : project;
}

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
