import type { Acceptance } from "../findings/acceptance.ts";
import type { History } from "../findings/history.ts";
import type { Judgement } from "../findings/judgement.ts";
import { type Changes, NO_CHANGES } from "../git/changes.ts";
import { readChanges } from "../git/git-changes.ts";
import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { Processes } from "../system/processes.ts";

/** Facts about the change under test. */
export interface ChangeFacts {
  readonly changes: Changes;
  /** The names of all functions of the build, and of other objects on these findings' stacks. */
  readonly functionsOf: (findings: readonly Finding[]) => Promise<ReadonlySet<string>>;
  readonly acceptances: readonly Acceptance[];
  /** `2027-03-01` */
  readonly today: string;
}

/** The repository's changes since the baseline's commit, with a note if they would help but are unknown. */
export async function changesSince(past: History, repository: string, processes: Processes): Promise<{ changes: Changes; note?: Note }> {
  if (past.kind !== "comparable" || past.baseline.sha === null) return { changes: NO_CHANGES };
  const changes = await readChanges(repository, past.baseline.sha, processes);
  if (changes !== undefined) return { changes };
  return { changes: NO_CHANGES, note: { code: "change-unknown", sha: past.baseline.sha } };
}

/**
 * Whether the reader must know that the changes are unknown: an error is new, or a test file has no record or is gone, perhaps because it was
 * renamed.
 */
export function needsChanges({ findings, problems }: Judgement): boolean {
  const isMissing = problems.some(({ code }) => code === "test-missing");
  return isMissing || findings.some(({ status, isConfirmed }) => isConfirmed || status === "unrecorded");
}
