// GitHub's REST API for a repository's runs, artifacts and commits.
import * as v from "valibot";
import type { Blobs } from "./blobs.ts";
import { Commits, NOT_FOUND, page } from "./commits.ts";
import { described, exampleOf } from "./openapi.ts";
import { type Answer, type Asked, json, type LoopbackServer } from "./server.ts";

/** A workflow's run, as far as a test says. */
export interface PlayedRun {
  readonly id: number;
  readonly sha: string;
  readonly event: string;
  readonly branch: string;
  readonly workflow: number;
  /** The id of the repository that the code is from. */
  readonly from: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly attempt: number;
}

/** A job of a run, in the attempt in which it ran. */
export interface PlayedJob {
  readonly run: number;
  readonly name: string;
  readonly attempt: number;
  readonly started: Date;
  readonly completed: Date | null;
}

export interface PlayedArtifact {
  readonly id: number;
  readonly run: number;
  readonly name: string;
  /** Of its blob. */
  readonly path: string;
  readonly created: Date;
  size: number;
  digest: string | null;
  expired: boolean;
  isFinal: boolean;
}

export const REPOSITORY = { name: "o/r", id: 1001 } as const;
export const FORK_ID = 2002;
export const WORKFLOW = 31;

const RUN = "/repos/{owner}/{repo}/actions/runs/{run_id}";
const ARTIFACTS = "/repos/{owner}/{repo}/actions/artifacts";
const RUN_ARTIFACTS = "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts";
const RUN_JOBS = "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs";
const WORKFLOW_RUNS = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs";

const Example = v.record(v.string(), v.unknown());
const RunExample = v.looseObject({ repository: Example, head_repository: Example });
const JobsExample = v.object({ jobs: v.array(Example) });
const ArtifactsExample = v.object({ artifacts: v.array(Example) });

export class RestApi {
  readonly token = "ghs_the_jobs_token";
  readonly runs: PlayedRun[] = [];
  readonly jobs: PlayedJob[] = [];
  readonly artifacts: PlayedArtifact[] = [];
  /** What the token may read. */
  readonly permissions = new Set(["actions", "contents"]);
  readonly #commits = new Commits();
  readonly commits = this.#commits.parents;
  readonly branches = this.#commits.branches;
  readonly tags = this.#commits.tags;
  readonly #blobs: Blobs;

  constructor(server: LoopbackServer, blobs: Blobs) {
    this.#blobs = blobs;
    server.add((asked) => this.#serve(asked));
  }

  run(overrides: Partial<PlayedRun> & { readonly id: number; readonly sha: string }): PlayedRun {
    const usual = { event: "push", branch: "main", workflow: WORKFLOW, from: REPOSITORY.id, status: "completed", conclusion: "success" };
    const run = { ...usual, attempt: 1, ...overrides };
    this.runs.push(run);
    return run;
  }

  /** Commits in a row, the oldest first, at the end of a branch. */
  grow(branch: string, ...shas: readonly string[]): void {
    this.#commits.grow(branch, ...shas);
  }

  #serve({ method, url, headers }: Asked): Answer | undefined {
    const path = /^\/repos\/o\/r(\/.*)$/.exec(url.pathname)?.[1];
    if (method !== "GET" || path === undefined) return undefined;
    if (headers.authorization !== `Bearer ${this.token}`) return json(401, { message: "Bad credentials" });
    if (!this.permissions.has(path.startsWith("/actions/") ? "actions" : "contents")) {
      return json(403, { message: "Resource not accessible by integration" });
    }
    const [, , , id] = path.split("/");
    const query = url.searchParams;
    if (/^\/actions\/runs\/\d+$/.test(path)) return this.#run(Number(id));
    if (/^\/actions\/runs\/\d+\/artifacts$/.test(path)) return this.#list(RUN_ARTIFACTS, query, Number(id));
    if (/^\/actions\/runs\/\d+\/jobs$/.test(path)) return this.#jobsOf(Number(id), query);
    if (/^\/actions\/workflows\/\d+\/runs$/.test(path)) return this.#runsOf(Number(id), query);
    if (path === "/actions/artifacts") return this.#list(ARTIFACTS, query);
    if (/^\/actions\/artifacts\/\d+\/zip$/.test(path)) return this.#archive(Number(id));
    return this.#commits.answer(path, query);
  }

  #run(id: number): Answer {
    const run = this.runs.find((one) => one.id === id);
    return run === undefined ? NOT_FOUND : described(RUN, describe(run));
  }

  /** Jobs of all attempts if that is requested. */
  #jobsOf(id: number, query: URLSearchParams): Answer {
    if (query.get("filter") !== "all") return NOT_FOUND;
    const [example] = v.parse(JobsExample, exampleOf(RUN_JOBS)).jobs;
    const own = this.jobs.filter(({ run }) => run === id);
    const jobs = page(own, query).map(({ name, attempt, started, completed }) => {
      const [from, to] = [started.toISOString(), completed?.toISOString() ?? null];
      return { ...example, run_id: id, name, run_attempt: attempt, created_at: from, started_at: from, completed_at: to };
    });
    return described(RUN_JOBS, { total_count: own.length, jobs });
  }

  /** Newest first, and at most a thousand, like GitHub if a filter is given. */
  #runsOf(workflow: number, query: URLSearchParams): Answer {
    const [branch, event] = [query.get("branch"), query.get("event")];
    const fits = (run: PlayedRun): boolean => run.workflow === workflow && run.branch === branch && run.event === event;
    const runs = this.runs.filter(fits).toSorted((a, b) => b.id - a.id);
    return described(WORKFLOW_RUNS, { total_count: runs.length, workflow_runs: page(runs.slice(0, 1000), query).map(describe) });
  }

  /** Lists artifacts of one run, or of all; the query may name one. */
  #list(path: string, query: URLSearchParams, run?: number): Answer {
    const name = query.get("name");
    const isAsked = (one: PlayedArtifact): boolean => (name === null || one.name === name) && (run === undefined || one.run === run);
    const named = this.artifacts.filter((one) => one.isFinal && isAsked(one)).toSorted((a, b) => b.id - a.id);
    const [example] = v.parse(ArtifactsExample, exampleOf(path)).artifacts;
    const artifacts = page(named, query).map((artifact) => {
      const run = this.runs.find(({ id }) => id === artifact.run);
      return {
        ...example,
        id: artifact.id,
        name: artifact.name,
        size_in_bytes: artifact.size,
        expired: artifact.expired,
        created_at: artifact.created.toISOString(),
        digest: artifact.digest,
        workflow_run: run && {
          id: run.id,
          repository_id: REPOSITORY.id,
          head_repository_id: run.from,
          head_branch: run.branch,
          head_sha: run.sha,
        },
      };
    });
    return described(path, { total_count: named.length, artifacts });
  }

  #archive(id: number): Answer {
    const artifact = this.artifacts.find((one) => one.id === id);
    if (artifact === undefined) return NOT_FOUND;
    if (artifact.expired) return json(410, { message: "Artifact has expired" });
    return { status: 302, headers: { location: this.#blobs.signedUrl(artifact.path, "r") } };
  }
}

function describe(run: PlayedRun): unknown {
  const example = v.parse(RunExample, exampleOf(RUN));
  return {
    ...example,
    id: run.id,
    workflow_id: run.workflow,
    path: `.github/workflows/${run.workflow === WORKFLOW ? "memcheck" : "other"}.yml`,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    head_branch: run.branch,
    head_sha: run.sha,
    html_url: `https://github.test/o/r/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    run_started_at: new Date(Date.now() - 60_000).toISOString(),
    repository: { ...example.repository, id: REPOSITORY.id },
    head_repository: { ...example.head_repository, id: run.from },
  };
}
