// The part of a baseline that tells which test files a change can reach: hashes of the build's code and source, and which test files ran and
// opened each. Pure.

import * as v from "valibot";
import { type CodeSummary, shortHash } from "./code.ts";

export const FootprintsSchema = v.strictObject({
  /** The commit that was recorded; null if the source is not a git checkout. */
  sha: v.nullable(v.string()),
  /** The functions and variables of the build, sorted. */
  code: v.strictObject({ keys: v.array(v.string()), kinds: v.string(), hashes: v.string() }),
  /** The files of the source, sorted, with the first digits of each hash ({@link HASH_DIGITS} in code.ts). */
  sources: v.strictObject({ names: v.array(v.string()), hashes: v.string() }),
  /** The test files with a complete record. */
  tests: v.array(v.string()),
  /** Distinct sets of test files: {@link EVERYONE}, {@link UNKNOWN}, or the bits of their indices in base64. */
  users: v.array(v.string()),
  /** For each of `code.keys`, the set of test files that run it; for each of `sources.names`, the set that opens it. */
  usersOfCode: v.array(v.number()),
  usersOfSources: v.array(v.number()),
});

export type Footprints = v.InferOutput<typeof FootprintsSchema>;

/** Part of the state that every test file begins with. */
const EVERYONE = "*";

/** A function whose calls can't be seen. */
const UNKNOWN = "?";

/** Which test files use something. */
export type Users =
  | { readonly kind: "everyone" }
  | { readonly kind: "unknown" }
  | { readonly kind: "some"; readonly tests: readonly string[] };

/** The functions that one test file ran, and the files that it opened. */
export interface Footprint {
  readonly functions: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
}

/** The records of a scan's test files. */
export interface RecordedFootprints {
  /** The functions whose calls were watched. */
  readonly watched: ReadonlySet<string>;
  /** The same for the initial state of all test files. */
  readonly shared: Footprint;
  /** The test files with a complete record. */
  readonly tests: ReadonlyMap<string, Footprint>;
}

export interface Recorded extends RecordedFootprints {
  readonly sha: string | null;
  readonly code: CodeSummary;
  /** SHA-256 of each file of the source, by name. */
  readonly sources: ReadonlyMap<string, string>;
}

export function makeFootprints({ sha, code, sources, watched, shared, tests }: Recorded): Footprints {
  const names = [...tests.keys()].toSorted();
  const sets = new Map<string, number>();
  const indexOf = (set: string): number => {
    const index = sets.get(set) ?? sets.size;
    sets.set(set, index);
    return index;
  };
  const bits = (isUser: (footprint: Footprint) => boolean): string =>
    encodeBits(names.map((name) => isUser(tests.get(name) ?? { functions: new Set(), files: new Set() })));
  const files = [...sources.keys()].toSorted();
  return {
    sha,
    code: { ...code, keys: [...code.keys] },
    sources: { names: files, hashes: files.map((name) => shortHash(sources.get(name) ?? "")).join("") },
    tests: names,
    usersOfCode: code.keys.map((key, index) => {
      if (code.kinds[index] !== "f") return indexOf("");
      if (shared.functions.has(key)) return indexOf(EVERYONE);
      return indexOf(watched.has(key) ? bits(({ functions }) => functions.has(key)) : UNKNOWN);
    }),
    usersOfSources: files.map((name) => indexOf(shared.files.has(name) ? EVERYONE : bits((footprint) => footprint.files.has(name)))),
    users: [...sets.keys()],
  };
}

/** Leaves out test files whose recording can't be trusted. */
export function withoutTests(footprints: Footprints, names: ReadonlySet<string>): Footprints {
  // The bits keep their positions: a name that is not a test file stands for none.
  return { ...footprints, tests: footprints.tests.map((name) => (names.has(name) ? "" : name)) };
}

/** Which test files run each function. */
export function usersOfFunctions(footprints: Footprints): (key: string) => Users {
  return lookup(footprints, footprints.code.keys, footprints.usersOfCode);
}

/** Which test files open each file of the source. */
export function usersOfFiles(footprints: Footprints): (name: string) => Users {
  return lookup(footprints, footprints.sources.names, footprints.usersOfSources);
}

function lookup(footprints: Footprints, names: readonly string[], users: readonly number[]): (name: string) => Users {
  const indices = new Map(names.map((name, index) => [name, index]));
  return (name) => {
    const index = indices.get(name);
    return decodeUsers(footprints, index === undefined ? undefined : footprints.users[users[index] ?? -1]);
  };
}

function decodeUsers({ tests }: Footprints, set: string | undefined): Users {
  if (set === undefined || set === UNKNOWN) return { kind: "unknown" };
  if (set === EVERYONE) return { kind: "everyone" };
  return { kind: "some", tests: decodeBits(set, tests).filter((name) => name !== "") };
}

/** The values whose bits are set. */
export function decodeBits<Value>(set: string, values: readonly Value[]): readonly Value[] {
  const bytes = Buffer.from(set, "base64");
  return values.filter((_, index) => (((bytes[index >> 3] ?? 0) >> (index & 7)) & 1) === 1);
}

/** Without trailing zeros. */
export function encodeBits(bits: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil((bits.lastIndexOf(true) + 1) / 8));
  for (const [index, bit] of bits.entries()) if (bit) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  return Buffer.from(bytes).toString("base64");
}
