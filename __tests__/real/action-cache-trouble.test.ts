import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { assertExit } from "../support/command.ts";
import { cpythonFolder, temporaryFolder } from "../support/folders.ts";
import { type CachePlace, openCachePlace } from "../support/github/cache-place.ts";
import { json } from "../support/github/server.ts";
import { runJob } from "../support/job.ts";

/** The log of a job whose source does not build, after it has asked the cache. Only the failed build may be annotated. */
async function logOf({ env }: CachePlace, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const source = cpythonFolder({ "Lib/test/test_csv.py": "" });
  const ran = await runJob({
    folder: temporaryFolder(),
    event: "push",
    ref: "refs/heads/main",
    inputs: { tests: "test_csv", scan: "none", baseline: "./none" },
    env: { ...env(), GITHUB_WORKSPACE: source, ...more },
  });
  assertExit(ran, 2);
  const annotations = ran.stdout.match(/^::(warning|error|notice) .*/gm) ?? [];
  assert.ok(annotations.length === 1 && /does not build/.test(annotations.join()), annotations.join("\n"));
  return ran.stdout;
}

suite("the shipped action if GitHub's cache does not work", () => {
  test("the shipped action says in its log if GitHub's cache does not work, and goes on without", async () => {
    const troubles = [403, 404, 429, 500].map(async (status) => {
      const place = await openCachePlace();
      const answer = json(status, { code: "no", msg: "not today" }, status === 429 ? { "retry-after": "3600" } : {});
      place.server.plan(/GetCacheEntryDownloadURL/, { answer });
      assert.match(await logOf(place), new RegExp(`^ *No cached build could be restored: .*\\(${status}\\).*: not today\\.$`, "m"));
    });
    await Promise.all(troubles);
  });

  test("the shipped action notes once that GitHub's cache is missing", async () => {
    const log = await logOf(await openCachePlace(), { GITHUB_SERVER_URL: "https://github.example" });
    assert.equal(log.match(/has no cache service/g)?.length, 1);
    assert.doesNotMatch(log, /cached build could/);
  });
});
