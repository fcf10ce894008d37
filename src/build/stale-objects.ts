import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

/** Where CPython's Makefile puts objects, beside their sources. */
export const OBJECT_FOLDERS = ["Modules", "Objects", "Parser", "Programs", "Python"] as const;

/**
 * Deletes the objects that depend on changed files, so that `make` compiles them again. CPython's Makefile lacks many headers (all those of
 * `clinic`), and `make` keeps an object whose source is gone. The compiler knows all dependencies (gcc's -MMD).
 */
export function removeStaleObjects(tree: string, changed: readonly string[]): void {
  const isStale = madeOf(changed);
  if (isStale === undefined) return;
  for (const folder of OBJECT_FOLDERS) {
    const files = new Set(readdirSync(join(tree, folder), { recursive: true, encoding: "utf8" }));
    for (const object of files) {
      if (!object.endsWith(".o")) continue;
      const dependencies = object.replace(/o$/, "d");
      if (!files.has(dependencies) || isStale(readFileSync(join(tree, folder, dependencies), "utf8"))) rmSync(join(tree, folder, object));
    }
  }
}

/** Python code that `make` runs to write files. For these, the Makefile names only the interpreter as a source. */
const WRITERS = /^(Lib\/(sysconfig(\.py$|\/)|(pprint|json\/encoder)\.py$)|Tools\/build\/.*\.py$)/;

/** The first of those files, which the others depend on (`_sysconfigdata`, `platform`). */
const WRITTEN_FIRST = "pybuilddir.txt";

export function isRunByMake(name: string): boolean {
  return WRITERS.test(name);
}

/** Deletes what the build wrote by running changed Python code, so that `make` writes it again. */
export function removeStaleData(tree: string, changed: readonly string[]): void {
  if (changed.some(isRunByMake)) rmSync(join(tree, WRITTEN_FIRST), { force: true });
}

/**
 * Whether a dependency rule as compilers write it (`Modules/x.o: Modules/x.c \`) names one of these files. Compared by base name, since a new
 * file may hide one in another folder. Undefined if only Python code changed. Pure.
 */
export function madeOf(changed: readonly string[]): ((rule: string) => boolean) | undefined {
  const names = new Set(changed.filter((name) => !name.startsWith("Lib/")).map((name) => basename(name)));
  return names.size === 0 ? undefined : (rule) => rule.split(/[\s\\]+/).some((word) => names.has(basename(word)));
}
