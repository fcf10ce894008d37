import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { BuildCache, openBuildCache } from "../../src/github/build-cache.ts";
import { Processes } from "../../src/system/processes.ts";
import { testBuildStore } from "../support/build-store-cases.ts";
import { openCachePlace } from "../support/github/cache-place.ts";

const processes = new Processes();

testBuildStore("GitHub's cache", async () => {
  const place = await openCachePlace();
  return () => new BuildCache(5, processes, place.env());
});

const PUSH = { name: "push", recordsBaseline: true };
const PULL_REQUEST = { name: "pull_request", recordsBaseline: false };

suite("GitHub's cache, for a job", () => {
  const CLOUD = { ACTIONS_CACHE_SERVICE_V2: "True", ACTIONS_RESULTS_URL: "https://results.example" };

  test("is there where the runner names a service that there is on its server", () => {
    const isThere = (env: NodeJS.ProcessEnv): boolean => openBuildCache(env, PUSH, processes) !== null;
    const enterprise = { ...CLOUD, GITHUB_SERVER_URL: "https://github.example" };
    assert.deepEqual([CLOUD, { ...CLOUD, GITHUB_SERVER_URL: "https://we.ghe.com" }].map(isThere), [true, true]);
    assert.deepEqual([{}, { ACTIONS_CACHE_SERVICE_V2: "True" }, enterprise].map(isThere), [false, false, false]);
    assert.equal(isThere({ ...enterprise, ACTIONS_CACHE_URL: "https://cache.example" }), true);
  });

  test("takes more from the default branch than from others, and nothing that no later run could have", () => {
    const worth = (event: typeof PUSH, env = {}): number | undefined =>
      openBuildCache({ ...CLOUD, ...env }, event, processes)?.worthSeconds;
    assert.ok((worth(PUSH) ?? 0) < (worth(PULL_REQUEST) ?? 0));
    assert.equal(worth({ name: "merge_group", recordsBaseline: false }), Number.POSITIVE_INFINITY);
    for (const mode of ["read", "None "]) assert.equal(worth(PUSH, { ACTIONS_CACHE_MODE: mode }), Number.POSITIVE_INFINITY);
    for (const mode of ["write", "write-only", "unknown", ""]) assert.equal(worth(PUSH, { ACTIONS_CACHE_MODE: mode }), worth(PUSH));
  });
});
