// Which test files a changed file of CPython's source can reach, by its kind. Pure.

import { type Footprints, HASH_DIGITS, usersOfFiles } from "./footprints.ts";

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
    return old === hash.slice(0, HASH_DIGITS) ? [] : [{ name, kind: "modified" }];
  });
  return [...removed, ...others];
}

export function effectsOf(changes: readonly FileChange[], footprints: Footprints): readonly FileEffect[] {
  const usersOf = usersOfFiles(footprints);
  return changes.flatMap((change): FileEffect[] => {
    const file = change.name;
    const users = change.kind === "added" ? undefined : usersOf(file);
    if (users !== undefined && users.kind !== "some") return [{ of: "all", file }];
    const opened: FileEffect[] = users === undefined || users.tests.length === 0 ? [] : [{ of: "tests", tests: users.tests, file }];
    return [...opened, ...furtherEffects(change)];
  });
}

/** Test files that depend on a file without opening it. */
function furtherEffects({ name, kind }: FileChange): readonly FileEffect[] {
  switch (kindOf(name)) {
    case "code":
    case "read":
      return [];
    case "build":
      return [{ of: "all", file: name }];
    case "library":
      return kind === "modified" ? [] : comingAndGoing(name);
  }
}

/** An added or removed file changes the result of an import or of listing its folder. */
function comingAndGoing(file: string): readonly FileEffect[] {
  // A new test file runs because it has no record.
  if (/^Lib\/test\/test_\w+\.py$/.test(file)) return [];
  const [, name] = /^Lib\/test\/(test_\w+)\//.exec(file) ?? [];
  return name === undefined ? [{ of: "all", file }] : [{ of: "package", package: name, file }];
}

/**
 * `code` is compiled, so its changes show in the objects. `read` affects only the tests that open it. Any other file may affect the whole build.
 */
function kindOf(name: string): "code" | "read" | "library" | "build" {
  if (/^(Include|Modules|Objects|Parser|Programs|Python)\/.*\.(c|h|S|asdl|gram|rst|txt|md)$/.test(name)) return "code";
  if (/^Lib\//.test(name)) return "library";
  if (/^Misc\/.*\.(supp|in)$/.test(name)) return "build";
  if (/^(Doc|Misc|Tools|PC|PCbuild|Mac|iOS|Apple|Android|Platforms|\.\w+)\//.test(name)) return "read";
  return /^(\.\w+|[\w-]+\.(rst|md|toml|txt)|LICENSE)$/.test(name) ? "read" : "build";
}
