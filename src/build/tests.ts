import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EngineName } from "../model/engine-name.ts";
import { UserError } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";
import type { Python } from "./build.ts";
import { testEnvironment } from "./recipe.ts";
import { UNSUITABLE_TESTS } from "./unsuitable-tests.ts";

/** Fast under memcheck, and close to C code that changes often. All are in CPython 3.11 and newer. */
export const DEFAULT_TESTS = ["test_binascii", "test_bisect", "test_csv", "test_heapq", "test_operator", "test_struct"] as const;

/** Detects a misspelled name before any work is done. @throws UserError that names the missing test files. */
export function requireTests(names: readonly string[], source: string): void {
  const missing = names.filter((name) => !testExists(name, source));
  if (missing.length === 0) return;
  throw new UserError(`There is no test file ${missing.map((name) => `\`${name}\``).join(", ")} in ${join(source, "Lib", "test")}.`, {
    hint: "Use regrtest's names, such as `test_csv` or `test_asyncio.test_events`.",
  });
}

/** Whether a source has a test file with that name. */
export function testExists(name: string, source: string): boolean {
  const path = join(source, "Lib", "test", ...name.split("."));
  return existsSync(`${path}.py`) || existsSync(join(path, "__init__.py"));
}

/** regrtest's name: `test_csv` or `test_asyncio.test_events`. */
export function isTestName(name: string): boolean {
  return /^test_\w+(\.\w+)*$/.test(name);
}

export interface Selection {
  readonly names: readonly string[];
  /** Test files that `all` leaves out, with the reason. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * All test files that regrtest lists, without those that make no sense under the engine.
 * @param folder to run it in: with a package `test` in the workspace, that would be listed instead of CPython's.
 */
export async function selectAll(engine: EngineName, python: Python, folder: string, processes: Processes): Promise<Selection> {
  const names: string[] = [];
  await processes.output(python.path, ["-P", "-m", "test", "--list-tests"], {
    cwd: folder,
    env: testEnvironment(processes.env, python),
    // Parts of packages are listed as `test.test_asyncio.test_events`, all others without `test.`.
    onLine: (line) => names.push(line.trim().replace(/^test\./, "")),
  });
  names.filter((name) => name !== "").forEach(requireName);
  const reasonFor = (name: string): string | undefined =>
    UNSUITABLE_TESTS.find((test) => matches(name, test.name) && (test.under ?? engine) === engine)?.reason;
  return {
    names: names.filter((name) => name !== "" && reasonFor(name) === undefined),
    leftOut: names.flatMap((name) => {
      const reason = reasonFor(name);
      return reason === undefined ? [] : [{ name, reason }];
    }),
  };
}

/** The names are used as file names. */
function requireName(name: string): void {
  if (!isTestName(name))
    throw new UserError(`This CPython lists a test file ${JSON.stringify(name.slice(0, 100))}, which is not a valid name.`);
}

function matches(listed: string, name: string): boolean {
  return listed === name || listed.startsWith(`${name}.`);
}
