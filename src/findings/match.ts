import type { Finding } from "../model/finding.ts";
import { type BaselineEntry, segmentOfEntry } from "./baseline.ts";
import { baseOf, MIN_SIMILARITY, movedEqually, renamedLikeness, restOf, similarityOf, weigh } from "./likeness.ts";
import { amountOf, classOf, compareText } from "./make-finding.ts";

/** How a finding was matched with a baseline entry, from strict to lenient. */
export type Pass = "exact" | "renamed" | "moved" | "similar";

/** Facts about the change. Unavailable ones are null or empty, and the passes that need them do nothing. */
export interface Evidence {
  readonly functions: { readonly before: ReadonlySet<string> | null; readonly now: ReadonlySet<string> | null };
  /** Moved files: new paths by old ones, relative to the project's root. */
  readonly moves: ReadonlyMap<string, string>;
  /** The same for entries of the baseline's other builds. */
  readonly others?: readonly { readonly functions: ReadonlySet<string>; readonly moves: ReadonlyMap<string, string> }[];
}

export const NO_EVIDENCE: Evidence = { functions: { before: null, now: null }, moves: new Map() };

export interface Match {
  readonly entry: BaselineEntry;
  readonly finding: Finding;
  readonly pass: Pass;
  /** {@link amountOf}, at least 1. */
  readonly amount: number;
  /** From 0 to 1. */
  readonly similarity: number;
}

/** An error on one side, and the amount that is not matched yet. */
interface Residue<Item> {
  readonly item: Item;
  readonly amount: number;
  readonly segment: readonly string[];
  left: number;
}

type Likeness = (before: Residue<BaselineEntry>, now: Residue<Finding>) => number;

/**
 * Pairs the findings of one test file with the baseline. Equal signatures first; then, in each later pass, only unmatched findings and entries,
 * each block once. A finding with an exact match is never a candidate for fuzzy matching: on real stacks most findings resemble another one.
 */
export function matchFindings(entries: readonly BaselineEntry[], findings: readonly Finding[], evidence: Evidence): readonly Match[] {
  const before = entries.map((item) => residueOf(item, segmentOfEntry(item), Math.max(1, item.blocks)));
  const now = findings.map((item) => residueOf(item, item.segment, Math.max(1, amountOf(item))));
  const moves = movesIn(evidence);
  const bySignature = ({ signature }: Item): string => signature;
  const byClass = ({ kind }: Item): string => classOf(kind);
  return [
    ...pair("exact", before, now, bySignature, () => 1),
    ...pair("renamed", before, now, byClass, renamedLike(evidence, moves)),
    ...pair("moved", before, now, byClass, (a, b) => Number(movedEqually(a.segment, b.segment, moves(a.item)))),
    ...pair("similar", before, now, byClass, similar()),
  ];
}

/** The evidence on the build that an entry is of. */
function evidenceFor({ build }: BaselineEntry, evidence: Evidence): Pick<Evidence, "functions" | "moves"> {
  const other = build === undefined ? undefined : evidence.others?.[build];
  return other === undefined ? evidence : { functions: { before: other.functions, now: evidence.functions.now }, moves: other.moves };
}

/** If only the surrounding frames support a match, the amounts must be equal. */
function renamedLike(evidence: Evidence, moves: MovesOf): Likeness {
  const today = evidence.functions.now;
  if (today === null) return () => 0;
  type Names = ReadonlySet<string>;
  const restBefore = remember((old: Names) => remember((item: BaselineEntry) => restOf(item, old, today)));
  const restNow = remember((old: Names) => remember(({ kind, normalizedStack: stack }: Finding) => restOf({ kind, stack }, today, old)));
  return (before, now) => {
    const old = evidenceFor(before.item, evidence).functions.before;
    if (old === null) return 0;
    const likeness = renamedLikeness(before.item.kind, restBefore(old)(before.item), restNow(old)(now.item), moves(before.item));
    if (likeness === "weak") return before.left === now.left ? 0.5 : 0;
    return likeness === "strong" ? 1 : 0;
  };
}

/** The files that moved since an entry was recorded, by their base names. */
type MovesOf = (entry: BaselineEntry) => ReadonlyMap<string, string>;

function movesIn(evidence: Evidence): MovesOf {
  const byName = remember((moves: Evidence["moves"]) => new Map([...moves].map(([from, to]) => [baseOf(from), baseOf(to)])));
  return (entry) => byName(evidenceFor(entry, evidence).moves);
}

/** Only whole leaks: if part of a known leak is gone, that says nothing about another, similar leak, or a smaller one. */
function similar(): Likeness {
  const weighed = remember(weigh);
  return (before, now) => {
    if (before.left < before.amount || now.left < now.amount || now.left > before.left) return 0;
    const score = similarityOf(weighed(before.segment), weighed(now.segment));
    return score >= MIN_SIMILARITY ? score : 0;
  };
}

/** Of a thousand errors on both sides there are a million pairs, so what depends on one side is made once. */
function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

type Item = BaselineEntry | Finding;

function residueOf<Own extends Item>(item: Own, segment: readonly string[], amount: number): Residue<Own> {
  return { item, amount, segment, left: amount };
}

/** @param group only errors of one group are compared. */
function pair(
  pass: Pass,
  before: readonly Residue<BaselineEntry>[],
  now: readonly Residue<Finding>[],
  group: (item: Item) => string,
  likeness: Likeness,
): Match[] {
  const open = Map.groupBy(
    before.filter(({ left }) => left > 0),
    ({ item }) => group(item),
  );
  const candidates: Candidate[] = [];
  for (const b of now.filter(({ left }) => left > 0)) {
    for (const a of open.get(group(b.item)) ?? []) {
      const score = likeness(a, b);
      if (score > 0) candidates.push({ a, b, score });
    }
  }
  return candidates.sort(bestFirst).flatMap(({ a, b, score }) => take(pass, a, b, score));
}

interface Candidate {
  readonly a: Residue<BaselineEntry>;
  readonly b: Residue<Finding>;
  readonly score: number;
}

/** The most similar pair first, then equal amounts; the remaining order only has to be deterministic. */
function bestFirst(one: Candidate, other: Candidate): number {
  const gap = ({ a, b }: Candidate): number => Math.abs(a.left - b.left);
  return (
    other.score - one.score ||
    gap(one) - gap(other) ||
    compareText(one.a.item.signature, other.a.item.signature) ||
    compareText(one.b.item.signature, other.b.item.signature)
  );
}

function take(pass: Pass, a: Residue<BaselineEntry>, b: Residue<Finding>, score: number): Match[] {
  const amount = Math.min(a.left, b.left);
  if (amount === 0) return [];
  a.left -= amount;
  b.left -= amount;
  return [{ entry: a.item, finding: b.item, pass, amount, similarity: score }];
}
