import type { ReportedFinding } from "../../src/report/reported-finding.ts";

interface KnownFinding {
  readonly project: string;
  /** The function of its site. */
  readonly function: string;
  /** Why it is a true error, by reading the source: the line, and whether a later release mended it. */
  readonly explanation: string;
}

/** What releases show that were read and found true. */
const KNOWN_FINDINGS: readonly KnownFinding[] = [];

/** Why a finding is true; undefined for one that was not read yet. */
export function explain(project: string, { site }: Pick<ReportedFinding, "site">): string | undefined {
  return KNOWN_FINDINGS.find((known) => known.project === project && known.function === site.function)?.explanation;
}
