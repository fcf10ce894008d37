// The likely causes of a leak with no changed function on its stack: the changed functions that run where it leaks, and least where nothing
// leaks. Pure.

import type { Users } from "./footprints.ts";
import { mayBeCalled } from "./mangled-names.ts";

export interface Suspect {
  readonly key: string;
  /** The name in debug information, without its file and without the compiler's suffix for a copy. */
  readonly name: string;
  /** Number of test files without the leak that run it, too. */
  readonly cleanUsers: number;
}

/** A leak without a changed function on its stack, which otherwise shows the cause. */
export interface Leak {
  /** The test files with the leak and a record, and those that ran without it. */
  readonly leaking: readonly string[];
  readonly clean: readonly string[];
}

/** The most likely ones. */
export function blame({ leaking, clean }: Leak, changed: readonly string[], usersOf: (key: string) => Users): readonly Suspect[] {
  const suspects = changed.flatMap((key): Suspect[] => {
    const users = usersOf(key);
    if (users.kind !== "some") return [{ key, name: plainName(key), cleanUsers: clean.length }];
    if (!leaking.every((test) => users.tests.includes(test))) return [];
    return [{ key, name: plainName(key), cleanUsers: clean.filter((test) => users.tests.includes(test)).length }];
  });
  const least = Math.min(...suspects.map(({ cleanUsers }) => cleanUsers));
  const likeliest = suspects.filter(({ cleanUsers }) => cleanUsers === least).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return likeliest.filter(({ name }, index) => likeliest.findIndex((other) => other.name === name) === index);
}

/** Whether a changed function is on a stack. @param stack the functions' names. */
export function isOnStack(changed: readonly string[], stack: readonly string[]): boolean {
  const names = new Set(changed.map(plainName));
  return stack.some((name) => names.has(name) || changed.some((key) => mayBeCalled(key, name)));
}

/** The unchanged functions of files that have the name of a changed one: many modules have a `module_exec`. */
export function namesakesOf(changed: readonly string[], keys: readonly string[]): ReadonlySet<string> {
  const [names, own] = [new Set(changed.map(plainName)), new Set(changed.map(withoutCopy))];
  return new Set(keys.map(withoutCopy).filter((key) => key.includes(":") && names.has(plainName(key)) && !own.has(key)));
}

/** The names of the functions on a stack that may be changed ones. */
export function namesOnStack(
  frames: readonly { readonly function: string; readonly file: string | null }[],
  namesakes: ReadonlySet<string>,
): readonly string[] {
  return frames.flatMap(({ function: name, file }) => (namesakes.has(`${file?.replace(/^.*\//, "")}:${name}`) ? [] : [name]));
}

/** `codegen.c:f.constprop.0` is `f`. */
function plainName(key: string): string {
  return withoutCopy(key.replace(/^.*:/, ""));
}

function withoutCopy(key: string): string {
  return key.replace(/\.(isra|constprop|part|cold|localalias|llvm|lto_priv)\b.*$/, "");
}
