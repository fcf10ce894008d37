// Which test files go most closely with changed C files: those that run much in them that few others do. Pure.

import { type Footprints, usersOfFunctions } from "./footprints.ts";

/** A header that so many C files include says nothing about any of them. */
const MAX_FILES = 8;

/** The C files that a change is in, without their folders. @param functions keys of those that changed. @param files names of those that changed. */
export function changedCFiles(functions: readonly string[], files: readonly string[]): ReadonlySet<string> {
  const ofFunctions = functions.flatMap((key) => /^([^:]+\.c):/.exec(key)?.[1] ?? []);
  return new Set([...ofFunctions, ...files.filter((name) => name.endsWith(".c")).map((name) => name.replace(/^.*\//, ""))]);
}

/**
 * Test files, the closest first. Each function that is local to one of these C files counts for the test files that run it, by the inverse of their
 * number: test_dict is close to dictobject.c since it runs much there that hardly any other test file does.
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

/** How close the others must be, beside the closest one. */
const CLOSE = 0.25;
