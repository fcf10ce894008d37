// The code and files under test, for which the effect of a change is tracked by function and by file: CPython itself, or a project with its own tests.

import { readFileSync, realpathSync } from "node:fs";
import type { FileRules } from "../affected/changed-files.ts";
import type { Code } from "../affected/code.ts";
import { CPYTHON_RULES } from "../affected/cpython-file-rules.ts";
import { listFunctions, type Watched } from "../affected/footprint-files.ts";
import { builtObjects } from "./functions.ts";
import { readBuildCode } from "./object-files.ts";
import type { PreparedBuild } from "./prepare.ts";

export interface UnderTest {
  /** Paths of the programs and shared objects with its functions. */
  readonly objects: readonly string[];
  /** Names of shared objects that cannot be split into functions. */
  readonly whole: readonly string[];
  /** The functions and folders that the scan watches. */
  readonly watched: () => Watched;
  /** Undefined if a part cannot be read. */
  readonly code: () => Code | undefined;
  /** SHA-256 of its files, by name; including those of `further` that exist and belong to it. */
  readonly sources: (further: Iterable<string>) => ReadonlyMap<string, string>;
  /** @param tests all test files, of the baseline and of this check. */
  readonly rules: (tests: readonly string[]) => FileRules;
}

export async function cpythonUnderTest({ python: { tree }, source }: PreparedBuild): Promise<UnderTest> {
  const objects = await builtObjects(tree);
  return {
    objects,
    whole: [],
    watched: () => ({
      objects: objects.map((path) => listFunctions(path, readFileSync(path))),
      roots: [{ path: realpathSync(tree), prefix: "" }],
      isStrict: false,
    }),
    code: () => readBuildCode(tree),
    sources: () => new Map([...source.files].map(([name, { hash }]) => [name, hash])),
    rules: () => CPYTHON_RULES,
  };
}
