import { bugKey } from "../findings/bug.ts";
import type { ReportedFinding } from "./reported-finding.ts";

/**
 * One bug is one finding: findings with the same outcome, allocation site, kind and leaked type are merged, with all their tests and paths as
 * occurrences. The first one that memcheck saw is shown in full, or else the first.
 * @param findings worst first.
 */
export function groupBySite(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  return [...Map.groupBy(findings, groupOf).values()].flatMap((group) => {
    const shown = group.find(({ engine }) => engine === "memcheck") ?? group[0];
    return shown === undefined ? [] : [merge(shown, [shown, ...group.filter((finding) => finding !== shown)])];
  });
}

function groupOf(finding: ReportedFinding): string {
  const { status, confirmed, acceptance, roots, signature, test } = finding;
  // A burst stands for its test.
  return JSON.stringify([status, confirmed, acceptance, bugKey(finding), roots.length > 0 ? [signature, test.file] : []]);
}

function merge(shown: ReportedFinding, group: readonly ReportedFinding[]): ReportedFinding {
  const sum = (amount: (finding: ReportedFinding) => number): number => group.reduce((total, finding) => total + amount(finding), 0);
  return {
    ...shown,
    blocks: sum(({ blocks }) => blocks),
    bytes: sum(({ bytes }) => bytes),
    blocksBefore: group.every(({ blocksBefore }) => blocksBefore === null) ? null : sum(({ blocksBefore }) => blocksBefore ?? 0),
    occurrences: group.flatMap(({ occurrences }) => occurrences),
    // Each suppression hides one path: only all of them together hide the bug.
    suppression: joinDistinct(group.flatMap(({ suppression }) => suppression ?? [])),
  };
}

function joinDistinct(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : [...new Set(texts)].map((text) => `${text.trimEnd()}\n`).join("");
}
