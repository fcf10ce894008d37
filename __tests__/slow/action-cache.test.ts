import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { after, before, suite, test } from "node:test";
import { buildPython } from "../../src/build/build.ts";
import { buildFolder } from "../../src/build/build-folder.ts";
import { keepBuild } from "../../src/build/kept-build.ts";
import { makeRecipe, recipeKey } from "../../src/build/recipe.ts";
import { openSource } from "../../src/build/source.ts";
import { probeToolchain } from "../../src/build/toolchain.ts";
import { BuildCache } from "../../src/hosts/github/build-cache.ts";
import { Processes } from "../../src/system/processes.ts";
import { Checkout } from "../support/checkout.ts";
import { assertExit, WORK_DIR } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";
import { jobEnvironment } from "../support/github/cache-place.ts";
import { CacheService } from "../support/github/cache-service.ts";
import { FakeGitHub } from "../support/github/fake-github.ts";
import { MAIN_SCOPES, pullRequestScopes, READ, runtimeToken, type Scope } from "../support/github/runtime-token.ts";
import { type RanJob, runJob } from "../support/job.ts";
import { QuietProgress } from "../support/progress.ts";

const checkout = await Checkout.open();
const github = await FakeGitHub.start();
const caches = new CacheService(github.server, github.blobs);
after(async () => {
  await github.server.close();
  checkout.remove();
});

/** Saves a build of the current checkout in the default branch's cache. */
async function warm(): Promise<void> {
  const processes = new Processes(process.env);
  const source = await openSource(checkout.source, processes);
  const recipe = makeRecipe(source, await probeToolchain(processes), []);
  const buildContext = { recipe, source, jobs: availableParallelism(), processes, progress: new QuietProgress() };
  const { lock } = await buildPython(WORK_DIR, buildContext, null);
  const builds = new BuildCache(0, processes, jobEnvironment(github.server));
  await keepBuild({ ...buildContext, builds }, buildFolder(WORK_DIR, recipeKey(recipe, source.version)), Number.POSITIVE_INFINITY);
  await lock[Symbol.asyncDispose]();
}

/** A job on a fresh runner. Its run ends with it. */
async function job(
  id: number,
  event: "push" | "pull_request",
  sha: string,
  scopes: readonly Scope[],
  cancel?: AbortSignal,
): Promise<RanJob> {
  const run = github.rest.run({ id, sha, event, status: "in_progress", conclusion: null });
  const token = { ACTIONS_RUNTIME_TOKEN: runtimeToken({ run: `${id}`, job: "1", scopes }) };
  const ran = await runJob({
    folder: temporaryFolder(),
    event,
    ref: event === "push" ? "refs/heads/main" : "refs/pull/1/merge",
    inputs: { tests: "test_bisect", scan: "none", token: github.rest.token },
    env: { ...github.environment(id), ...jobEnvironment(github.server), ...token, GITHUB_WORKSPACE: checkout.source, GITHUB_SHA: sha },
    payload: {
      repository: { default_branch: "main" },
      ...(event === "push" ? {} : { pull_request: { number: 1, base: { ref: "main" }, head: { sha } } }),
    },
    ...(cancel === undefined ? {} : { cancel }),
  });
  Object.assign(run, { status: "completed", conclusion: cancel === undefined ? "success" : "cancelled" });
  return ran;
}

suite("the shipped action, with GitHub's cache", () => {
  before(warm);

  test("the shipped action continues the default branch's build, and saves the result before anything is tested", async () => {
    // The object that takes longest to compile: long enough on any machine to be worth keeping.
    checkout.edit("Python/ceval.c", '#include "Python.h"', '// One line more.\n#include "Python.h"');
    const cancelling = new AbortController();
    const watch = setInterval(() => caches.entries.at(1)?.isFinal && cancelling.abort(), 10);
    const ran = await job(1, "push", "m1", MAIN_SCOPES, cancelling.signal);
    clearInterval(watch);
    assertExit(ran, 2);
    assert.doesNotMatch(ran.stdout, /No cached build|rejected/);
    assert.deepEqual(
      caches.entries.map(({ isFinal }) => isFinal),
      [true, true],
    );
  });

  test("the shipped action restores a build of a canceled job", async () => {
    const ran = await job(2, "push", "m1", MAIN_SCOPES);
    assertExit(ran, 0);
    assert.equal(ran.outputs["cache-hit"], "true");
    assert.equal(caches.entries.length, 2);
  });

  test("the shipped action gives a fork's pull request the build that the baseline names, and that keeps nothing", async () => {
    github.rest.commits.set("p1", ["m1"]);
    const ran = await job(3, "pull_request", "p1", pullRequestScopes(1, READ));
    assertExit(ran, 0);
    assert.deepEqual([ran.outputs.verdict, ran.outputs["cache-hit"]], ["clean", "true"]);
    assert.doesNotMatch(ran.stdout, /^::(warning|error|notice)/m);
    assert.equal(github.server.matching(/CreateCacheEntry/).length, 2);
  });
});
