import * as v from "valibot";
import { listArtifactsOfRun, readPages } from "./artifacts.ts";
import type { Reader } from "./reader.ts";
import type { Run } from "./trust.ts";

/** Limit: a thousand jobs; a matrix has at most 256. */
const MAX_PAGES = 10;

/** GitHub's fields of a job (`job`). */
const JobSchema = v.object({
  name: v.string(),
  run_attempt: v.optional(v.number()),
  started_at: v.string(),
  completed_at: v.nullable(v.string()),
});
const JobsSchema = v.object({ jobs: v.array(JobSchema) });
type Job = v.InferOutput<typeof JobSchema>;

/**
 * Whether a job of an earlier attempt that is not run again may have made the run's artifact of that name. GitHub does not say which job made an
 * artifact, so any job that ran at that time counts. @throws ReadingError
 */
export async function isOfJobThatStays(reader: Reader, repository: string, run: Run, name: string): Promise<boolean> {
  if ((run.run_attempt ?? 1) === 1) return false;
  const artifacts = await listArtifactsOfRun(reader, repository, run.id, name);
  const times = artifacts.flatMap(({ created_at: created }) => created ?? []).map(Date.parse);
  const began = Date.parse(run.run_started_at ?? "");
  const earlier = times.filter((time) => time < began);
  if (earlier.length === 0) return false;
  const path = `/repos/${repository}/actions/runs/${run.id}/jobs?filter=all`;
  const { items, isCut } = await readPages(MAX_PAGES, async (page) => (await reader.json(JobsSchema, `${path}&${page}`)).jobs);
  const staying = jobsThatStay(items, run.run_attempt ?? 1, began);
  return isCut || staying.some((job) => earlier.some((time) => wasRunningAt(job, time)));
}

/** An attempt may also list a job that it does not run again, with the times of the attempt that ran it. */
function jobsThatStay(jobs: readonly Job[], attempt: number, began: number): readonly Job[] {
  const isOfAttempt = (job: Job): boolean => job.run_attempt === attempt && Date.parse(job.started_at) >= began;
  const again = new Set(jobs.filter(isOfAttempt).map(({ name }) => name));
  return jobs.filter(({ name }) => !again.has(name));
}

function wasRunningAt({ started_at: from, completed_at: to }: Job, time: number): boolean {
  return Date.parse(from) <= time && (to === null || time <= Date.parse(to));
}
