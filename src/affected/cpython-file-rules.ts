// What changes of files of CPython's source can reach. Pure.

import { type FileChange, type FileEffect, type FileRules, openedBy } from "./changed-files.ts";

export const CPYTHON_RULES: FileRules = {
  reached: (change, users) => [...openedBy(change.name, users), ...furtherEffects(change)],
};

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
