// A repository on a GitHub on loopback, whose `main` has a baseline that the shipped action recorded of a real CPython.

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
/** The quickest check there is. */
const SCANNED = { source: ".", command: `-m unittest discover -s ${TESTS}`, scan: "all", "memcheck-budget": "none" };
export const OWN = 1;
export const PULL = 3;

export interface JobOfRun {
  readonly run: number;
  readonly sha: string;
  readonly event: "push" | "pull_request" | "workflow_dispatch";
  readonly inputs?: Readonly<Record<string, string>>;
}

/** A checkout, and what the first run on `main` recorded of it: a GitHub is made anew for each attack. */
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

  /** What it recorded, as if with another interpreter, toolchain or check. */
  async archiveWith(identity: Partial<Identity>): Promise<Buffer> {
    const lookup = decodeBaseline(await unpackEntry(this.#recorded?.archive ?? Buffer.of(), BASELINE_ENTRY), this.name);
    if (lookup.kind !== "found") throw new Error(`what was recorded is ${lookup.kind}`);
    return archived({ ...lookup.baseline, identity: { ...lookup.baseline.identity, ...identity } });
  }

  /** A GitHub whose `main` has another commit since that run, and a pull request that left it there. */
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

  /** Does something with another test file in the place of one, or beside them; with none where there is no text. */
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
