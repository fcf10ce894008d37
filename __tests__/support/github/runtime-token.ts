// The token of a job for the services that keep its caches and artifacts. The real one is signed; only the service checks that.
import * as v from "valibot";

/** Bits of the cache's permissions. */
export const READ = 1;
export const WRITE = 2;

/** Where a job's caches are kept and looked for: a ref, or none. */
export interface Scope {
  readonly Scope: string;
  readonly Permission: number;
}

export interface Job {
  /** The ids by which the service knows the run and its job. */
  readonly run: string;
  readonly job: string;
  /** In the order in which they are searched; what is kept goes to the first that may be written to. */
  readonly scopes: readonly Scope[];
}

/** The scopes of a job on `main`. */
export const MAIN_SCOPES: readonly Scope[] = [{ Scope: "refs/heads/main", Permission: READ | WRITE }];

/** The scopes of a pull request's job; `own` says what it may do in its own. A fork's may have to do without writing. */
export function pullRequestScopes(number: number, own = READ | WRITE): readonly Scope[] {
  return [
    { Scope: `refs/pull/${number}/merge`, Permission: own },
    { Scope: "refs/heads/main", Permission: READ },
  ];
}

export function runtimeToken({ run, job, scopes }: Job): string {
  const claims = { scp: `Actions.GenericRead:0 Actions.Results:${run}:${job}`, ac: JSON.stringify(scopes) };
  return ["{}", JSON.stringify(claims), "unsigned"].map((part) => Buffer.from(part).toString("base64url")).join(".");
}

const ClaimsSchema = v.object({
  scp: v.pipe(v.string(), v.regex(/ Actions\.Results:[^: ]+:[^: ]+$/)),
  ac: v.pipe(v.string(), v.parseJson(), v.array(v.object({ Scope: v.string(), Permission: v.number() }))),
});

/** Whose token an `authorization` header has; undefined for any other header. */
export function jobOf(authorization: string | undefined): Job | undefined {
  const claims = Buffer.from(authorization?.split(".")[1] ?? "", "base64url").toString();
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ClaimsSchema), claims);
  if (!authorization?.startsWith("Bearer ") || !parsed.success) return undefined;
  const [run = "", job = ""] = parsed.output.scp.split(":").slice(-2);
  return { run, job, scopes: parsed.output.ac };
}
