// All functions and variables of a build, by content, and which of them differ in another build. Pure.

import { createHash } from "node:crypto";
import { type Atom, runsAtLoad } from "./object-code.ts";

/** The definitions in the objects of a build. */
export interface Code {
  readonly atoms: ReadonlyMap<string, Atom>;
}

/** The part of a build's code that is kept for comparison with another build: the beginnings of hashes, by key. */
export interface CodeSummary {
  /** Sorted. */
  readonly keys: readonly string[];
  /** {@link HASH_DIGITS} hexadecimal digits for each. */
  readonly hashes: string;
  /** For each key, `f` for a function or `d` for data. */
  readonly kinds: string;
}

/** Digits that are kept of a hash: the author of a change could find another text with the same 32 bits. */
export const HASH_DIGITS = 16;

/** Objects of different programs may define the same name: then both count. */
export function mergeAtoms(objects: Iterable<readonly Atom[]>): Code {
  const groups = Map.groupBy([...objects].flat(), ({ key }) => key);
  return { atoms: new Map([...groups].map(([key, atoms]) => [key, mergeEqual(key, atoms)])) };
}

function mergeEqual(key: string, atoms: readonly Atom[]): Atom {
  const [only] = atoms;
  if (atoms.length === 1 && only !== undefined) return only;
  const hash = createHash("sha256");
  for (const part of atoms.map((atom) => atom.hash).toSorted()) hash.update(part);
  const references = [...new Set(atoms.flatMap((atom) => atom.references))];
  const kind = atoms.every((atom) => atom.kind === "data") ? "data" : "function";
  return { key, kind, hash: hash.digest("hex"), references };
}

export function summarize({ atoms }: Code): CodeSummary {
  const sorted = [...atoms.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return {
    keys: sorted.map(({ key }) => key),
    hashes: sorted.map(({ hash }) => shortHash(hash)).join(""),
    kinds: sorted.map(({ kind }) => (kind === "function" ? "f" : "d")).join(""),
  };
}

export function shortHash(hash: string): string {
  return hash.slice(0, HASH_DIGITS).padEnd(HASH_DIGITS, "0");
}

export interface ChangedCode {
  /**
   * Functions of the baseline whose code differs, or that refer to changed data or to new code, directly or through data; removed ones;
   * and new lists of constructors.
   */
  readonly functions: readonly string[];
  /** Functions whose own machine code differs, and new ones. */
  readonly rewritten: readonly string[];
  /** Changed data that no function refers to: its readers are unknown. */
  readonly unreferenced: readonly string[];
}

/**
 * A function can only behave differently if its machine code changed, or a function that it calls, or data. It must get the address of data
 * somewhere: from its own code, or from another function or data that refers to it. So only changed code leads to new code, or code with a reference
 * that another library satisfied before, or none (weak).
 */
export function changedCode(before: CodeSummary, now: Code): ChangedCode {
  const old = new Map(before.keys.map((key, index) => [key, before.hashes.slice(index * HASH_DIGITS, (index + 1) * HASH_DIGITS)]));
  const gone = before.keys.filter((key, index) => before.kinds[index] === "f" && !now.atoms.has(key));
  const changed = [...now.atoms.values()].filter((atom) => {
    const hash = old.get(atom.key);
    return hash !== undefined && hash !== shortHash(atom.hash);
  });
  const referrers = referrersOf(now);
  const isFunction = ({ kind }: Atom): boolean => kind === "function";
  const rewritten = changed.filter(isFunction).map(({ key }) => key);
  const added = [...now.atoms.values()].filter(({ key }) => !old.has(key));
  const data = changed.filter((atom) => !isFunction(atom));
  // A new reader runs only where changed code leads there, such as a method in a changed table.
  const readers = [...data, ...added].flatMap(({ key }) => readersOf(key, referrers)).filter((key) => old.has(key));
  const first = added.filter(runsAtLoad).map(({ key }) => key);
  return {
    functions: [...new Set([...gone, ...rewritten, ...readers, ...first])].toSorted(),
    rewritten: [...rewritten, ...added.filter(isFunction).map(({ key }) => key)].toSorted(),
    unreferenced: data.flatMap(({ key }) => (readersOf(key, referrers).length === 0 ? [key] : [])),
  };
}

function referrersOf({ atoms }: Code): ReadonlyMap<string, readonly Atom[]> {
  const referrers = new Map<string, Atom[]>();
  for (const atom of atoms.values()) {
    for (const key of atom.references) {
      const known = referrers.get(key);
      if (known === undefined) referrers.set(key, [atom]);
      else known.push(atom);
    }
  }
  return referrers;
}

/** The functions that refer to data, directly or through other data. */
function readersOf(key: string, referrers: ReadonlyMap<string, readonly Atom[]>): readonly string[] {
  const [seen, waiting] = [new Set([key]), [key]];
  const readers = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const atom of referrers.get(next) ?? []) {
      if (atom.kind === "function") readers.add(atom.key);
      else if (!seen.has(atom.key)) {
        seen.add(atom.key);
        waiting.push(atom.key);
      }
    }
  }
  return [...readers];
}
