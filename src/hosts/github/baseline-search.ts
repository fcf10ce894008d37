import type { Baseline } from "../../findings/baseline.ts";
import type { BaselineLookup, BaselineOrigin } from "../../findings/baseline-store.ts";
import type { Note, Rejection } from "../../model/note.ts";
import { decodeBaseline } from "../common/baseline-file.ts";
import { type Departure, departureOf, FirstParents, mergeBaseOf, tipOf } from "./ancestry.ts";
import { ArchiveError, BASELINE_ENTRY, unpackEntry } from "./archive.ts";
import { downloadArtifact } from "./artifacts.ts";
import { artifactsOf, type Candidate, type Candidates, findCandidates, type Refused, type Search } from "./baseline-candidates.ts";
import { type Reader, ReadingError, TooMuchError } from "./reader.ts";
import { type Artifact, type Run, RunSchema, rejectArtifact, rejectRun } from "./trust.ts";

/** The properties of a job that select its baselines. */
export interface BaselineJob {
  /** `owner/name` */
  readonly repository: string;
  readonly runId: number;
  /** The checked commit. */
  readonly sha: string;
  /** The branch that the change targets, and other trusted branches: some commits of the first may come from them. */
  readonly branch: string;
  readonly otherBranches: readonly string[];
  /** Whether the commit belongs to that branch. */
  readonly isOnBranch: boolean;
  /** Whether this run also records a baseline. */
  readonly records: boolean;
  /** Whether baselines name commits of this repository: the checked source may be a checkout of another one, or in a folder of this one. */
  readonly checksOwnSource: boolean;
}

/** Limit of runs to look at: anyone with push access to the branch could have started any number. */
const MAX_LOOKED_AT = 50;

/**
 * Finds the baseline to compare a commit with: of the trusted ones, the one recorded where the commit left the branch, or else the nearest
 * before it. The result is "none" only if everything was read. @param own the run of this job. @throws ReadingError
 */
export async function searchBaseline(reader: Reader, job: BaselineJob, own: Run, name: string): Promise<BaselineLookup> {
  const { repository } = job;
  const rule = { repositoryId: own.repository.id, workflowId: own.workflow_id, branches: [job.branch, ...job.otherBranches] };
  const where = `artifact ${name} of ${repository}`;
  const tip = job.isOnBranch ? undefined : await tipOf(reader, repository, job.branch);
  const search = { reader, job, rule, name };
  const candidates = await findCandidates(search);
  const refused = [...candidates.refused];
  if (candidates.items.length === 0) return { ...nothingFound(where, refused, candidates.isCut), notes: notesOn(refused) };

  const line = await lineOf(search, tip);
  refused.push(...asideOf(candidates, line));
  const looked = await lookAlong(search, line, candidates, refused);
  const notes = notesOn(refused.filter(({ why }) => !("origin" in looked) || why.code !== "expired"));
  if ("origin" in looked) return { kind: "found", where, ...looked, notes };
  const place = `${where}, at ${line.mergeBase.slice(0, 12)} or before it on ${job.branch}`;
  return { ...nothingFound(looked.isCut ? where : place, refused, looked.isCut), notes };
}

function nothingFound(where: string, refused: readonly Refused[], isCut: boolean): BaselineLookup {
  if (isCut) return { kind: "unreachable", where, why: { code: "too-many-candidates" } };
  const [broken] = refused.flatMap(({ run, why }) => (why.code === "broken" ? [{ run, detail: why.detail }] : []));
  if (broken === undefined) return { kind: "none", where };
  return { kind: "unreadable", where: `${where}, run ${broken.run}`, detail: broken.detail };
}

/** The branch's commits whose baselines are accepted, from `start` on. */
interface Line extends Pick<Departure, "aside" | "later"> {
  readonly parents: FirstParents;
  readonly mergeBase: string;
  readonly start: string | undefined;
}

/** The merge base may have come into the branch by a merge: then it belongs to another branch, and so do its first parents up to this branch. */
async function lineOf({ reader, job }: Search, tip: string | undefined): Promise<Line> {
  const parents = new FirstParents(reader, job.repository);
  if (tip === undefined) return { parents, mergeBase: job.sha, start: job.sha, aside: [], later: new Set() };
  const mergeBase = await mergeBaseOf(reader, job.repository, tip, job.sha);
  const { commit, aside, later } = await departureOf(parents, tip, mergeBase);
  return { parents, mergeBase, start: commit, aside, later };
}

function asideOf({ items }: Candidates, { aside }: Line): readonly Refused[] {
  const why: Rejection = { code: "merged-commit" };
  return items.flatMap(({ run, sha, artifact }) => (artifact !== undefined && aside.includes(sha) ? [{ run, why }] : []));
}

type Found = Pick<Extract<BaselineLookup, { kind: "found" }>, "baseline"> & { readonly origin: BaselineOrigin };

/** Adds rejected candidates to `refused`. */
async function lookAlong(
  search: Search,
  line: Line,
  { items, isCut }: Candidates,
  refused: Refused[],
): Promise<Found | { isCut: boolean }> {
  const candidates = items.filter(({ sha }) => !line.later.has(sha) && !line.aside.includes(sha));
  let count = 0;
  for await (const { candidate, distance } of nearest(line, candidates)) {
    count += 1;
    if (count > MAX_LOOKED_AT) return { isCut: true };
    for (const artifact of await artifactsOf(search, candidate)) {
      const opened = await openArtifact(search, artifact);
      if ("why" in opened) refused.push({ run: candidate.run, ...opened });
      else {
        const { head_sha: commit, html_url: run } = opened.run;
        return { baseline: opened.baseline, origin: { commit, mergeBase: line.mergeBase, distance, run } };
      }
    }
  }
  return { isCut };
}

/** The candidates for the branch's commits, nearest first; for one commit, newest first. */
async function* nearest({ parents, start, aside }: Line, candidates: readonly Candidate[]) {
  const byCommit = Map.groupBy(candidates, ({ sha }) => sha);
  if (start === undefined || byCommit.size === 0) return;
  let distance = aside.length;
  for await (const sha of parents.from(start)) {
    for (const candidate of byCommit.get(sha) ?? []) yield { candidate, distance };
    byCommit.delete(sha);
    if (byCommit.size === 0) return;
    distance += 1;
  }
}

type Opened = { readonly run: Run; readonly baseline: Baseline } | Omit<Refused, "run">;

/** An invalid artifact rejects only that one. @throws ReadingError if GitHub does not answer. */
async function openArtifact(search: Search, artifact: Artifact): Promise<Opened> {
  try {
    return await readArtifact(search, artifact);
  } catch (error) {
    if (error instanceof ArchiveError || error instanceof TooMuchError) return broken(error.message);
    // Deleted since it was listed. Without permission to read, the listing would have failed.
    if (error instanceof ReadingError && error.status === 410) return { why: { code: "expired" } };
    if (error instanceof ReadingError && error.status === 404) return { why: { code: "deleted" } };
    throw error;
  }
}

async function readArtifact({ reader, job, rule }: Search, artifact: Artifact): Promise<Opened> {
  const { id, head_sha: sha } = artifact.workflow_run ?? {};
  const unfit = rejectArtifact(artifact, rule);
  if (unfit !== undefined) return { why: unfit };
  const run = await reader.json(RunSchema, `/repos/${job.repository}/actions/runs/${id}`);
  const why = run.head_sha === sha ? rejectRun(run, rule) : OTHER_COMMIT;
  if (why !== undefined) return { why };
  const packed = await unpackEntry(await downloadArtifact(reader, job.repository, artifact), BASELINE_ENTRY);
  const lookup = decodeBaseline(packed, "");
  if (lookup.kind !== "found") return broken(lookup.kind === "unreadable" ? lookup.detail : lookup.kind);
  const recorded = lookup.baseline.sha ?? run.head_sha;
  if (job.checksOwnSource && recorded !== run.head_sha) return { why: { code: "foreign-commit", sha: recorded } };
  return { run, baseline: lookup.baseline };
}

const OTHER_COMMIT: Rejection = { code: "foreign-commit", sha: null };

function broken(detail: string): Omit<Refused, "run"> {
  return { why: { code: "broken", detail } };
}

/** A note for each reason, with the runs that it applies to. */
function notesOn(refused: readonly Refused[]): readonly Note[] {
  const groups = Map.groupBy(refused, ({ why }) => JSON.stringify(why));
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map(({ why }) => ({ code: "baselines-rejected", why, runs: group.map(({ run }) => run ?? null) })),
  );
}
