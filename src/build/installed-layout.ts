import { existsSync } from "node:fs";
import { link, mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * Gives a build the layout of an installed CPython: `bin`, `lib/python3.13` and `include/python3.13` in one folder, all links into the tree.
 * Build tools of extensions look for headers there, not in a build's tree. The program is a hard link: a symbolic link would lead Python back to
 * the tree.
 * @param name of the program and the folders: `python3.13`
 * @returns the program's path.
 */
export async function layOut(tree: string, name: string, folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const [library, headers, bin] = [join(folder, "lib", name), join(folder, "include", name), join(folder, "bin")];
  for (const path of [library, headers, bin]) await mkdir(path, { recursive: true });
  const built = (await readFile(join(tree, "pybuilddir.txt"), "utf8")).trim();
  await linkAll(join(tree, "Lib"), library);
  if (!existsSync(join(library, "lib-dynload"))) await symlink(join(tree, built), join(library, "lib-dynload"));
  await linkAll(join(tree, "Include"), headers);
  await symlink(join(tree, "pyconfig.h"), join(headers, "pyconfig.h"));
  const program = join(bin, name);
  await link(join(tree, "python"), program);
  return program;
}

async function linkAll(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await symlink(join(from, name), join(to, name));
}
