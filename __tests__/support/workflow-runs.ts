// Runs workflows of a repository by act, against the tests' GitHub on loopback.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Act } from "./act.ts";
import type { Ran } from "./command.ts";
import { ArtifactService } from "./github/artifact-service.ts";
import { Blobs } from "./github/blobs.ts";
import { CacheService } from "./github/cache-service.ts";
import { REPOSITORY, RestApi } from "./github/rest.ts";
import { runtimeToken, type Scope } from "./github/runtime-token.ts";
import { LoopbackServer } from "./github/server.ts";

export interface Cause {
  readonly id: number;
  readonly event: string;
  readonly payload: object;
  readonly scopes: readonly Scope[];
  /** Additional variables for the workflow's steps. */
  readonly env?: Readonly<Record<string, string>>;
}

export class WorkflowRuns {
  readonly folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-act-"));
  /** The repository's folder. */
  readonly source: string;
  readonly rest: RestApi;
  readonly caches: CacheService;
  readonly #server: LoopbackServer;
  readonly #act = new Act(this.folder);

  private constructor(source: string, server: LoopbackServer) {
    this.source = source;
    this.#server = server;
    const blobs = new Blobs(server);
    this.caches = new CacheService(server, blobs);
    this.rest = new RestApi(server, blobs);
    new ArtifactService(server, blobs, this.rest);
  }

  /** @param source the folder that becomes the repository. */
  static async open(source: string): Promise<WorkflowRuns> {
    return new WorkflowRuns(source, await LoopbackServer.start());
  }

  async close(): Promise<void> {
    await this.#server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  git(...args: readonly string[]): string {
    const who = ["-c", "user.name=Someone", "-c", "user.email=someone@localhost", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...who, ...args], { cwd: this.source, encoding: "utf8" }).trim();
  }

  commit(message: string): string {
    this.git("add", "--all", "--force");
    this.git("commit", "--quiet", `--message=${message}`);
    return this.git("rev-parse", "HEAD");
  }

  /** Makes the folder a repository with one workflow. @returns its commit */
  makeRepository(workflow: string): string {
    rmSync(join(this.source, ".github"), { recursive: true, force: true });
    this.write(workflow);
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("remote", "add", "origin", `https://github.com/${REPOSITORY.name}.git`);
    return this.commit("The project");
  }

  write(workflow: string): void {
    const workflows = join(this.source, ".github", "workflows");
    mkdirSync(workflows, { recursive: true });
    writeFileSync(join(workflows, "memcheck.yml"), workflow);
  }

  async run({ id, event, payload, scopes, env: more }: Cause): Promise<Ran> {
    const env = { ...more, GITHUB_RUN_ID: `${id}`, ACTIONS_RUNTIME_TOKEN: runtimeToken({ run: `${id}`, job: "1", scopes }) };
    const repository = { id: REPOSITORY.id, full_name: REPOSITORY.name, default_branch: "main" };
    const ran = await this.#act.run({
      repository: this.source,
      event,
      payload: { ...payload, repository },
      server: this.#server,
      token: this.rest.token,
      env,
    });
    console.log(ran.stdout);
    return ran;
  }
}
