import type { Rejection } from "../../model/note.ts";
import { type Listing, listArtifacts, listArtifactsOfRun, listTrustedRuns } from "./artifacts.ts";
import type { BaselineJob } from "./baseline-search.ts";
import type { Reader } from "./reader.ts";
import { type Artifact, rejectArtifact, type TrustRule } from "./trust.ts";

/** A run that may have recorded a baseline. */
export interface Candidate {
  readonly run: number;
  readonly sha: string;
  /** Undefined if only the run is known: it may not have uploaded one. */
  readonly artifact: Artifact | undefined;
}

/** Why an artifact was rejected. */
export interface Refused {
  readonly run: number | undefined;
  readonly why: Rejection;
}

/** Where baselines are searched, and which are trusted. */
export interface Search {
  readonly reader: Reader;
  readonly job: BaselineJob;
  readonly rule: TrustRule;
  /** Name of the artifact. */
  readonly name: string;
}

/** Newest first ({@link newestFirst}). */
export interface Candidates extends Listing<Candidate> {
  readonly refused: readonly Refused[];
}

/**
 * The runs with candidates for the baseline. All artifacts of the name are listed, so that rejected ones can be named. Anyone who can open a
 * pull request can make that list longer than we read; then the branch's own runs are listed instead. @throws ReadingError
 */
export async function findCandidates(search: Search): Promise<Candidates> {
  const { reader, job, rule, name } = search;
  const { items, isCut } = await listArtifacts(reader, job.repository, name);
  const artifacts = items.filter(({ workflow_run: run }) => !isLater(run?.id, job)).toSorted(newestFirst);
  const refused = artifacts.flatMap((artifact) => refusalOf(artifact, rule));
  if (isCut) return { ...(await runsOf(search)), refused };
  return { items: artifacts.flatMap((artifact) => candidateOf(artifact, rule)), isCut: false, refused };
}

/** The latest run first, and of one run the latest attempt: a run that is run again has a newer artifact, but continued from an older baseline. */
function newestFirst(a: Artifact, b: Artifact): number {
  return (b.workflow_run?.id ?? 0) - (a.workflow_run?.id ?? 0) || b.id - a.id;
}

async function runsOf({ reader, job, rule }: Search): Promise<Listing<Candidate>> {
  const { items, isCut } = await listTrustedRuns(reader, job.repository, rule);
  const runs = items.filter(({ id }) => !isLater(id, job)).toSorted((a, b) => b.id - a.id);
  return { items: runs.map(({ id, head_sha: sha }) => ({ run: id, sha, artifact: undefined })), isCut };
}

/** @throws ReadingError */
export async function artifactsOf({ reader, job, name }: Search, { run, artifact }: Candidate): Promise<readonly Artifact[]> {
  return artifact === undefined ? await listArtifactsOfRun(reader, job.repository, run, name) : [artifact];
}

/** Baselines of this run or a later one did not exist before it: a run that records must find the same when it is run again. */
function isLater(run: number | undefined, { runId, records }: BaselineJob): boolean {
  return run !== undefined && records && run >= runId;
}

function refusalOf(artifact: Artifact, rule: TrustRule): readonly Refused[] {
  const why = rejectArtifact(artifact, rule);
  return why === undefined ? [] : [{ run: artifact.workflow_run?.id, why }];
}

function candidateOf(artifact: Artifact, rule: TrustRule): readonly Candidate[] {
  const { id: run, head_sha: sha } = artifact.workflow_run ?? {};
  if (run === undefined || sha === undefined || rejectArtifact(artifact, rule) !== undefined) return [];
  return [{ run, sha, artifact }];
}
