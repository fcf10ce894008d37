import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Checkout } from "./checkout.ts";
import { WORK_DIR } from "./command.ts";
import { FakeGitHub } from "./github/fake-github.ts";
import { type RanJob, runJob } from "./job.ts";

const INPUTS = { tests: "test_bisect", scan: "none", "work-dir": WORK_DIR };

/** The shipped action in runs of o/r, with what the runner gives. */
export class ActionRuns {
  readonly checkout: Checkout;
  readonly github: FakeGitHub;
  readonly folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-runner-"));

  private constructor(checkout: Checkout, github: FakeGitHub) {
    this.checkout = checkout;
    this.github = github;
  }

  static async open(): Promise<ActionRuns> {
    return new ActionRuns(await Checkout.open(), await FakeGitHub.start());
  }

  job(
    run: number,
    sha: string,
    event: string,
    env: Record<string, string> = {},
    inputs: Record<string, string> = {},
    place = this.folder,
    cancel?: AbortSignal,
  ): Promise<RanJob> {
    const isPull = event === "pull_request";
    const pull = { number: 1, base: { ref: "main" }, head: { sha } };
    return runJob({
      folder: place,
      event,
      ref: isPull ? "refs/pull/1/merge" : "refs/heads/main",
      inputs: { ...INPUTS, token: this.github.rest.token, ...inputs },
      env: { ...this.github.environment(run), GITHUB_WORKSPACE: this.checkout.source, GITHUB_SHA: sha, ...env },
      ...(cancel && { cancel }),
      payload: { repository: { default_branch: "main" }, ...(isPull ? { pull_request: pull } : {}) },
    });
  }

  async close(): Promise<void> {
    await this.github.server.close();
    this.checkout.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
