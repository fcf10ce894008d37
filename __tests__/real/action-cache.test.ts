import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { after, before, describe, it } from "node:test";
import { buildPython } from "../../src/cpython/build.ts";
import { buildFolder } from "../../src/cpython/build-folder.ts";
import { keepBuild } from "../../src/cpython/kept-build.ts";
import { makeRecipe, recipeKey } from "../../src/cpython/recipe.ts";
import { openSource } from "../../src/cpython/source.ts";
import { probeToolchain } from "../../src/cpython/toolchain.ts";
import { BuildCache } from "../../src/github/build-cache.ts";
import { Processes } from "../../src/system/processes.ts";
import { Checkout } from "../support/checkout.ts";
import { assertExit, WORK_DIR } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";
import { openCachePlace } from "../support/github/cache-place.ts";
import { pullRequestScopes, READ } from "../support/github/runtime-token.ts";
import { type RanJob, runJob } from "../support/job.ts";
import { QuietProgress } from "../support/progress.ts";

const checkout = await Checkout.open();
const place = await openCachePlace();
after(() => checkout.remove());

/** Has the default branch's cache hold a build of the checkout as it is. */
async function warm(): Promise<void> {
  const processes = new Processes();
  const source = await openSource(checkout.source, processes);
  const recipe = makeRecipe(source, await probeToolchain(processes, process.env), []);
  const shop = { recipe, source, jobs: availableParallelism(), processes, progress: new QuietProgress() };
  const { lock } = await buildPython(WORK_DIR, shop, null);
  const builds = new BuildCache(0, processes, place.env());
  await keepBuild({ ...shop, builds }, buildFolder(WORK_DIR, recipeKey(recipe, source.version)), Number.POSITIVE_INFINITY);
  await lock[Symbol.asyncDispose]();
}

/** A job on a fresh runner. */
function job(event: string, ref: string, env: Readonly<Record<string, string>>, cancel?: AbortSignal): Promise<RanJob> {
  const inputs = { tests: "test_bisect", scan: "none", baseline: checkout.baseline };
  const given = { ...env, GITHUB_WORKSPACE: checkout.source };
  return runJob({ folder: temporaryFolder(), event, ref, inputs, env: given, ...(cancel === undefined ? {} : { cancel }) });
}

describe("the shipped action, with GitHub's cache", () => {
  before(warm);

  it("continues the default branch's build, and keeps what comes of it before anything is tested", async () => {
    // The object that takes longest to compile: long enough on any machine to be worth keeping.
    checkout.edit("Python/ceval.c", '#include "Python.h"', '// One line more.\n#include "Python.h"');
    const cancelling = new AbortController();
    const watch = setInterval(() => place.caches.entries.at(1)?.isFinal && cancelling.abort(), 10);
    const ran = await job("push", "refs/heads/main", place.env(), cancelling.signal);
    clearInterval(watch);
    assertExit(ran, 2);
    assert.doesNotMatch(ran.stdout, /No kept build|of no use/);
    assert.deepEqual(
      place.caches.entries.map(({ isFinal }) => isFinal),
      [true, true],
    );
  });

  it("restores what a job that was cancelled has built", async () => {
    const ran = await job("push", "refs/heads/main", place.env());
    assertExit(ran, 0);
    assert.equal(ran.outputs["cache-hit"], "true");
    assert.equal(place.caches.entries.length, 2);
  });

  it("gives it to a fork's pull request, which keeps nothing and says nothing of that", async () => {
    const ran = await job("pull_request", "refs/pull/1/merge", place.env(pullRequestScopes(1, READ)));
    assertExit(ran, 0);
    assert.deepEqual([ran.outputs.verdict, ran.outputs["cache-hit"]], ["clean", "true"]);
    assert.doesNotMatch(ran.stdout, /^::(warning|error|notice)/m);
    assert.equal(place.server.matching(/CreateCacheEntry/).length, 2);
  });
});
