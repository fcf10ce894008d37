// Errors of test files that were not watched to their end.

import type { Changes } from "../git/changes.ts";
import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { Problem } from "../model/problem.ts";
import type { TestRun } from "../model/test-run.ts";
import { type Compared, compare } from "./compare.ts";
import type { History } from "./history.ts";
import type { Evidence } from "./match.ts";
import { placeOf } from "./place.ts";
import { isLeak } from "./segment.ts";
import { isComplete } from "./shortfall.ts";

interface Known {
  readonly history: History;
  readonly evidence: Evidence;
  /** What the change touched, where that is known. */
  readonly changes?: Changes;
}

/** What a test file did before it crashed or was stopped is often why: its new errors are shown, though nothing confirms them. Pure. */
export function cutShort(runs: readonly TestRun[], { history, evidence, changes }: Known): readonly Compared[] {
  if (history.kind !== "comparable") return [];
  const incomplete = runs.filter((run) => !isComplete(run));
  const errors = incomplete.flatMap(({ findings }) => findings).filter(({ kind }) => !isLeak(kind));
  const names = incomplete.map(({ name }) => name);
  const { compared, unrecorded } = compare(history.baseline, names, errors, evidence);
  // Where the default branch does not come further either, the baseline has nothing to compare with.
  const ofChange = unrecorded.found
    .filter((finding) => isNearChange(finding, changes))
    .map((finding) => ({ status: "new", finding }) as const);
  return [...compared.filter(({ status }) => status === "new"), ...ofChange];
}

/** That the default branch falls short in the same way excuses no error beside lines that the change touched. @param cut its new errors. Pure. */
export function excusedShortfalls(
  shortfalls: readonly { readonly note?: Note }[],
  cut: readonly Compared[],
  { changes }: Known,
): readonly Problem[] {
  return shortfalls.flatMap(({ note }): readonly Problem[] => {
    if (note?.code !== "known-shortfall") return [];
    const { test, engine } = note.shortfall;
    const isOwn = cut.some(({ finding }) => finding.test.file === test && isNearChange(finding, changes));
    return isOwn ? [{ code: "not-confirmed", test, engine, doubt: null }] : [];
  });
}

function isNearChange(finding: Finding, changes: Changes | undefined): boolean {
  return changes !== undefined && placeOf(finding, changes) !== undefined;
}
