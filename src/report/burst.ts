import { classOf } from "../findings/make-finding.ts";
import { isLeak } from "../findings/segment.ts";
import type { ReportedFinding } from "./reported-finding.ts";

/**
 * One leaked object can cause hundreds of other loss records. If one test has more leaks than the limit, they become one finding in the place of
 * the worst one, with all of them as its roots.
 * @param findings worst first.
 */
export function gatherBursts(findings: readonly ReportedFinding[], limit: number): readonly ReportedFinding[] {
  const groups = Map.groupBy(findings, burstOf);
  return findings.flatMap((finding) => {
    const group = groups.get(burstOf(finding)) ?? [];
    if (group.length <= limit || !isLeak(finding.kind)) return [finding];
    return finding === group[0] ? [gather(finding, group)] : [];
  });
}

/** Findings that are reported together must have the same outcome and come from one place. */
function burstOf({ status, confirmed, engine, kind, test }: ReportedFinding): string {
  return JSON.stringify([status, confirmed, engine, classOf(kind), test.file, test.id]);
}

function gather(worst: ReportedFinding, group: readonly ReportedFinding[]): ReportedFinding {
  const sum = (amount: (finding: ReportedFinding) => number): number => group.reduce((total, finding) => total + amount(finding), 0);
  return {
    ...worst,
    blocks: sum(({ blocks }) => blocks),
    bytes: sum(({ bytes }) => bytes),
    blocksBefore: worst.blocksBefore === null ? null : sum(({ blocksBefore }) => blocksBefore ?? 0),
    occurrences: worst.occurrences.map((one) => ({ ...one, blocks: sum(({ blocks }) => blocks), bytes: sum(({ bytes }) => bytes) })),
    roots: group.map(({ signature, kind, site, blocks, bytes }) => ({ signature, kind, site, blocks, bytes })),
  };
}
