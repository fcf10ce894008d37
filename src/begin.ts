import { hash } from "node:crypto";
import { buildsNamedBy, NamedBuilds } from "./build/named-builds.ts";
import { type PreparedBuild, prepareBuild } from "./build/prepare.ts";
import { buildKey } from "./build/recipe.ts";
import type { BaselineLookup } from "./findings/baseline-store.ts";
import type { Relaxation } from "./findings/relaxation.ts";
import { ProblemError } from "./model/problem-error.ts";
import type { Ports } from "./ports.ts";
import { plannedSettings } from "./settings/planned-settings.ts";
import { type RepositorySettings, readRepositorySettings } from "./settings/repository-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { mismatchOf, type ShardPlan, type Subject } from "./shards/shard-plan.ts";
import { type CheckedSource, checkedSource } from "./stages/excerpts.ts";
import type { Execution } from "./stages/execution.ts";
import { type Preparation, prepare, repositoryOf } from "./stages/preparation.ts";
import { readSuppressions } from "./stages/read-suppressions.ts";
import type { Processes } from "./system/processes.ts";
import { openWorkDir } from "./system/work-dir.ts";

/** What is asked for, and what of it is done here. */
export interface Request {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly processes: Processes;
  readonly execution: Execution;
  /** What the parts of a check have in common; undefined in a check that is not spread. */
  readonly plan?: ShardPlan;
}

/** All that is known before anything is looked at. Disposing of it lets other checks use the build. */
export interface Begun extends AsyncDisposable {
  readonly request: Request;
  /** `2027-03-01` */
  readonly today: string;
  readonly own: RepositorySettings;
  readonly lookup: BaselineLookup;
  readonly builds: NamedBuilds | null;
  readonly prepared: PreparedBuild;
  readonly preparation: Preparation;
  /** What hides findings, as it was before tests ran, which may change or delete the files. */
  readonly relaxations: readonly Relaxation[];
  /** Where excerpts come from. */
  readonly excerpted: CheckedSource;
}

/** Reads what the repository says, finds the baseline and prepares the build. @throws ProblemError where a plan is of something else. */
export async function begin(request: Request): Promise<Begun> {
  const { settings, ports, processes, plan } = request;
  await openWorkDir(settings.workDir);
  const today = plan?.today ?? new Date().toISOString().slice(0, 10);
  const own = await readRepositorySettings(repositoryOf(settings), today);
  const lookup = await findBaseline(request);
  const builds = ports.builds === null ? null : new NamedBuilds(ports.builds, [...(plan?.builds ?? []), ...buildsNamedBy(lookup)]);
  const prepared = await prepareBuild(settings, { ...ports, processes, builds });
  try {
    const grounds = {
      settings,
      own,
      prepared,
      lookup,
      processes,
      today,
      execution: request.execution,
      plannedWidth: plan?.jobs ?? settings.jobs,
    };
    const { automaticScope } = ports.baselines;
    const preparation = await prepare({ ...grounds, automaticScope, progress: ports.progress });
    const relaxations = [...(await readSuppressions(settings, prepared)), ...own.relaxations];
    const begun = {
      relaxations,
      excerpted: await checkedSource(preparation.checkContext),
      request,
      today,
      own,
      lookup,
      builds,
      prepared,
      preparation,
      [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
    };
    const mismatch = plan && mismatchOf(plan.subject, subjectOf(begun));
    if (mismatch !== undefined) throw new ProblemError({ code: "plan-mismatch", ...mismatch });
    return begun;
  } catch (error) {
    await prepared[Symbol.asyncDispose]();
    throw error;
  }
}

/** All parts of a check compare with what its plan found: by now there may be another one. */
async function findBaseline({ ports: { baselines }, plan }: Request): Promise<BaselineLookup> {
  if (plan === undefined) return await baselines.load();
  baselines.resume(plan.lookup);
  return plan.lookup;
}

/** What must be the same in all parts of a check. */
export function subjectOf({
  request,
  prepared: { source, recipe },
  preparation,
  relaxations,
}: Omit<Begun, keyof AsyncDisposable>): Subject {
  return {
    commit: preparation.sha,
    content: source.contentHash,
    build: buildKey(recipe, source),
    identity: preparation.identity,
    settings: plannedSettings(request.settings),
    hiding: hash("sha256", relaxations.map((one) => one.hash).join("\n")),
  };
}
