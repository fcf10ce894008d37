import type { Finding } from "../model/finding.ts";
import { type BaselineEntry, segmentOfEntry } from "./baseline.ts";
import { MIN_SIMILARITY, movedEqually, renamedLikeness, similarityOf } from "./likeness.ts";
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
  return [
    ...pair("exact", (a, b) => Number(a.item.signature === b.item.signature), before, now),
    ...pair("renamed", (a, b) => renamed(a, b, evidence), before, now),
    ...pair("moved", (a, b) => Number(movedEqually(a.segment, b.segment, evidenceFor(a.item, evidence).moves)), before, now),
    ...pair("similar", similarity, before, now),
  ];
}

/** The evidence on the build that an entry is of. */
function evidenceFor({ build }: BaselineEntry, evidence: Evidence): Pick<Evidence, "functions" | "moves"> {
  const other = build === undefined ? undefined : evidence.others?.[build];
  return other === undefined ? evidence : { functions: { before: other.functions, now: evidence.functions.now }, moves: other.moves };
}

/** If only the surrounding frames support a match, the amounts must be equal. */
function renamed(before: Residue<BaselineEntry>, now: Residue<Finding>, evidence: Evidence): number {
  const { kind, normalizedStack: stack } = now.item;
  const { functions } = evidenceFor(before.item, evidence);
  const likeness = renamedLikeness(before.item, { kind, stack }, functions);
  if (likeness === "weak") return before.left === now.left ? 0.5 : 0;
  return likeness === "strong" ? 1 : 0;
}

/** Only whole leaks: if part of a known leak is gone, that says nothing about another, similar leak, or a smaller one. */
const similarity: Likeness = (before, now) => {
  if (before.left < before.amount || now.left < now.amount || now.left > before.left) return 0;
  const score = similarityOf(before.segment, now.segment);
  return score >= MIN_SIMILARITY ? score : 0;
};

function residueOf<Item extends BaselineEntry | Finding>(item: Item, segment: readonly string[], amount: number): Residue<Item> {
  return { item, amount, segment, left: amount };
}

function pair(pass: Pass, likeness: Likeness, before: readonly Residue<BaselineEntry>[], now: readonly Residue<Finding>[]): Match[] {
  const open = before.filter(({ left }) => left > 0);
  const candidates = now
    .filter(({ left }) => left > 0)
    .flatMap((b) =>
      open
        .filter((a) => classOf(a.item.kind) === classOf(b.item.kind))
        .map((a) => ({ a, b, score: likeness(a, b) }))
        .filter(({ score }) => score > 0),
    );
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
