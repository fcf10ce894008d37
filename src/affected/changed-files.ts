// The source files that differ from the baseline, and the test files that these changes can reach. Pure.

import { HASH_DIGITS, shortHash } from "./code.ts";
import { type Footprints, type Users, usersOfFiles } from "./footprints.ts";

/** A test file, or all of them, and the changed file. */
export type FileEffect =
  | { readonly of: "tests"; readonly tests: readonly string[]; readonly file: string }
  | { readonly of: "package"; readonly package: string; readonly file: string }
  | { readonly of: "all"; readonly file: string };

export interface FileChange {
  readonly name: string;
  readonly kind: "added" | "removed" | "modified";
}

export function changedFiles({ sources }: Footprints, now: ReadonlyMap<string, string>): readonly FileChange[] {
  const before = new Map(
    sources.names.map((name, index) => [name, sources.hashes.slice(index * HASH_DIGITS, (index + 1) * HASH_DIGITS)] as const),
  );
  const removed = sources.names.filter((name) => !now.has(name)).map((name) => ({ name, kind: "removed" }) as const);
  const others = [...now].flatMap(([name, hash]): FileChange[] => {
    const old = before.get(name);
    if (old === undefined) return [{ name, kind: "added" }];
    return old === shortHash(hash) ? [] : [{ name, kind: "modified" }];
  });
  return [...removed, ...others];
}

/** Maps a changed file to the test files that the change can reach, depending on the kind of file. */
export interface FileRules {
  /** @param users the test files that open the file; undefined if the file is not in the baseline. */
  reached(change: FileChange, users: Users | undefined): readonly FileEffect[];
}

export function effectsOf(changes: readonly FileChange[], footprints: Footprints, rules: FileRules): readonly FileEffect[] {
  const usersOf = usersOfFiles(footprints);
  return changes.flatMap((change) => rules.reached(change, change.kind === "added" ? undefined : usersOf(change.name)));
}

/** The effect on test files that open the file. */
export function openedBy(file: string, users: Users | undefined): readonly FileEffect[] {
  if (users === undefined) return [];
  if (users.kind !== "some") return [{ of: "all", file }];
  return users.tests.length === 0 ? [] : [{ of: "tests", tests: users.tests, file }];
}
