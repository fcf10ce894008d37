// The names of a project's files. Unlike CPython, it may have tests in any folder, and parts in repositories of their own.

import { existsSync, lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";
import { isCompiledByUs } from "./setuptools-folder.ts";
import { listCheckout, listFolder } from "./source-names.ts";

/** Paths of the checkout's files. */
export async function listProject(workspace: string, processes: Processes): Promise<readonly string[]> {
  const folder = realpathSync(workspace);
  return (await namesIn(folder, processes)).map((name) => join(folder, name));
}

function isLeftOut(name: string): boolean {
  return /^\.git(\/|$)/.test(name) || isCompiledByUs(name);
}

async function namesIn(folder: string, processes: Processes): Promise<readonly string[]> {
  if (!existsSync(join(folder, ".git"))) return namesInExported(folder);
  const names = await listCheckout(folder, processes, isLeftOut);
  const nested = names.filter((name) => isRepository(join(folder, name)));
  const below = await Promise.all(
    nested.map(async (name) => (await namesInNested(join(folder, name), processes)).map((one) => join(name, one))),
  );
  return [...names.filter((name) => !nested.includes(name)), ...below.flat()];
}

/** A submodule, or a checkout beside the project's files: git names only its folder. */
function isRepository(path: string): boolean {
  return (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false) && existsSync(join(path, ".git"));
}

async function namesInNested(folder: string, processes: Processes): Promise<readonly string[]> {
  return await namesIn(folder, processes).catch((error: unknown) => {
    // A copied submodule has lost its repository.
    if (error instanceof UserError) return namesInExported(folder);
    throw error;
  });
}

function namesInExported(folder: string): readonly string[] {
  const names = listFolder(folder, (name) => /(^|\/)(\.git|__pycache__)$|\.(o|a|pyc)$/.test(name));
  const environments = names.filter((name) => name.endsWith("/pyvenv.cfg")).map((name) => name.slice(0, -"pyvenv.cfg".length));
  return names.filter((name) => !isHidden(name) && !environments.some((environment) => name.startsWith(environment)));
}

export function isHidden(name: string): boolean {
  return /(^|\/)\./.test(name);
}
