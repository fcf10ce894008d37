import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { Act, readmeWorkflow } from "../support/act.ts";
import { Checkout } from "../support/checkout.ts";
import { assertExit, type Ran } from "../support/command.ts";
import { ArtifactService } from "../support/github/artifact-service.ts";
import { Blobs } from "../support/github/blobs.ts";
import { CacheService } from "../support/github/cache-service.ts";
import { REPOSITORY, RestApi } from "../support/github/rest.ts";
import { MAIN_SCOPES, pullRequestScopes, runtimeToken, type Scope } from "../support/github/runtime-token.ts";
import { LoopbackServer } from "../support/github/server.ts";

const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-act-"));
const server = await LoopbackServer.start();
const blobs = new Blobs(server);
const caches = new CacheService(server, blobs);
const rest = new RestApi(server, blobs);
new ArtifactService(server, blobs, rest);
const act = new Act(folder);
const checkout = await Checkout.open();
after(async () => {
  await server.close();
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

function git(...args: readonly string[]): string {
  const who = ["-c", "user.name=Someone", "-c", "user.email=someone@localhost", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...args], { cwd: checkout.source, encoding: "utf8" }).trim();
}

function commit(message: string): string {
  git("add", "--all", "--force");
  git("commit", "--quiet", `--message=${message}`);
  return git("rev-parse", "HEAD");
}

/** CPython's source as a separate repository, with the README's workflow. A scan of all test files would take ten minutes each time. */
function makeRepository(): string {
  const workflows = join(checkout.source, ".github", "workflows");
  rmSync(join(checkout.source, ".github"), { recursive: true, force: true });
  mkdirSync(workflows, { recursive: true });
  const workflow = readmeWorkflow().replace(/^( +)tests: .*$/m, (line, indent) => `${line}\n${indent}scan: test_csv test_heapq`);
  assert.match(workflow, /scan: test_csv/);
  writeFileSync(join(workflows, "memcheck.yml"), workflow);
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", `https://github.com/${REPOSITORY.name}.git`);
  return commit("CPython");
}

interface Cause {
  readonly id: number;
  readonly event: string;
  readonly payload: object;
  readonly scopes: readonly Scope[];
}

async function runWorkflow({ id, event, payload, scopes }: Cause): Promise<Ran> {
  const env = { GITHUB_RUN_ID: `${id}`, ACTIONS_RUNTIME_TOKEN: runtimeToken({ run: `${id}`, job: "1", scopes }) };
  const repository = { id: REPOSITORY.id, full_name: REPOSITORY.name, default_branch: "main" };
  const ran = await act.run({
    repository: checkout.source,
    event,
    payload: { ...payload, repository },
    server,
    token: rest.token,
    env,
  });
  console.log(ran.stdout);
  return ran;
}

/** A pull request from a branch that replaces a text of a file. */
function pullRequest(number: number, name: string, file: string, from: string, to: string): Promise<Ran> {
  git("switch", "--quiet", "--create", name, "main");
  checkout.edit(file, from, to);
  const sha = commit(name);
  rest.commits.set(sha, [git("rev-parse", "main")]);
  const id = 100 + number;
  rest.run({ id, sha, event: "pull_request", branch: name, status: "in_progress", conclusion: null });
  const base = { ref: "main", sha: git("rev-parse", "main") };
  const payload = { number, pull_request: { number, head: { ref: name, sha }, base } };
  return runWorkflow({ id, event: "pull_request", payload, scopes: pullRequestScopes(number) });
}

/** Of parse_save_field, which has added the field to a list. */
const RELEASED = "    Py_DECREF(field);\n";

suite("the README's workflow, run by act", () => {
  test("the README's workflow records the baseline and keeps the build on a push to the default branch", async () => {
    const sha = makeRepository();
    rest.grow("main", sha);
    const own = rest.run({ id: 100, sha, status: "in_progress", conclusion: null });
    const ran = await runWorkflow({ id: own.id, event: "push", payload: { ref: "refs/heads/main", after: sha }, scopes: MAIN_SCOPES });
    assertExit(ran, 0);
    assert.match(ran.stdout, /Recorded as the baseline/);
    assert.deepEqual(
      rest.artifacts.map(({ run, isFinal }) => ({ run, isFinal })),
      [{ run: 100, isFinal: true }],
    );
    assert.deepEqual(
      caches.entries.map(({ scope, isFinal }) => ({ scope, isFinal })),
      [{ scope: "refs/heads/main", isFinal: true }],
    );
    Object.assign(own, { status: "completed", conclusion: "success" });
  });

  test("the README's workflow annotates the line of a bug in a pull request, and fails", async () => {
    const ran = await pullRequest(1, "leak", "Modules/_csv.c", `${RELEASED}    return 0;`, "    return 0;");
    assertExit(ran, 1);
    assert.match(ran.stdout, /::error .*file=Modules\/_csv\.c.*line=\d+.*::/);
  });

  test("the README's workflow finds a harmless pull request clean", async () => {
    const ran = await pullRequest(2, "comments", "Objects/unicodeobject.c", "#include ", `${"/* a comment */\n".repeat(30)}#include `);
    assertExit(ran, 0);
    assert.match(ran.stdout, /Clean: /);
    assert.doesNotMatch(ran.stdout, /::(error|warning)/);
  });
});
