import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { removeEmptyFolders } from "./build-folder.ts";

/** The Python compiler's sources. Python's magic number does not change with every edit of the compiler. */
const COMPILER =
  /^(Parser|Grammar)\/|^Python\/(Python-(ast|tokenize)|asdl|assemble|ast\w*|codegen|compile|flowgraph|future|instruction_sequence|marshal|symtable)\.c$|^Include\/.*(ast|code|compile|flowgraph|instr|magic|marshal|opcode|symtable)\w*\.h$|^Objects\/codeobject\.c$|^Lib\/(compileall|py_compile|importlib\/_bootstrap(_external)?)\.py$/;

/** Removes the byte code of changed files, since their times are not compared, and of removed files, which could still be imported. */
export function removeByteCode(tree: string, changed: readonly string[]): void {
  for (const name of changed.filter(isLibrary)) {
    const folder = join(tree, dirname(name), "__pycache__");
    const stem = `${basename(name, ".py")}.`;
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder)) if (file.startsWith(stem)) rmSync(join(folder, file));
    removeEmptyFolders(folder, tree);
  }
}

/**
 * The files of the library whose byte code is missing or stale. Pure.
 * @param changed files since the last build; undefined for all.
 * @param files of the source.
 */
export function libraryToCompile(changed: readonly string[] | undefined, files: Iterable<string>): readonly string[] {
  const library = [...files].filter(isLibrary);
  if (changed === undefined || changed.some((name) => COMPILER.test(name))) return library;
  const stale = new Set(changed);
  return library.filter((name) => stale.has(name));
}

/** Splits items into at most `count` lists of nearly the same length, none of them empty; one empty list if there are no items. */
export function dealOut<Item>(items: readonly Item[], count: number): readonly (readonly Item[])[] {
  const lists = Array.from({ length: Math.max(1, Math.min(count, items.length)) }, (): Item[] => []);
  for (const [index, item] of items.entries()) lists[index % lists.length]?.push(item);
  return lists;
}

function isLibrary(name: string): boolean {
  return name.startsWith("Lib/") && name.endsWith(".py");
}
