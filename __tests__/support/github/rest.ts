// What GitHub's REST API tells of a repository's runs, artifacts and commits.
import * as v from "valibot";
import type { Blobs } from "./blobs.ts";
import { exampleOf, violation } from "./openapi.ts";
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
const COMMITS = "/repos/{owner}/{repo}/commits";
const COMPARE = "/repos/{owner}/{repo}/compare/{basehead}";

const Example = v.record(v.string(), v.unknown());
const RunExample = v.looseObject({ repository: Example, head_repository: Example });
const ArtifactsExample = v.object({ artifacts: v.array(Example) });
const CommitsExample = v.array(v.looseObject({ parents: v.array(Example) }));
const CompareExample = v.looseObject({ merge_base_commit: Example });

export class RestApi {
  readonly token = "ghs_the_jobs_token";
  readonly runs: PlayedRun[] = [];
  readonly artifacts: PlayedArtifact[] = [];
  /** What the token may read. */
  readonly permissions = new Set(["actions", "contents"]);
  /** The parents of each commit, the first one first. */
  readonly commits = new Map<string, readonly string[]>();
  readonly branches = new Map<string, string>();
  readonly #blobs: Blobs;

  constructor(server: LoopbackServer, blobs: Blobs) {
    this.#blobs = blobs;
    server.add((asked) => this.#serve(asked));
  }

  run(overrides: Partial<PlayedRun> & { readonly id: number; readonly sha: string }): PlayedRun {
    const usual = { event: "push", branch: "main", workflow: WORKFLOW, from: REPOSITORY.id, status: "completed", conclusion: "success" };
    const run = { ...usual, ...overrides };
    this.runs.push(run);
    return run;
  }

  /** Commits in a row, the oldest first, at the end of a branch. */
  grow(branch: string, ...shas: readonly string[]): void {
    for (const sha of shas) {
      const before = this.branches.get(branch);
      this.commits.set(sha, before === undefined ? [] : [before]);
      this.branches.set(branch, sha);
    }
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
    if (path === "/actions/artifacts") return this.#list(query);
    if (/^\/actions\/artifacts\/\d+\/zip$/.test(path)) return this.#archive(Number(id));
    if (path === "/commits") return this.#history(query);
    if (path.startsWith("/compare/")) return this.#compare(decodeURIComponent(path.slice("/compare/".length)));
    return undefined;
  }

  #run(id: number): Answer {
    const run = this.runs.find((one) => one.id === id);
    if (run === undefined) return NOT_FOUND;
    const example = v.parse(RunExample, exampleOf(RUN));
    return described(RUN, {
      ...example,
      id,
      workflow_id: run.workflow,
      path: `.github/workflows/${run.workflow === WORKFLOW ? "memcheck" : "other"}.yml`,
      event: run.event,
      status: run.status,
      conclusion: run.conclusion,
      head_branch: run.branch,
      head_sha: run.sha,
      html_url: `https://github.test/o/r/actions/runs/${id}`,
      run_started_at: new Date(Date.now() - 60_000).toISOString(),
      repository: { ...example.repository, id: REPOSITORY.id },
      head_repository: { ...example.head_repository, id: run.from },
    });
  }

  #list(query: URLSearchParams): Answer {
    const named = this.artifacts.filter(({ name, isFinal }) => isFinal && name === query.get("name")).toSorted((a, b) => b.id - a.id);
    const [example] = v.parse(ArtifactsExample, exampleOf(ARTIFACTS)).artifacts;
    const artifacts = page(named, query).map((artifact) => {
      const run = this.runs.find(({ id }) => id === artifact.run);
      return {
        ...example,
        id: artifact.id,
        name: artifact.name,
        size_in_bytes: artifact.size,
        expired: artifact.expired,
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
    return described(ARTIFACTS, { total_count: named.length, artifacts });
  }

  #archive(id: number): Answer {
    const artifact = this.artifacts.find((one) => one.id === id);
    if (artifact === undefined) return NOT_FOUND;
    if (artifact.expired) return json(410, { message: "Artifact has expired" });
    return { status: 302, headers: { location: this.#blobs.signedUrl(artifact.path, "r") } };
  }

  /** All ancestors; by date, which is the order in which a test made them. */
  #history(query: URLSearchParams): Answer {
    const from = query.get("sha") ?? "";
    if (!this.commits.has(from)) return json(404, { message: `No commit found for SHA: ${from}` });
    const ancestors = this.#ancestors(from);
    const shas = [...this.commits.keys()].reverse().filter((sha) => ancestors.has(sha));
    return described(
      COMMITS,
      page(shas, query).map((sha) => this.#commit(sha)),
    );
  }

  #commit(sha: string): unknown {
    const [example] = v.parse(CommitsExample, exampleOf(COMMITS));
    const parents = this.commits.get(sha)?.map((parent) => ({ ...example?.parents[0], sha: parent }));
    return { ...example, sha, parents };
  }

  #compare(ends: string): Answer {
    const [branch = "", sha = ""] = ends.split("...");
    const [one, other] = [this.branches.get(branch), sha].map((end) => this.#ancestors(end ?? ""));
    const base = [...this.commits.keys()].reverse().find((commit) => one?.has(commit) && other?.has(commit));
    if (base === undefined) return NOT_FOUND;
    const example = v.parse(CompareExample, exampleOf(COMPARE));
    return described(COMPARE, { ...example, merge_base_commit: this.#commit(base) });
  }

  #ancestors(sha: string): ReadonlySet<string> {
    const known = new Set<string>();
    const open = [sha];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (known.has(next) || !this.commits.has(next)) continue;
      known.add(next);
      open.push(...(this.commits.get(next) ?? []));
    }
    return known;
  }
}

const NOT_FOUND = json(404, { message: "Not Found" });

function page<Item>(items: readonly Item[], query: URLSearchParams): readonly Item[] {
  const [size, number] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
  return items.slice(size * (number - 1), size * number);
}

/** What GitHub would never answer fails whoever asks, with what is wrong with it. */
function described(path: string, answer: unknown): Answer {
  const wrong = violation(path, JSON.parse(JSON.stringify(answer)));
  return wrong === null ? json(200, answer) : json(418, { message: `${path} is played wrongly: ${wrong}` });
}
