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

/** `codegen.c:f.constprop.0` is `f`. */
function plainName(key: string): string {
  return key.replace(/^.*:/, "").replace(/\.(isra|constprop|part|cold|localalias|llvm|lto_priv)\b.*$/, "");
}
