import { chmodSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { systemCodeOf } from "../model/user-error.ts";

/** Removes a folder that tests could write to, if there is one: they may have left folders in it without permission to write. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (systemCodeOf(error) !== "EACCES") throw error;
    restorePermissions(path);
    await rm(path, { recursive: true, force: true });
  }
}

/** Takes back our permissions for a folder and those in it, where tests took them away. Follows no links. */
export function restorePermissions(folder: string | Buffer): void {
  const { mode } = lstatSync(folder);
  if ((mode & OWN) !== OWN) chmodSync(folder, (mode & ALL) | OWN);
  for (const name of foldersIn(folder)) restorePermissions(pathOf(folder, name));
}

/** Removes files and folders whose names are not UTF-8: programs that know their files by text can't name them. */
export function removeUnnameable(folder: string | Buffer): void {
  for (const name of readdirSync(folder, { encoding: "buffer" }))
    if (!Buffer.from(name.toString("utf8")).equals(name)) rmSync(pathOf(folder, name), { recursive: true, force: true });
  for (const name of foldersIn(folder)) removeUnnameable(pathOf(folder, name));
}

function foldersIn(folder: string | Buffer): readonly Buffer[] {
  const entries = readdirSync(folder, { withFileTypes: true, encoding: "buffer" });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function pathOf(folder: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([typeof folder === "string" ? Buffer.from(folder) : folder, Buffer.from("/"), name]);
}

const OWN = 0o700;
const ALL = 0o777;
