import { join, relative } from "node:path";
import { UserError } from "../model/user-error.ts";
import { bad } from "./setting-values.ts";

/** The folder in which a check was started, and that in which its command runs. */
export interface Folders {
  readonly workspace: string;
  readonly directory: string;
}

/** @throws UserError for a folder outside of the workspace, or without a command. */
export function parseDirectory(value: string | undefined, hasCommand: boolean, workspace: string, path: (value: string) => string): string {
  if (value === undefined) return workspace;
  if (!hasCommand) throw new UserError("`directory` needs a `command`, which runs there.");
  const directory = path(value);
  if (!isInside(directory, workspace)) throw bad("directory", value, `a folder in ${workspace}`);
  return directory;
}

/** The path of the command's folder from the workspace; empty if it is the workspace. */
export function folderOf({ workspace, directory }: Folders): string {
  return relative(workspace, directory);
}

/** Whether a path is a folder or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(join(folder, "/"));
}
