// GitHub as a job sees it: its REST API and its services, for one repository `o/r` with a branch `main`.
import { BASELINE_VERSION } from "../../../src/findings/baseline.ts";
import { ArtifactUploader } from "../../../src/hosts/github/artifact-upload.ts";
import { BaselineArtifacts } from "../../../src/hosts/github/baseline-artifacts.ts";
import type { BaselineJob } from "../../../src/hosts/github/baseline-search.ts";
import { GitHubReader } from "../../../src/hosts/github/reader.ts";
import type { RunnerTokens } from "../../../src/hosts/github/runner-tokens.ts";
import { DEFAULT_BRANCH } from "../../../src/model/recorder.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder } from "../folders.ts";
import { ArtifactService } from "./artifact-service.ts";
import { Blobs } from "./blobs.ts";
import { REPOSITORY, RestApi } from "./rest.ts";
import { MAIN_SCOPES, runtimeToken } from "./runtime-token.ts";
import { LoopbackServer } from "./server.ts";

export const ARTIFACT = `memcheck-baseline-v${BASELINE_VERSION}-memcheck-3.13-0123456789ab`;

/** The fake commits are not hashes, so baselines can't name them. */
const NOTHING_KNOWN = { checksOwnSource: false } as const;

export class FakeGitHub {
  readonly server: LoopbackServer;
  readonly blobs: Blobs;
  readonly rest: RestApi;
  readonly artifacts: ArtifactService;
  /** Seconds that were waited for between tries, by the readers of `store`. */
  readonly waits: number[] = [];
  /** Seconds for an upload. */
  timeLimit = 60;

  private constructor(server: LoopbackServer) {
    this.server = server;
    this.blobs = new Blobs(server);
    this.rest = new RestApi(server, this.blobs);
    this.artifacts = new ArtifactService(server, this.blobs, this.rest);
    this.rest.grow("main", "m1");
  }

  static async start(): Promise<FakeGitHub> {
    return new FakeGitHub(await LoopbackServer.start());
  }

  /** What the runner gives a step of a run, beside the event. */
  environment(run: number): Record<string, string> {
    return {
      GITHUB_API_URL: this.server.url,
      GITHUB_REPOSITORY: REPOSITORY.name,
      GITHUB_RUN_ID: `${run}`,
      GITHUB_JOB: "memcheck",
      GITHUB_ACTION: "__self",
      ...this.#services(run),
    };
  }

  #services(run: number): Record<string, string> {
    const token = runtimeToken({ run: `${run}`, job: `${run}-1`, scopes: MAIN_SCOPES });
    return { ACTIONS_RESULTS_URL: this.server.url, ACTIONS_RUNTIME_TOKEN: token };
  }

  rights(run: number): RunnerTokens {
    return { token: this.rest.token, services: this.#services(run) };
  }

  /** The baselines of a job on a commit of main's, unless the job says otherwise. */
  store(
    job: Partial<BaselineJob> & Pick<BaselineJob, "runId" | "sha">,
    rights = this.rights(job.runId),
    name = ARTIFACT,
  ): BaselineArtifacts {
    const usual = { repository: REPOSITORY.name, branch: "main", otherBranches: [], isOnBranch: true, records: true, ...NOTHING_KNOWN };
    const pause = async (seconds: number): Promise<void> => {
      this.waits.push(seconds);
    };
    const reader = rights.token === undefined ? undefined : new GitHubReader(this.server.url, rights.token, { pause });
    const uploader = new ArtifactUploader(
      new Processes(process.env),
      { ...process.env, ...rights.services },
      temporaryFolder(),
      this.timeLimit,
    );
    return new BaselineArtifacts({
      job: { ...usual, ...job },
      reader,
      uploader,
      nameOf: async () => name,
      mayRecord: true,
      recorder: DEFAULT_BRANCH,
    });
  }
}
