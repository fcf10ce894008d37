import * as v from "valibot";
import type { Compared } from "./compare.ts";
import type { Finding } from "./finding.ts";

/** A finding that a team decided to live with for a while. */
export interface Acceptance {
  readonly signature: string;
  /** Only in this test file, where given. */
  readonly test?: string | undefined;
  readonly reason: string;
  /** The last day on which it holds, `2027-03-01`. */
  readonly expires: string;
}

/** What a repository says of its own checks, in `.memcheck.toml`. */
export interface RepositorySettings {
  readonly accepted: readonly Acceptance[];
  /** More new leaks than this from one test are told as one finding. */
  readonly burstLimit: number;
}

export const NO_REPOSITORY_SETTINGS: RepositorySettings = { accepted: [], burstLimit: 10 };

const DaySchema = v.pipe(
  // TOML has dates of its own, which the parser hands on as a kind of Date.
  v.union([
    v.string(),
    v.pipe(
      v.instance(Date),
      v.transform((date) => date.toISOString().slice(0, 10)),
    ),
  ]),
  v.regex(/^\d{4}-\d\d-\d\d$/, "a day such as 2027-03-01"),
  v.check((day) => !Number.isNaN(Date.parse(day)), "a day such as 2027-03-01"),
);

const AcceptanceSchema = v.strictObject({
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "a signature of 16 hexadecimal digits, as reports show it")),
  test: v.optional(v.string()),
  reason: v.pipe(v.string(), v.trim(), v.minLength(1, "a reason in words")),
  expires: DaySchema,
});

const FileSchema = v.strictObject({
  "burst-limit": v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), NO_REPOSITORY_SETTINGS.burstLimit),
  accept: v.optional(v.array(AcceptanceSchema), []),
});

/** What is wrong is a sentence that names the place: `accept.0.expires: …`. */
export function parseRepositorySettings(value: unknown): RepositorySettings | { readonly wrong: string } {
  const parsed = v.safeParse(FileSchema, value, { abortEarly: true });
  if (parsed.success) return { accepted: parsed.output.accept, burstLimit: parsed.output["burst-limit"] };
  const issue = parsed.issues[0];
  return { wrong: `${v.getDotPath(issue) ?? "it"}: ${issue.message}` };
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
