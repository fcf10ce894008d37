import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { BuildCache, openBuildCache } from "../../../src/hosts/github/build-cache.ts";
import { Processes } from "../../../src/system/processes.ts";
import { testBuildStore } from "../../support/build-store-cases.ts";
import { openCachePlace } from "../../support/github/cache-place.ts";

const processes = new Processes(process.env);

testBuildStore("GitHub's cache", async () => {
  const place = await openCachePlace();
  return () => new BuildCache(5, processes, place.env());
});

const PUSH = { name: "push", recordsBaseline: true, recordsElsewhere: false };
const NOT_RECORDED = { ...PUSH, recordsBaseline: false };

suite("GitHub's cache, for a job", () => {
  const CLOUD = { ACTIONS_CACHE_SERVICE_V2: "True", ACTIONS_RESULTS_URL: "https://results.example" };

  test("a job has GitHub's cache if the runner names a service that exists on its server", () => {
    const isThere = (env: NodeJS.ProcessEnv): boolean => openBuildCache(env, PUSH, processes) !== null;
    const enterprise = { ...CLOUD, GITHUB_SERVER_URL: "https://github.example" };
    assert.deepEqual([CLOUD, { ...CLOUD, GITHUB_SERVER_URL: "https://we.ghe.com" }].map(isThere), [true, true]);
    assert.deepEqual([{}, { ACTIONS_CACHE_SERVICE_V2: "True" }, enterprise].map(isThere), [false, false, false]);
    assert.equal(isThere({ ...enterprise, ACTIONS_CACHE_URL: "https://cache.example" }), true);
  });

  const cacheOf = (event: typeof PUSH, env = {}) => openBuildCache({ ...CLOUD, ...env }, event, processes);
  const worth = (event: typeof PUSH, env = {}): number | undefined => cacheOf(event, env)?.minSecondsToCache;

  test("a job keeps builds if a baseline will name them, from the default branch more than from others", () => {
    assert.ok((worth(PUSH) ?? 0) < (worth({ ...NOT_RECORDED, recordsElsewhere: true }) ?? 0));
    assert.equal(worth(NOT_RECORDED), Number.POSITIVE_INFINITY);
    for (const mode of ["read", "None "]) assert.equal(worth(PUSH, { ACTIONS_CACHE_MODE: mode }), Number.POSITIVE_INFINITY);
    for (const mode of ["write", "write-only", "unknown", ""]) assert.equal(worth(PUSH, { ACTIONS_CACHE_MODE: mode }), worth(PUSH));
  });

  test("a job saves no build on an event that can run anyone's code, though its ref is the default branch", () => {
    for (const name of ["push", "schedule", "workflow_dispatch"]) assert.equal(worth({ ...PUSH, name }), worth(PUSH));
    for (const name of ["workflow_run", "issue_comment", "repository_dispatch", "pull_request", "merge_group", "release", ""]) {
      for (const recordsElsewhere of [true, false]) {
        assert.equal(worth({ ...NOT_RECORDED, name, recordsElsewhere }), Number.POSITIVE_INFINITY, name);
      }
    }
  });

  test("the default branch's own runs restore any build of the cache, other runs only those that a baseline names", () => {
    assert.deepEqual([cacheOf(PUSH)?.restoresAny, cacheOf(NOT_RECORDED)?.restoresAny], [true, false]);
    assert.equal(cacheOf({ ...NOT_RECORDED, name: "pull_request", recordsElsewhere: true })?.restoresAny, false);
  });
});
