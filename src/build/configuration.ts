import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../model/user-error.ts";

/** Decisions of configure, from the files that it wrote. The new interpreter is not asked: it may be too broken to answer. */
export interface Configuration {
  /** Of extension modules, `.cpython-313-x86_64-linux-gnu.so`. */
  readonly extensionSuffix: string;
  /** The macros that pyconfig.h defines, `WITH_VALGRIND`. */
  readonly macros: ReadonlySet<string>;
}

/** @param tree where CPython was configured. @throws UserError if this build can't be checked. */
export async function readConfiguration(tree: string): Promise<Configuration> {
  const [makefile, header] = await Promise.all([readFile(join(tree, "Makefile"), "utf8"), readFile(join(tree, "pyconfig.h"), "utf8")]);
  const configuration = parseConfiguration(makefile, header);
  const refusal = configuration === undefined ? "its Makefile has no EXT_SUFFIX" : refuse(configuration.macros);
  if (refusal !== undefined || configuration === undefined) throw new UserError(`The CPython in ${tree} cannot be checked: ${refusal}.`);
  return configuration;
}

/** Undefined if there is no suffix. Pure. */
export function parseConfiguration(makefile: string, header: string): Configuration | undefined {
  const extensionSuffix = /^EXT_SUFFIX=[ \t]*(\.\S+)$/m.exec(makefile)?.[1];
  if (extensionSuffix === undefined) return undefined;
  const defined = header.matchAll(/^#define (\w+) (?!0$)/gm);
  return { extensionSuffix, macros: new Set([...defined].map(([, name = ""]) => name)) };
}

function refuse(macros: ReadonlySet<string>): string | undefined {
  if (macros.has("WITH_PYMALLOC")) return "it has pymalloc, which hides objects from memcheck (--with-pymalloc)";
  if (macros.has("Py_TRACE_REFS")) return "it keeps every object in a list (--with-trace-refs), so nothing is ever lost";
  if (!macros.has("WITH_VALGRIND")) return "it was not configured --with-valgrind";
  return undefined;
}
