// Which test files a change can reach; all of them if that is unknown. Pure.

import { changedFiles, effectsOf, type FileEffect, type FileRules } from "./changed-files.ts";
import { type Code, changedCode } from "./code.ts";
import { type Footprints, usersOfFunctions } from "./footprints.ts";

/** Why a test file runs: it runs or opens something that changed; `unrecorded` if the baseline has no record of it. */
export type Cause =
  | { readonly code: "function"; readonly name: string }
  | { readonly code: "file"; readonly name: string }
  | { readonly code: "unrecorded" };

/** Why all test files run. */
export type AllCause =
  /** Its change reaches every test file. */
  | { readonly code: "shared-function" | "shared-file"; readonly name: string }
  /** The test files that use it are unknown. */
  | { readonly code: "unwatched-function" | "unreferenced-data"; readonly name: string }
  /** The change reaches so many test files that leaving out the rest is not worth it. */
  | { readonly code: "most"; readonly count: number };

export type Selected = (
  | { readonly kind: "all"; readonly cause: AllCause }
  | { readonly kind: "some"; readonly chosen: ReadonlyMap<string, readonly Cause[]> }
) & {
  /** Functions of the baseline that changed or refer to changed data. */
  readonly functions: readonly string[];
  /** Functions whose own code changed, and new ones. */
  readonly rewritten: readonly string[];
};

export interface Change {
  readonly footprints: Footprints;
  readonly rules: FileRules;
  readonly code: Code;
  /** SHA-256 of each file of the source, by name. */
  readonly sources: ReadonlyMap<string, string>;
  /** All existing test files. */
  readonly tests: readonly string[];
}

/** A part of all test files. */
const MOST = 0.8;

/** Number of reasons kept for one test file. */
const MAX_CAUSES = 20;

export function selectAffected(change: Change): Selected {
  const { footprints, rules, code, sources, tests } = change;
  const effects = effectsOf(changedFiles(footprints, sources), footprints, rules);
  const { functions, rewritten, unreferenced } = changedCode(footprints.code, code);
  const cause = whyAll(effects, unreferenced);
  const all = (why: AllCause): Selected => ({ kind: "all", cause: why, functions, rewritten });
  if (cause !== undefined) return all(cause);
  const chosen = new Chosen();
  const usersOf = usersOfFunctions(footprints);
  for (const name of functions) {
    const users = usersOf(name);
    if (users.kind === "everyone") return all({ code: "shared-function", name });
    if (users.kind === "unknown") return all({ code: "unwatched-function", name });
    chosen.add(users.tests, { code: "function", name });
  }
  for (const effect of effects) chosen.add(reachedBy(effect, tests), { code: "file", name: effect.file });
  const recorded = new Set(footprints.tests);
  chosen.add(
    tests.filter((name) => !recorded.has(name)),
    { code: "unrecorded" },
  );
  const listed = new Map(tests.flatMap((name) => chosen.entry(name)));
  if (listed.size > MOST * tests.length) return all({ code: "most", count: listed.size });
  return { kind: "some", chosen: listed, functions, rewritten };
}

function whyAll(effects: readonly FileEffect[], unreferenced: readonly string[]): AllCause | undefined {
  const effect = effects.find(({ of }) => of === "all");
  if (effect !== undefined) return { code: "shared-file", name: effect.file };
  const [name] = unreferenced;
  return name === undefined ? undefined : { code: "unreferenced-data", name };
}

class Chosen {
  readonly #causes = new Map<string, Cause[]>();

  add(tests: readonly string[], cause: Cause): void {
    for (const name of tests) {
      const causes = this.#causes.get(name) ?? [];
      if (causes.length < MAX_CAUSES) causes.push(cause);
      this.#causes.set(name, causes);
    }
  }

  /** Empty if the test file was not selected. */
  entry(name: string): [string, readonly Cause[]][] {
    const causes = this.#causes.get(name);
    return causes === undefined ? [] : [[name, causes]];
  }
}

function reachedBy(effect: FileEffect, tests: readonly string[]): readonly string[] {
  switch (effect.of) {
    case "tests":
      return effect.tests;
    case "package":
      return tests.filter((name) => name === effect.package || name.startsWith(`${effect.package}.`));
    case "all":
      return tests;
  }
}
