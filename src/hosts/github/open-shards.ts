import type { Settings } from "../../settings/settings.ts";
import type { ShardStore } from "../../shards/shard-store.ts";
import type { Processes } from "../../system/processes.ts";
import { ArtifactUploader } from "./artifact-upload.ts";
import { openReader } from "./reader.ts";
import { isEnterpriseServer, type RunnerTokens } from "./runner-tokens.ts";
import { checkName, NoShards, ShardArtifacts } from "./shard-artifacts.ts";

/** The store for plans and shard results that the jobs of this run share. */
export function openShards(
  settings: Settings,
  { token, services }: RunnerTokens,
  env: NodeJS.ProcessEnv,
  processes: Processes,
): ShardStore {
  const { GITHUB_REPOSITORY: repository = "", GITHUB_RUN_ID: run = "", GITHUB_RUN_ATTEMPT: attempt = "" } = env;
  if (isEnterpriseServer(env)) return new NoShards("GitHub Enterprise Server does not support the artifacts that the check uses");
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^\d+$/.test(run))
    return new NoShards("the runner does not name this job's repository and run");
  return new ShardArtifacts({
    repository,
    runId: Number(run),
    attempt: /^[1-9]\d*$/.test(attempt) ? Number(attempt) : 1,
    reader: openReader(token, env),
    uploader: new ArtifactUploader(processes, { ...env, ...services }, settings.workDir),
    check: checkName(settings, process.arch),
  });
}
