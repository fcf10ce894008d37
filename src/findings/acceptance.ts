import type { Finding } from "../model/finding.ts";
import type { Compared } from "./compare.ts";

/** A finding that a team decided to live with for a while. */
export interface Acceptance {
  readonly signature: string;
  /** Only in this test file, where given. */
  readonly test?: string | undefined;
  readonly reason: string;
  /** The last day on which it holds, `2027-03-01`. */
  readonly expires: string;
}

export interface Accepted {
  readonly compared: Compared;
  readonly acceptance: Acceptance;
}

/**
 * Fresh findings less those that are accepted. What was accepted until some day is fresh again, and said to be.
 * @param today `2027-03-01`; days in this form sort as text.
 */
export function sortOutAccepted(compared: readonly Compared[], acceptances: readonly Acceptance[], today: string) {
  const accepted: Accepted[] = [];
  const fresh: Compared[] = [];
  const notes: string[] = [];
  for (const one of compared) {
    const acceptance = acceptances.find((candidate) => covers(candidate, one.finding));
    if (acceptance !== undefined && acceptance.expires >= today) accepted.push({ compared: one, acceptance });
    else fresh.push(one);
    if (acceptance !== undefined && acceptance.expires < today) notes.push(expiryInWords(acceptance, one.finding));
  }
  return { accepted, fresh, notes };
}

function covers({ signature, test }: Acceptance, finding: Finding): boolean {
  return signature === finding.signature && (test === undefined || test === finding.test.file);
}

function expiryInWords({ signature, expires, reason }: Acceptance, { site }: Finding): string {
  return `${signature} in ${site.function} was accepted until ${expires} (${reason}), and counts again.`;
}
