// What changes of files of a project with tests of its own can reach. Pure.

import { type FileChange, type FileEffect, type FileRules, openedBy } from "./changed-files.ts";
import type { Users } from "./footprints.ts";

export interface SuiteFiles {
  /** Of the baseline and of now. */
  readonly tests: ReadonlySet<string>;
  /** The project's Python files that have a word in their text. */
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

/** By its name, too: what is collected for its docstrings may be any module of the project. */
function isTestFile(name: string, { tests }: SuiteFiles): boolean {
  return tests.has(name) && /(^|\/)(test_[^/]*|[^/]*_test)\.py$/.test(name);
}

/**
 * A suite imports all its test files before the first one runs, so that all of them seem to open it. It reaches itself, and what may import from it: each
 * file that has its name in it. Added ones run for having no record.
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

/** What its readers do not tell. */
function furtherEffects({ name: file, kind }: FileChange, files: SuiteFiles): readonly FileEffect[] {
  switch (kindOf(file)) {
    case "code":
    case "read":
      // A test may run on all files that it finds in a folder beside it.
      return kind === "added" && isBesideTests(file, files) ? [{ of: "all", file }] : [];
    case "build":
      return [{ of: "all", file }];
    case "library":
      // What comes or goes changes what an import, or a look into its folder, finds.
      return kind === "modified" ? [] : [{ of: "all", file }];
  }
}

/** Whether it is in the folder of a test file, or below. */
function isBesideTests(file: string, { tests }: SuiteFiles): boolean {
  return [...tests].some((test) => file.startsWith(test.slice(0, test.lastIndexOf("/") + 1)));
}

/** `code` is compiled: what it changes shows in the shared objects. `read` has an effect on those alone that open it. */
function kindOf(name: string): "code" | "read" | "library" | "build" {
  if (BUILD.test(name)) return "build";
  if (/\.(c|cc|cpp|cxx|c\+\+|cu|m|mm|rs|pyx|pxd|pxi|f|f90|f95|h|hh|hpp|hxx|inc|inl|ipp|tcc|md|rst)$/i.test(name)) return "code";
  const isHidden = /(^|\/)\./.test(name);
  const isDocument = /^docs?\//i.test(name);
  // A report, a baseline, a license.
  const isAtTop = !name.includes("/") && !/\.(py|so)$/.test(name);
  return isHidden || isDocument || isAtTop ? "read" : "library";
}

/** The command, and what else is installed. */
export const PARTS = { command: "the command", packages: "the installed packages" } as const;

/** What has an effect on the build as a whole, or on how its tests are run. */
const BUILD = new RegExp(
  `(^|/)(pyproject\\.toml|setup\\.(py|cfg)|meson(\\.build|_options\\.txt|\\.options)|CMakeLists\\.txt|[^/]*\\.cmake|Cargo\\.(toml|lock)|[^/]*requirements[^/]*\\.txt|MANIFEST\\.in|tox\\.ini|\\.?pytest\\.(ini|toml)|conftest\\.py)$|^(${Object.values(PARTS).join("|")})$`,
);
