// Which test files a changed file of CPython's source can reach, by what it is. Pure.

import { type Footprints, HASH_DIGITS, usersOfFiles } from "./footprints.ts";

/** A test file, or all of them, with the file that is why. */
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

/** What its readers do not tell. */
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

/** A file that comes or goes changes what an import, or a look into its folder, finds. */
function comingAndGoing(file: string): readonly FileEffect[] {
  // A test file of its own is run for having no record.
  if (/^Lib\/test\/test_\w+\.py$/.test(file)) return [];
  const [, name] = /^Lib\/test\/(test_\w+)\//.exec(file) ?? [];
  return name === undefined ? [{ of: "all", file }] : [{ of: "package", package: name, file }];
}

/**
 * `code` is compiled: what it changes shows in the objects. `read` has an effect on those alone that open it. Whatever is not known here may have
 * an effect on the build as a whole.
 */
function kindOf(name: string): "code" | "read" | "library" | "build" {
  if (/^(Include|Modules|Objects|Parser|Programs|Python)\/.*\.(c|h|S|asdl|gram|rst|txt|md)$/.test(name)) return "code";
  if (/^Lib\//.test(name)) return "library";
  if (/^Misc\/.*\.(supp|in)$/.test(name)) return "build";
  if (/^(Doc|Misc|Tools|PC|PCbuild|Mac|iOS|Apple|Android|Platforms|\.\w+)\//.test(name)) return "read";
  return /^(\.\w+|[\w-]+\.(rst|md|toml|txt)|LICENSE)$/.test(name) ? "read" : "build";
}
