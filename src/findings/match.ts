import type { Finding } from "../model/finding.ts";
import { type BaselineEntry, segmentOfEntry } from "./baseline.ts";
import { MIN_SIMILARITY, movedEqually, renamedLikeness, similarityOf } from "./likeness.ts";
import { amountOf, classOf, compareText } from "./make-finding.ts";

/** How a finding came to be taken for an entry of the baseline, from strict to lenient. */
export type Pass = "exact" | "renamed" | "moved" | "similar";

/** What is known of the change itself. What cannot be had is null or empty, and the passes that need it do nothing. */
export interface Evidence {
  readonly functions: { readonly before: ReadonlySet<string> | null; readonly now: ReadonlySet<string> | null };
  /** Files that moved, by their paths from the project's root: new ones by the old. */
  readonly moves: ReadonlyMap<string, string>;
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

/** One side's error and how much of it no match has taken. */
interface Residue<Item> {
  readonly item: Item;
  readonly amount: number;
  readonly segment: readonly string[];
  left: number;
}

type Likeness = (before: Residue<BaselineEntry>, now: Residue<Finding>) => number;

/**
 * Pairs the findings of one test file with what the baseline has of it. The same signature first; then only what is left on both sides, pass by
 * pass, each block once. Nothing is ever matched leniently against what has its own match: on real stacks most findings have a neighbour that
 * looks like them.
 */
export function matchFindings(entries: readonly BaselineEntry[], findings: readonly Finding[], evidence: Evidence): readonly Match[] {
  const before = entries.map((item) => residueOf(item, segmentOfEntry(item), Math.max(1, item.blocks)));
  const now = findings.map((item) => residueOf(item, item.segment, Math.max(1, amountOf(item))));
  return [
    ...pair("exact", (a, b) => Number(a.item.signature === b.item.signature), before, now),
    ...pair("renamed", (a, b) => renamed(a, b, evidence), before, now),
    ...pair("moved", (a, b) => Number(movedEqually(a.segment, b.segment, evidence.moves)), before, now),
    ...pair("similar", similarity, before, now),
  ];
}

/** Where nothing but the surroundings speak for it, at least the amounts must be the same. */
function renamed(before: Residue<BaselineEntry>, now: Residue<Finding>, { functions }: Evidence): number {
  const { kind, normalizedStack: stack } = now.item;
  const likeness = renamedLikeness(before.item, { kind, stack }, functions);
  if (likeness === "weak") return before.left === now.left ? 0.5 : 0;
  return likeness === "strong" ? 1 : 0;
}

/** Only wholes: a part of a known leak that is gone says nothing of another leak that looks like it, and neither does one that is smaller. */
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

/** The most alike, of these what has the same amount; the rest of the order only has to be the same every time. */
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
