import * as v from "valibot";
import { MAX_STORED } from "../../model/limits.ts";
import type { Rejection } from "../../model/note.ts";

const Id = v.pipe(v.number(), v.integer());

/** The fields of an artifact that we read (GitHub's OpenAPI description, `artifact`). */
export const ArtifactSchema = v.object({
  id: Id,
  name: v.string(),
  size_in_bytes: v.number(),
  expired: v.boolean(),
  created_at: v.nullish(v.string()),
  digest: v.nullish(v.string()),
  workflow_run: v.nullish(
    v.object({
      id: v.optional(Id),
      repository_id: v.optional(Id),
      head_repository_id: v.optional(Id),
      head_branch: v.nullish(v.string()),
      head_sha: v.optional(v.string()),
    }),
  ),
});
export type Artifact = v.InferOutput<typeof ArtifactSchema>;

/** The fields of a workflow run (`workflow-run`). */
export const RunSchema = v.object({
  id: Id,
  workflow_id: Id,
  path: v.string(),
  event: v.string(),
  status: v.nullable(v.string()),
  conclusion: v.nullable(v.string()),
  head_sha: v.string(),
  head_branch: v.nullable(v.string()),
  html_url: v.string(),
  run_started_at: v.optional(v.string()),
  run_attempt: v.optional(v.number()),
  repository: v.object({ id: Id }),
  head_repository: v.nullish(v.object({ id: Id })),
});
export type Run = v.InferOutput<typeof RunSchema>;

/**
 * Which baselines are trusted: those of finished runs of the same workflow file in the same repository, on branches that only its members can
 * push to.
 */
export interface TrustRule {
  readonly repositoryId: number;
  readonly workflowId: number;
  /** The default branch, and the target branch of the change. */
  readonly branches: readonly string[];
}

/** Events that run a branch's own code; on all others, someone else may have supplied it. */
export const EVENTS: readonly string[] = ["push", "schedule", "workflow_dispatch"];

/** A run that finds new errors records them and fails. One that was cut off may have recorded anything. */
const CONCLUSIONS = ["success", "failure"];

/** Why a baseline is rejected, from the artifact's fields alone; undefined if it is not. */
export function rejectArtifact(
  { workflow_run: run, expired, size_in_bytes: size, digest }: Artifact,
  rule: TrustRule,
): Rejection | undefined {
  if (run?.id === undefined || run.head_sha === undefined) return { code: "no-run" };
  const origin = whyNotFrom([run.repository_id, run.head_repository_id], run.head_branch, rule);
  if (origin !== undefined) return origin;
  if (expired) return { code: "expired" };
  if (size > MAX_STORED) return { code: "too-large", limit: MAX_STORED };
  return digest?.startsWith("sha256:") ? undefined : { code: "no-digest" };
}

/** Why the baseline of a run is rejected; undefined if it is not. */
export function rejectRun(run: Run, rule: TrustRule): Rejection | undefined {
  const origin = whyNotFrom([run.repository.id, run.head_repository?.id], run.head_branch, rule);
  if (origin !== undefined) return origin;
  if (run.workflow_id !== rule.workflowId) return { code: "other-workflow", path: run.path };
  if (!EVENTS.includes(run.event)) return { code: "other-event", event: run.event };
  if (run.status !== "completed") return { code: "unfinished", status: run.status };
  return CONCLUSIONS.includes(run.conclusion ?? "") ? undefined : { code: "conclusion", conclusion: run.conclusion };
}

function whyNotFrom(
  repositories: readonly (number | undefined)[],
  branch: string | null | undefined,
  rule: TrustRule,
): Rejection | undefined {
  // A fork's branch may have any name, so its repository is compared first.
  if (repositories.some((id) => id !== rule.repositoryId)) return { code: "other-repository" };
  return rule.branches.includes(branch ?? "") ? undefined : { code: "other-branch", branch: branch ?? null };
}
