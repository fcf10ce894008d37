// Findings of several builds in one baseline: a recording does not renew those of other slices, or of test files that were left out. What tells a
// renamed function from a different one depends on the build that a finding is of, so the baseline keeps how the older builds differ from its own.

import { type Baseline, type BaselineEntry, mergeEntries, sortEntries } from "./baseline.ts";
import { baseOf, fileOf } from "./likeness.ts";
import { compareText } from "./make-finding.ts";
import type { Evidence } from "./match.ts";

/** Findings of older builds than these count as ones of a later build: then less tells a renamed function from a different one. */
const MAX_OTHER_BUILDS = 40;

/** What is known of the build that findings are of. */
export interface Code {
  readonly functions: ReadonlySet<string>;
  /** Files that have moved since, by their base names: new ones by old ones. */
  readonly moves: ReadonlyMap<string, string>;
}

type Store = Pick<Baseline, "functions" | "otherBuilds">;

/** The code of the baseline's own build, then that of its other builds. */
export function codesOf({ functions, otherBuilds }: Store): readonly [Code, ...Code[]] {
  const own = { functions: new Set(functions), moves: new Map<string, string>() };
  const others = otherBuilds.map(({ had, lacked, moves }): Code => {
    const without = new Set(lacked);
    return {
      functions: new Set([...functions.filter((name) => !without.has(name)), ...had]),
      moves: new Map(moves.map(({ from, to }) => [from, to])),
    };
  });
  return [own, ...others];
}

/** The code of a build after further moves of files, by their paths. */
export function moveFiles({ functions, moves }: Code, further: ReadonlyMap<string, string>): Code {
  const now = new Map([...further].map(([from, to]) => [baseOf(from), baseOf(to)]));
  return { functions, moves: new Map([...now, ...[...moves].map(([from, to]) => [from, now.get(to) ?? to] as const)]) };
}

/** What a comparison with a baseline has to go by. @param functions today's. @param moves since the baseline's commit. */
export function evidenceOf(store: Store, functions: ReadonlySet<string>, moves: ReadonlyMap<string, string>): Evidence {
  if (store.functions.length === 0) return { functions: { before: null, now: null }, moves };
  const [own, ...others] = codesOf(store);
  return { functions: { before: own.functions, now: functions }, moves, others: others.map((code) => moveFiles(code, moves)) };
}

/** Entries of a baseline, and the code of its builds, its own first. */
export interface Part {
  readonly entries: readonly BaselineEntry[];
  readonly codes: readonly Code[];
}

/** The entries of all parts, in a baseline with these functions. Of two that are the same error, the first one stays, with the larger amount. */
export function joinEntries(
  parts: readonly Part[],
  functions: readonly string[],
): Pick<Baseline, "findings" | "otherBuilds" | "functions"> {
  const codes = parts.flatMap((part) => part.codes);
  const entries = parts.flatMap((part, index) => {
    const first = parts.slice(0, index).reduce((sum, one) => sum + one.codes.length, 0);
    return part.entries.map((entry) => ({ ...entry, build: first + (entry.build === undefined ? 0 : entry.build + 1) }));
  });
  const joined = sortEntries(mergeEntries(entries, Math.max));
  return { ...withOtherBuilds(joined, codes, functions), functions: joined.length === 0 ? [] : [...functions] };
}

/** @param codes the code that each entry's `build` is an index of. */
function withOtherBuilds(
  entries: readonly BaselineEntry[],
  codes: readonly Code[],
  functions: readonly string[],
): Pick<Baseline, "findings" | "otherBuilds"> {
  // By their text: test files that one build adds to a baseline one by one share their code.
  const others = new Map<string, Baseline["otherBuilds"][number]>();
  const texts = codes.map((code, index) => {
    const own = entries.filter(({ build }) => build === index);
    const other = own.length === 0 || functions.length === 0 ? undefined : differenceOf(code, own, functions);
    if (other === undefined) return undefined;
    const text = JSON.stringify(other);
    if (others.size < MAX_OTHER_BUILDS) others.set(text, other);
    return text;
  });
  const order = [...others.keys()];
  const indices = texts.map((text) => (text === undefined || !others.has(text) ? undefined : order.indexOf(text)));
  const findings = entries.map(({ build: before, ...entry }): BaselineEntry => {
    const build = before === undefined ? undefined : indices[before];
    return build === undefined ? entry : { ...entry, build };
  });
  return { otherBuilds: [...others.values()], findings };
}

/** Undefined if nothing differs that matters to these entries, or if the functions are not known. */
function differenceOf(
  { functions, moves }: Code,
  entries: readonly BaselineEntry[],
  own: readonly string[],
): Baseline["otherBuilds"][number] | undefined {
  if (functions.size === 0) return undefined;
  const known = new Set(own);
  const files = new Set(entries.flatMap(({ stack }) => stack.flat().map(fileOf)));
  const other = {
    had: [...functions].filter((name) => !known.has(name)).sort(compareText),
    lacked: own.filter((name) => !functions.has(name)),
    moves: [...moves]
      .map(([from, to]) => ({ from, to }))
      .filter(({ from, to }) => from !== to && files.has(from))
      .sort((a, b) => compareText(a.from, b.from)),
  };
  return [other.had, other.lacked, other.moves].every((list) => list.length === 0) ? undefined : other;
}
