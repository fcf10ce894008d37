import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { removeEmptyFolders } from "./build-folder.ts";

/** What turns Python code into byte code. That Python knows byte code of another compiler by a number is no help while one is being changed. */
const COMPILER =
  /^(Parser|Grammar)\/|^Python\/(Python-(ast|tokenize)|asdl|assemble|ast\w*|codegen|compile|flowgraph|future|instruction_sequence|marshal|symtable)\.c$|^Include\/.*(ast|code|compile|flowgraph|instr|magic|marshal|opcode|symtable)\w*\.h$|^Objects\/codeobject\.c$|^Lib\/(compileall|py_compile|importlib\/_bootstrap(_external)?)\.py$/;

/** More arguments than this many files go through the whole library instead. */
const MOST_FILES = 1000;

/** Takes away the byte code of files that changed: nobody looks at their times. Also that of files that are gone, which could be imported. */
export function removeByteCode(tree: string, changed: readonly string[]): void {
  for (const name of changed.filter(isLibrary)) {
    const folder = join(tree, dirname(name), "__pycache__");
    const stem = `${basename(name, ".py")}.`;
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder)) if (file.startsWith(stem)) rmSync(join(folder, file));
    removeEmptyFolders(folder, tree);
  }
}

/** Arguments of compileall for what has no byte code that is right. `make` writes a module of its own into `build`. Pure. */
export function libraryToCompile(changed: readonly string[] | undefined, exists: (name: string) => boolean): readonly string[] {
  const names = changed?.filter((name) => isLibrary(name) && exists(name));
  const isWhole = names === undefined || names.length > MOST_FILES || changed?.some((name) => COMPILER.test(name));
  return [...(isWhole ? ["Lib"] : names), "build"];
}

function isLibrary(name: string): boolean {
  return name.startsWith("Lib/") && name.endsWith(".py");
}
