// The test files that are closest to changed C files: they run many functions there that few other test files run. Pure.

import { type Footprints, usersOfFunctions } from "./footprints.ts";

/** If more C files contain the change, for example through a header, closeness means nothing. */
const MAX_FILES = 8;

/** Names of the changed C files, without folders. @param functions keys of changed functions. @param files names of changed files. */
export function changedCFiles(functions: readonly string[], files: readonly string[]): ReadonlySet<string> {
  const ofFunctions = functions.flatMap((key) => /^([^:]+\.c):/.exec(key)?.[1] ?? []);
  return new Set([...ofFunctions, ...files.filter((name) => name.endsWith(".c")).map((name) => name.replace(/^.*\//, ""))]);
}

/**
 * Test files, closest first. Each static function of these C files adds 1/n to the score of the n test files that run it: test_dict is close to
 * dictobject.c because it runs many functions there that hardly any other test file runs.
 */
export function closestTests(cFiles: ReadonlySet<string>, footprints: Footprints): readonly string[] {
  if (cFiles.size > MAX_FILES) return [];
  const scores = new Map<string, number>();
  const usersOf = usersOfFunctions(footprints);
  for (const key of footprints.code.keys.filter((one) => cFiles.has(one.replace(/:.*$/, "")))) {
    const users = usersOf(key);
    const tests = users.kind === "some" ? users.tests : [];
    for (const name of tests) scores.set(name, (scores.get(name) ?? 0) + 1 / tests.length);
  }
  const least = CLOSE * Math.max(0, ...scores.values());
  const close = [...scores].filter(([, score]) => score >= least);
  return close.toSorted(([name, score], [other, otherScore]) => otherScore - score || (name < other ? -1 : 1)).map(([name]) => name);
}

/** Minimum score, relative to that of the closest test file. */
const CLOSE = 0.25;
