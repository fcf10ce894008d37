// Which test files a changed file of CPython's source can reach, by its kind. Pure.

import { type FileChange, type FileEffect, type FileRules, openedBy } from "./changed-files.ts";

export const CPYTHON_RULES: FileRules = {
  reached: (change, users) => [...openedBy(change.name, users), ...furtherEffects(change)],
};

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
 * `code` is compiled, so its changes show in the objects, or writes such files when people run it. `read` affects only the tests that open it.
 * Any other file may affect the whole build.
 */
function kindOf(name: string): "code" | "read" | "library" | "build" {
  if (/^(Include|Modules|Objects|Parser|Programs|Python)\/.*\.(c|h|S|inc|asdl|gram|rst|txt|md|sh)$|^Parser\/asdl\w*\.py$/.test(name))
    return "code";
  // The build runs sysconfig and these tools, and tests open what they write.
  if (/^Lib\/sysconfig(\.py$|\/)|^Tools\/build\/|^Misc\/(.*\.(supp|in)|platform_triplet\.c)$/.test(name)) return "build";
  if (/^Lib\//.test(name)) return "library";
  if (/^(Doc|Misc|Tools|PC|PCbuild|Mac|iOS|Apple|Android|Platforms|\.[^/]+)\//.test(name)) return "read";
  return /^(\.[^/]+|[\w-]+\.(rst|md|toml|txt)|LICENSE)$/.test(name) ? "read" : "build";
}
