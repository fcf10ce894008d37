import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Locate } from "../../report/locate.ts";
import type { Settings } from "../../settings/settings.ts";
import { isCommand } from "../../settings/work.ts";

/** Finds the files of what is checked in the git repository that has it, `vendor/cpython/Modules/_csv.c`: GitHub knows them by their paths there. */
export function locateIn({ source, directory, work }: Pick<Settings, "source" | "directory" | "work">): Locate {
  // A release's own files are in no repository of the user's; an extension's are, which a release runs.
  if (source.kind === "release" && !isCommand(work)) return (file) => (file.includes("/") ? file : null);
  const project = source.kind === "checkout" ? source.path : directory;
  const root = ancestors(project).find((candidate) => existsSync(join(candidate, ".git"))) ?? rootWithoutGit(project, directory);
  // Also a bare name, in a project without folders; a library's file is not there.
  return (file) => (file.includes("/") || existsSync(join(project, file)) ? relative(root, join(project, file)) : null);
}

/** Without git, actions/checkout downloads the files alone. The job's workspace is the repository's root then. */
function rootWithoutGit(project: string, directory: string): string {
  return project.startsWith(join(directory, "/")) ? directory : project;
}

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
