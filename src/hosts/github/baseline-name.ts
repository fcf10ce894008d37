import { createHash } from "node:crypto";
import { relative } from "node:path";
import { BASELINE_VERSION } from "../../findings/baseline.ts";
import type { Settings } from "../../settings/settings.ts";

/** Of a job, what tells its checks from those of the workflow's other jobs. */
export interface JobIdentity {
  /** GITHUB_JOB: its key in the workflow's file, the same for all of a matrix. */
  readonly job: string;
  /** GITHUB_ACTION: the step's id, or one that the runner makes of what it uses. */
  readonly step: string;
  /** `ubuntu-24.04` */
  readonly system: string;
  readonly architecture: string;
}

/**
 * The name of the artifact that has a check's baseline. Several checks of one workflow, in steps, jobs or a matrix, must not take each other's:
 * the name has what tells them apart. What may change without making another check of it is not in it, above all the toolchain: that is
 * compared with what the baseline says, and the difference reported.
 * @param python `3.13`
 */
export function baselineName(settings: Settings, python: string, { job, step, system, architecture }: JobIdentity): string {
  const { directory, source, work, scan, torture, suppressions, leakCheck, children, configureArgs, valgrindArgs } = settings;
  const place = source.kind === "checkout" ? relative(directory, source.path) : null;
  const files = suppressions.map((path) => relative(directory, path));
  // What torture finds by the change alone is not recorded.
  const recorded = torture.kind === "none" || torture.kind === "changed" ? [] : [torture];
  const what = [work, scan, files, leakCheck, ...recorded, ...(children ? ["children"] : [])];
  const parts = [job, step, system, architecture, source.kind, place, python, what, configureArgs, valgrindArgs];
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
  return `memcheck-baseline-v${BASELINE_VERSION}-${job.replace(/[^\w-]/g, "-")}-${python}-${hash}`;
}
