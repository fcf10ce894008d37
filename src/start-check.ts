import { hash } from "node:crypto";
import { buildsNamedBy, NamedBuilds } from "./build/named-builds.ts";
import { type PreparedBuild, prepareBuild } from "./build/prepare.ts";
import { buildKey } from "./build/recipe.ts";
import type { BaselineLookup } from "./findings/baseline-store.ts";
import type { Relaxation } from "./findings/relaxation.ts";
import { ProblemError } from "./model/problem-error.ts";
import type { Ports } from "./ports.ts";
import { folderOf } from "./settings/directory-setting.ts";
import { plannedSettings } from "./settings/planned-settings.ts";
import { type RepositorySettings, readRepositorySettings, settingsIn } from "./settings/repository-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { mismatchOf, type ShardPlan, type Subject } from "./shards/shard-plan.ts";
import { type CheckedSource, checkedSource } from "./stages/excerpts.ts";
import type { Execution } from "./stages/execution.ts";
import { type Preparation, prepare, settingsFolderOf } from "./stages/preparation.ts";
import { readSuppressions } from "./stages/read-suppressions.ts";
import type { Processes } from "./system/processes.ts";
import { openWorkDir } from "./system/work-dir.ts";

/** A check, and which part of it runs in this process. */
export interface Request {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly processes: Processes;
  readonly execution: Execution;
  /** The plan that all parts of a sharded check share; undefined for an ordinary check. */
  readonly plan?: ShardPlan;
}

/** A check that is ready to run tests. Disposing of it lets other checks use the build. */
export interface StartedCheck extends AsyncDisposable {
  readonly request: Request;
  /** `2027-03-01` */
  readonly today: string;
  readonly own: RepositorySettings;
  readonly lookup: BaselineLookup;
  readonly builds: NamedBuilds | null;
  readonly prepared: PreparedBuild;
  readonly preparation: Preparation;
  /** Read before tests run, which may change or delete the files. */
  readonly relaxations: readonly Relaxation[];
  /** The source from which excerpts are taken. */
  readonly excerpted: CheckedSource;
}

/** Reads the repository's settings, finds the baseline and prepares the build. @throws ProblemError if the plan was made for something else. */
export async function startCheck(request: Request): Promise<StartedCheck> {
  const { settings, ports, processes, plan } = request;
  await openWorkDir(settings.workDir);
  const today = plan?.today ?? new Date().toISOString().slice(0, 10);
  const own = await readRepositorySettings(settingsFolderOf(settings), today);
  const lookup = await findBaseline(request);
  const builds = ports.builds === null ? null : new NamedBuilds(ports.builds, [...(plan?.builds ?? []), ...buildsNamedBy(lookup)]);
  const prepared = await prepareBuild(settings, { ...ports, processes, builds });
  try {
    const inputs = {
      settings,
      own: settingsIn(folderOf(settings), own),
      prepared,
      lookup,
      processes,
      today,
      execution: request.execution,
      plannedWidth: plan?.jobs ?? settings.jobs,
    };
    const preparation = await prepare({ ...inputs, baselines: ports.baselines, progress: ports.progress });
    const relaxations = [...(await readSuppressions(settings, prepared)), ...own.relaxations];
    const started = {
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
    const mismatch = plan && mismatchOf(plan.subject, subjectOf(started));
    if (mismatch !== undefined) throw new ProblemError({ code: "plan-mismatch", ...mismatch });
    return started;
  } catch (error) {
    await prepared[Symbol.asyncDispose]();
    throw error;
  }
}

/** All parts of a check compare with the baseline in its plan: a newer one may have been recorded since. */
async function findBaseline({ ports: { baselines }, plan }: Request): Promise<BaselineLookup> {
  if (plan === undefined) return await baselines.load();
  baselines.resume(plan.lookup);
  return plan.lookup;
}

/** The values that must be equal in all parts of a check. */
export function subjectOf({
  request,
  prepared: { source, recipe },
  preparation,
  relaxations,
}: Omit<StartedCheck, keyof AsyncDisposable>): Subject {
  return {
    commit: preparation.sha,
    content: source.contentHash,
    build: buildKey(recipe, source),
    identity: preparation.identity,
    settings: plannedSettings(request.settings),
    hiding: hash("sha256", relaxations.map((one) => one.hash).join("\n")),
  };
}
