import type { Baseline } from "../findings/baseline.ts";
import { decodeBaseline } from "../local/baseline-file.ts";
import type { BaselineLookup } from "../ports.ts";
import { firstParents, mergeBaseOf } from "./ancestry.ts";
import { ArchiveError, unpackBaseline } from "./archive.ts";
import { downloadArtifact, listArtifacts } from "./artifacts.ts";
import { type Reader, ReadingError, TooMuchError } from "./reader.ts";
import { type Artifact, EXPIRED, type Run, RunSchema, type TrustRule, whyNotArtifact, whyNotRun } from "./trust.ts";

/** What a job is, to its baselines. */
export interface BaselineJob {
  /** `owner/name` */
  readonly repository: string;
  readonly runId: number;
  /** The commit that is checked. */
  readonly sha: string;
  /** The branch that the change is to go to, and others that are trusted: some of the first one's commits were theirs. */
  readonly branch: string;
  readonly otherBranches: readonly string[];
  /** Whether the commit is one of that branch's own. */
  readonly isOnBranch: boolean;
  /** Whether this run records a baseline too. */
  readonly records: boolean;
}

/** Artifacts to open before giving up: whoever may push to the branch could have put any number there. */
const MOST_OPENED = 20;

/** Why an artifact was passed over. A broken one is of a run to be trusted, and no baseline all the same. */
interface Refused {
  readonly run: number | undefined;
  readonly why: string;
  readonly isBroken?: boolean;
}

/**
 * Finds the baseline to compare a commit with: of those that the rule trusts, the one that was recorded where the commit left the branch, else
 * the nearest before it. @param own the run of this job. @throws ReadingError
 */
export async function searchBaseline(reader: Reader, job: BaselineJob, own: Run, name: string): Promise<BaselineLookup> {
  const { repository } = job;
  const rule = { repositoryId: own.repository.id, workflowId: own.workflow_id, branches: [job.branch, ...job.otherBranches] };
  const where = `artifact ${name} of ${repository}`;
  const artifacts = (await listArtifacts(reader, repository, name)).filter(({ workflow_run: run }) => !isLater(run?.id, job));
  const refused: Refused[] = artifacts.flatMap((artifact) => refusalOf(artifact, rule));
  const eligible = artifacts.filter((artifact) => whyNotArtifact(artifact, rule) === undefined);
  if (eligible.length === 0) return { kind: "none", where, notes: notesOn(refused) };

  const mergeBase = job.isOnBranch ? job.sha : await mergeBaseOf(reader, repository, job.branch, job.sha);
  for await (const { artifact, distance } of nearest(reader, repository, mergeBase, eligible)) {
    const opened = await openArtifact(reader, repository, artifact, rule);
    if ("why" in opened) {
      refused.push({ run: artifact.workflow_run?.id, ...opened });
      continue;
    }
    const { baseline, run } = opened;
    const origin = { commit: run.head_sha, mergeBase, distance, run: run.html_url };
    return { kind: "found", where, baseline, origin, notes: notesOn(refused.filter(({ why }) => why !== EXPIRED)) };
  }
  const notes = notesOn(refused);
  const broken = refused.find(({ isBroken }) => isBroken);
  if (broken !== undefined) return { kind: "unreadable", where: `${where}, run ${broken.run}`, reason: broken.why, notes };
  return { kind: "none", where: `${where}, at ${mergeBase.slice(0, 12)} or before it on ${job.branch}`, notes };
}

/** What this run or a later one recorded was not there before it: a run that records must find the same when it is run again. */
function isLater(run: number | undefined, { runId, records }: BaselineJob): boolean {
  return run !== undefined && records && run >= runId;
}

function refusalOf(artifact: Artifact, rule: TrustRule): readonly Refused[] {
  const why = whyNotArtifact(artifact, rule);
  return why === undefined ? [] : [{ run: artifact.workflow_run?.id, why }];
}

/** The artifacts of a commit and its first parents, nearest first; of one commit the newest first. */
async function* nearest(reader: Reader, repository: string, from: string, artifacts: readonly Artifact[]) {
  const byCommit = Map.groupBy(artifacts, ({ workflow_run: run }) => run?.head_sha);
  let count = 0;
  for await (const { sha, distance } of firstParents(reader, repository, from)) {
    for (const artifact of byCommit.get(sha) ?? []) {
      if (++count > MOST_OPENED) return;
      yield { artifact, distance };
    }
    byCommit.delete(sha);
    if (byCommit.size === 0) return;
  }
}

type Opened = { readonly run: Run; readonly baseline: Baseline } | Omit<Refused, "run">;

async function openArtifact(reader: Reader, repository: string, artifact: Artifact, rule: TrustRule): Promise<Opened> {
  const { id, head_sha: sha } = artifact.workflow_run ?? {};
  const run = await reader.json(RunSchema, `/repos/${repository}/actions/runs/${id}`);
  const why = run.head_sha === sha ? whyNotRun(run, rule) : "its run is of another commit";
  if (why !== undefined) return { why };
  try {
    const packed = await unpackBaseline(await downloadArtifact(reader, repository, artifact));
    const lookup = decodeBaseline(packed, "");
    return lookup.kind === "found" ? { run, baseline: lookup.baseline } : { why: reasonOf(lookup), isBroken: true };
  } catch (error) {
    if (error instanceof ArchiveError || error instanceof TooMuchError) return { why: error.message, isBroken: true };
    // Since the list was made.
    if (error instanceof ReadingError && error.status === 410) return { why: EXPIRED };
    throw error;
  }
}

function reasonOf(lookup: BaselineLookup): string {
  return "reason" in lookup ? lookup.reason : lookup.kind;
}

const MOST_NAMED = 5;

/** A sentence for each reason, with the runs that it holds for. */
function notesOn(refused: readonly Refused[]): readonly string[] {
  return Object.entries(Object.groupBy(refused, ({ why }) => why)).map(([why, group = []]) => {
    const runs = group.slice(0, MOST_NAMED).map(({ run }) => `run ${run ?? "unknown"}`);
    const more = group.length > MOST_NAMED ? ` and ${group.length - MOST_NAMED} more` : "";
    return `Not taken for the baseline, since ${why}: ${runs.join(", ")}${more}.`;
  });
}
