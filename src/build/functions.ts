import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FunctionTable, parseSymbols } from "../findings/function-table.ts";
import type { Processes } from "../system/processes.ts";
import type { Python } from "./build.ts";

/** Folders of the system's own libraries, whose functions are not part of the project. */
const SYSTEM = /^\/(usr\/)?lib/;

/** The functions of a build and, as needed, of the extension modules that its tests load. Read with binutils' nm, each file once. */
export class Functions {
  /** Functions of the build itself. */
  readonly own: FunctionTable;
  readonly #names: Set<string>;
  readonly #asked: Set<string>;
  readonly #processes: Processes;

  private constructor(objects: readonly string[], own: FunctionTable, processes: Processes) {
    this.own = own;
    this.#names = new Set(own.names);
    this.#asked = new Set(objects);
    this.#processes = processes;
  }

  static async ofBuild(python: Pick<Python, "tree" | "objects">, processes: Processes): Promise<Functions> {
    const objects = python.objects ?? (await builtObjects(python.tree));
    return new Functions(objects, await askNm(objects, processes), processes);
  }

  /**
   * The names of all functions of the build, of the project's objects, and of the other objects on these stacks.
   * @param project its objects: without those that have no findings now, a leak in another one could pass for a fixed leak whose function was renamed.
   */
  async namesFor(
    findings: readonly { readonly stack: readonly { readonly object: string | null }[] }[],
    project: readonly string[] = [],
  ): Promise<ReadonlySet<string>> {
    const seen = new Set([...project, ...findings.flatMap(({ stack }) => stack.flatMap(({ object }) => object ?? []))]);
    const others = [...seen].filter((object) => object.startsWith("/") && !SYSTEM.test(object) && !this.#asked.has(object));
    for (const object of others) this.#asked.add(object);
    for (const name of (await askNm(others, this.#processes)).names) this.#names.add(name);
    return this.#names;
  }
}

/** The interpreter and its extension modules. */
export async function builtObjects(tree: string): Promise<readonly string[]> {
  const folder = join(tree, (await readFile(join(tree, "pybuilddir.txt"), "utf8")).trim());
  const modules = (await readdir(folder)).filter((name) => name.endsWith(".so")).sort();
  return [join(tree, "python"), ...modules.map((name) => join(folder, name))];
}

/** A file without symbols, or that is not an object file, adds nothing: nm reports it on standard error and continues. */
async function askNm(objects: readonly string[], processes: Processes): Promise<FunctionTable> {
  const lines: string[] = [];
  if (objects.length > 0) await processes.run("nm", ["-a", "-p", "-C", ...objects], { onLine: (line) => lines.push(line), timeout: 120 });
  return parseSymbols(lines.join("\n"));
}
