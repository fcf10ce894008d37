// Which test files a changed file of a project with its own tests can reach, by its kind. Pure.

import { type FileChange, type FileEffect, type FileRules, openedBy } from "./changed-files.ts";
import type { Users } from "./footprints.ts";

export interface SuiteFiles {
  /** Test files of the baseline and of this check. */
  readonly tests: ReadonlySet<string>;
  /** Returns the project's Python files that contain a word. */
  readonly mentioning: (word: string) => readonly string[];
}

export function suiteRules(files: SuiteFiles): FileRules {
  return {
    reached: (change, users) =>
      isTestFile(change.name, files)
        ? ofTestFile(change, users, files)
        : [...openedBy(change.name, users), ...furtherEffects(change, files)],
  };
}

/** Also checks the name, because any module may be collected for its doctests. */
function isTestFile(name: string, { tests }: SuiteFiles): boolean {
  return tests.has(name) && /(^|\/)(test_[^/]*|[^/]*_test)\.py$/.test(name);
}

/**
 * A suite imports all its test files before the first one runs, so the records of all contain this one. A change to it reaches the test file itself
 * and files that may import it, which are those that mention its name. A new test file runs because it has no record.
 */
function ofTestFile({ name: file, kind }: FileChange, users: Users | undefined, files: SuiteFiles): readonly FileEffect[] {
  const importers = importersOf(file, files);
  if (!importers.every((name) => isTestFile(name, files))) return [{ of: "all", file }];
  const readers = users?.kind === "some" ? users.tests : [];
  return [{ of: "tests", tests: [...new Set([...(kind === "removed" ? [] : [file]), ...importers, ...readers])], file }];
}

function importersOf(file: string, { mentioning }: SuiteFiles): readonly string[] {
  const [found, waiting] = [new Set<string>(), [file]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of mentioning(moduleOf(next))) {
      if (name === file || found.has(name)) continue;
      found.add(name);
      waiting.push(name);
    }
  }
  return [...found];
}

function moduleOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.py$/, "");
}

/** Test files that depend on a file without opening it. */
function furtherEffects({ name: file, kind }: FileChange, files: SuiteFiles): readonly FileEffect[] {
  switch (kindOf(file)) {
    case "code":
    case "read":
      // A test may use all files that it finds in a folder next to it.
      return kind === "added" && isBesideTests(file, files) ? [{ of: "all", file }] : [];
    case "build":
      return [{ of: "all", file }];
    case "library":
      // An added or removed file changes the result of an import or of listing its folder.
      return kind === "modified" ? [] : [{ of: "all", file }];
  }
}

/** Whether the file is in the folder of a test file, or below it. */
function isBesideTests(file: string, { tests }: SuiteFiles): boolean {
  return [...tests].some((test) => file.startsWith(test.slice(0, test.lastIndexOf("/") + 1)));
}

/** Begins the names of files in the checkout that are not in the command's folder. No folder has this name. */
export const IN_CHECKOUT = "the checkout/";

/** `code` is compiled, so its changes show in the shared objects. `read` affects only the tests that open it. */
function kindOf(file: string): "code" | "read" | "library" | "build" {
  const name = file.startsWith(IN_CHECKOUT) ? file.slice(IN_CHECKOUT.length) : file;
  if (BUILD.test(name)) return "build";
  if (/\.(c|cc|cpp|cxx|c\+\+|cu|m|mm|rs|pyx|pxd|pxi|f|f90|f95|h|hh|hpp|hxx|inc|inl|ipp|tcc|md|rst)$/i.test(name)) return "code";
  const isHidden = /(^|\/)\./.test(name);
  const isDocument = /^docs?\//i.test(name);
  // For example a report, a baseline or a license.
  const isAtTop = !name.includes("/") && !/\.(py|so)$/.test(name);
  return isHidden || isDocument || isAtTop ? "read" : "library";
}

/** Names under which the command and the other installed packages are compared like files. */
export const PARTS = { command: "the command", packages: "the installed packages" } as const;

/** Files that affect the whole build, or how the tests are run. */
const BUILD = new RegExp(
  `(^|/)(pyproject\\.toml|setup\\.(py|cfg)|meson(\\.build|_options\\.txt|\\.options)|CMakeLists\\.txt|[^/]*\\.cmake|Cargo\\.(toml|lock)|[^/]*requirements[^/]*\\.txt|MANIFEST\\.in|tox\\.ini|\\.?pytest\\.(ini|toml)|conftest\\.py)$|^(${Object.values(PARTS).join("|")})$`,
);
