import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { Locate } from "../../report/locate.ts";
import type { Settings } from "../../settings/settings.ts";
import { isCommand } from "../../settings/work.ts";

/**
 * Finds the checked files in their git repository, `vendor/cpython/Modules/_csv.c`: GitHub knows them by these paths. Files that a report names by
 * absolute paths are elsewhere, such as suppressions in the home folder.
 */
export function locateIn({ source, workspace, work }: Pick<Settings, "source" | "workspace" | "work">): Locate {
  // The files of a fetched release are in no repository of the user's; those of an extension that it runs are.
  if (source.kind === "release" && !isCommand(work)) return (file) => (isInFolder(file) ? file : null);
  const project = source.kind === "checkout" ? source.path : workspace;
  const root = ancestors(project).find((candidate) => existsSync(join(candidate, ".git"))) ?? rootWithoutGit(project, workspace);
  // A bare name can also be a file of a project without folders; a library's file is not there.
  return (file) =>
    isInFolder(file) || (!isAbsolute(file) && existsSync(join(project, file))) ? relative(root, join(project, file)) : null;
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
