import { createHash } from "node:crypto";
import { relative } from "node:path";
import { BASELINE_VERSION } from "../../findings/baseline.ts";
import type { Settings } from "../../settings/settings.ts";
import type { JobIdentity } from "./job-identity.ts";

/**
 * The name of the artifact with a check's baseline. Several checks of one workflow, in steps, jobs or a matrix, must not use each other's, so
 * the name contains everything that distinguishes them. It does not contain properties that may change within one check, above all the
 * toolchain: that is compared with the baseline's, and differences are reported.
 * @param python `3.13`, `3.14t`
 */
export function baselineName(settings: Settings, python: string, identity: JobIdentity): string {
  const job = identity.job.replace(/[^\w-]/g, "-");
  return `memcheck-baseline-v${BASELINE_VERSION}-${job}-${python}-${checkKey(settings, python, identity)}`;
}

/** A hash of everything that distinguishes a check. It contains no version of our formats. */
export function checkKey(settings: Settings, python: string, { job, step, system, architecture }: JobIdentity): string {
  const { directory, work, install, forks, scan, torture, suppressions, leakCheck, children, memcheckBudget } = settings;
  const { configureArgs, valgrindArgs } = settings;
  const files = suppressions.map((path) => relative(directory, path));
  // Findings of `torture: changed` are not recorded.
  const recorded = torture.kind === "none" || torture.kind === "changed" ? [] : [torture];
  const what = [
    work,
    install,
    forks,
    scan,
    files,
    leakCheck,
    ...recorded,
    ...(children ? ["children"] : []),
    ...(memcheckBudget === "none" ? ["no-memcheck"] : []),
    ...(directory === settings.workspace ? [] : [{ directory: relative(settings.workspace, directory) }]),
  ];
  const parts = [job, step, system, architecture, sourceOf(settings), python, what, configureArgs, valgrindArgs];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

/** An installed interpreter may be at another place in each run. */
function sourceOf({ directory, source }: Settings): readonly string[] {
  switch (source.kind) {
    case "release":
      return [source.kind, source.version];
    case "checkout":
      return [source.kind, relative(directory, source.path)];
    case "interpreter":
      return [source.kind];
  }
}
