import { classOf } from "../findings/make-finding.ts";
import { GROWTH } from "../findings/segment.ts";
import type { ReportedFinding } from "./reported-finding.ts";

/**
 * One bug is one finding: findings with the same outcome, allocation site, kind and leaked type are merged, with all their tests and paths as
 * occurrences. The first one that memcheck saw is shown in full, or else the first.
 * @param findings worst first.
 */
export function groupBySite(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  return [...Map.groupBy(findings, bugOf).values()].flatMap((group) => {
    const shown = group.find(({ engine }) => engine === "memcheck") ?? group[0];
    return shown === undefined ? [] : [merge(shown, [shown, ...group.filter((finding) => finding !== shown)])];
  });
}

function bugOf({ status, confirmed, acceptance, kind, site, objects, roots, signature, test }: ReportedFinding): string {
  // Without a site it is unknown whether two findings are one bug; a burst stands for its test, and growth for what keeps it.
  const apart = site.file === null || roots.length > 0 ? [signature, test.file] : kind === GROWTH ? [signature] : [];
  return JSON.stringify([status, confirmed, acceptance, classOf(kind), site, objects[0]?.type ?? null, apart]);
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
