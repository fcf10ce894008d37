// What a change can change, whose effect is known by function and by file: CPython itself, or a project with tests of its own.

import { readFileSync, realpathSync } from "node:fs";
import type { FileRules } from "../affected/changed-files.ts";
import type { Code } from "../affected/code.ts";
import { CPYTHON_RULES } from "../affected/cpython-file-rules.ts";
import { listFunctions, type Watched } from "../affected/footprint-files.ts";
import { builtObjects } from "./functions.ts";
import { readBuildCode } from "./object-files.ts";
import type { PreparedBuild } from "./prepare.ts";

export interface UnderTest {
  /** The programs and shared objects with its functions. */
  readonly objects: readonly string[];
  /** The names of shared objects whose functions cannot be told apart. */
  readonly whole: readonly string[];
  /** What the scan watches to record who runs and opens it. */
  readonly watched: () => Watched;
  /** Undefined where it cannot all be read. */
  readonly code: () => Code | undefined;
  /** SHA-256 by name of its files; also of the `further` ones that are there and count. */
  readonly sources: (further: Iterable<string>) => ReadonlyMap<string, string>;
  /** @param tests all test files, of the baseline and of now. */
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
