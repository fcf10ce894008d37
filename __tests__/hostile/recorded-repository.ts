// A repository on a fake GitHub. The shipped action has recorded a baseline of a real CPython for its `main`.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Identity } from "../../src/findings/baseline.ts";
import { decodeBaseline } from "../../src/hosts/common/baseline-file.ts";
import { BASELINE_ENTRY, unpackEntry } from "../../src/hosts/github/archive.ts";
import { Checkout, testFile } from "../support/checkout.ts";
import { WORK_DIR } from "../support/command.ts";
import { writeFiles } from "../support/folders.ts";
import { FakeGitHub } from "../support/github/fake-github.ts";
import { archived } from "../support/github/poison.ts";
import { type RanJob, runJob } from "../support/job.ts";

/** A project's own tests in the checkout: two files of them. */
const TESTS = "hostile_tests";
/** Settings of the fastest check. */
const SCANNED = { source: ".", command: `-m unittest discover -s ${TESTS}`, scan: "all", "memcheck-budget": "none" };
export const OWN = 1;
export const PULL = 3;

export interface JobOfRun {
  readonly run: number;
  readonly sha: string;
  readonly event: "push" | "pull_request" | "workflow_dispatch";
  readonly inputs?: Readonly<Record<string, string>>;
}

/** A checkout, and the baseline that the first run on `main` recorded. Each attack gets a new GitHub. */
export class RecordedRepository {
  readonly checkout: Checkout;
  readonly #runner = mkdtempSync(join(tmpdir(), "cpython-memcheck-runner-"));
  #recorded: { readonly name: string; readonly archive: Buffer } | undefined;

  private constructor(checkout: Checkout) {
    this.checkout = checkout;
  }

  static async open(): Promise<RecordedRepository> {
    const repository = new RecordedRepository(await Checkout.open());
    writeFiles(repository.checkout.source, { [`${TESTS}/test_one.py`]: testFile("pass"), [`${TESTS}/test_two.py`]: testFile("pass") });
    const github = await FakeGitHub.start();
    github.rest.run({ id: OWN, sha: "m1", status: "in_progress", conclusion: null });
    const ran = await repository.job(github, { run: OWN, sha: "m1", event: "push" });
    const [artifact] = github.rest.artifacts;
    if (ran.code !== 0 || artifact === undefined) throw new Error(`nothing was recorded: ${ran.stdout}${ran.stderr}`);
    repository.#recorded = { name: artifact.name, archive: github.blobs.content(artifact.path) ?? Buffer.of() };
    await github.server.close();
    return repository;
  }

  get name(): string {
    return this.#recorded?.name ?? "";
  }

  /** The recorded baseline, as if from another interpreter, toolchain or check. */
  async archiveWith(identity: Partial<Identity>): Promise<Buffer> {
    const lookup = decodeBaseline(await unpackEntry(this.#recorded?.archive ?? Buffer.of(), BASELINE_ENTRY), this.name);
    if (lookup.kind !== "found") throw new Error(`the recorded baseline is ${lookup.kind}`);
    return archived({ ...lookup.baseline, identity: { ...lookup.baseline.identity, ...identity } });
  }

  /** A GitHub whose `main` has another commit since that run, with a pull request based on it. */
  async github(hasBaseline: boolean): Promise<FakeGitHub> {
    const github = await FakeGitHub.start();
    github.rest.run({ id: OWN, sha: "m1" });
    if (hasBaseline) github.artifacts.keep(OWN, this.name, this.#recorded?.archive ?? Buffer.of());
    github.rest.grow("main", "m2");
    github.rest.commits.set("p1", ["m2"]);
    github.rest.run({ id: PULL, sha: "p1", event: "pull_request", branch: "patch" });
    return github;
  }

  job(github: FakeGitHub, { run, sha, event, inputs = {} }: JobOfRun): Promise<RanJob> {
    const pull = { number: 1, base: { ref: "main" }, head: { sha } };
    return runJob({
      folder: this.#runner,
      event,
      ref: event === "pull_request" ? "refs/pull/1/merge" : "refs/heads/main",
      inputs: { ...SCANNED, "work-dir": WORK_DIR, token: github.rest.token, ...inputs },
      env: { ...github.environment(run), GITHUB_WORKSPACE: this.checkout.source, GITHUB_SHA: sha },
      payload: { repository: { default_branch: "main" }, ...(event === "pull_request" ? { pull_request: pull } : {}) },
    });
  }

  /** Does something after replacing or adding a test file, or removing it if there is no text; then restores it. */
  async withTests<Result>(name: string, text: string | undefined, work: () => Promise<Result>): Promise<Result> {
    const path = join(this.checkout.source, TESTS, name);
    const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    const put = (content: string | undefined): void => (content === undefined ? rmSync(path) : writeFileSync(path, content));
    put(text);
    try {
      return await work();
    } finally {
      put(before);
    }
  }

  close(): void {
    this.checkout.remove();
    rmSync(this.#runner, { recursive: true, force: true });
  }
}
