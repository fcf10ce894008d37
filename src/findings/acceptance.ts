import type { Finding } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import { GROWTH } from "./segment.ts";

/** A finding that a team has decided to accept for now. */
export interface Acceptance {
  readonly signature?: string | undefined;
  /** Instead of a signature: all growth that this keeps alive, `json.KEPT: list`. */
  readonly path?: string | undefined;
  /** Only in this test file, if given. */
  readonly test?: string | undefined;
  readonly reason: string;
  /** The last valid day, `2027-03-01`. */
  readonly expires: string;
}

/**
 * The acceptance that applies to a finding; undefined if none does.
 * @param today `2027-03-01`; days in this form sort as text.
 */
export function acceptanceFor(finding: Finding, acceptances: readonly Acceptance[], today: string): Acceptance | undefined {
  return acceptances.find((acceptance) => covers(acceptance, finding) && acceptance.expires >= today);
}

/** Findings with an expired acceptance count again. */
export function expiryNotes(
  fresh: readonly { readonly finding: Finding }[],
  { acceptances, today }: { readonly acceptances: readonly Acceptance[]; readonly today: string },
): readonly Note[] {
  return fresh
    .filter(({ finding }) => acceptanceFor(finding, acceptances, today) === undefined)
    .flatMap(({ finding }) => {
      const expired = acceptances.find((acceptance) => covers(acceptance, finding));
      if (expired === undefined) return [];
      const { expires, reason } = expired;
      return [{ code: "acceptance-expired", signature: finding.signature, function: finding.site.function, expires, reason }];
    });
}

function covers({ signature, path, test }: Acceptance, finding: Finding): boolean {
  const isMeant = path === undefined ? signature === finding.signature : isKeptBy(path, finding);
  return isMeant && (test === undefined || test === finding.test.file);
}

/** A growth finding's path begins with what keeps it: `(json.KEPT: list → Entry)`. */
function isKeptBy(path: string, { kind, segment: [kept = ""] }: Finding): boolean {
  return kind === GROWTH && kept.startsWith(`(${path} → `);
}
