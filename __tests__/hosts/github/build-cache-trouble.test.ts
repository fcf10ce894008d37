import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { BuildLookup } from "../../../src/build/build-store.ts";
import { BuildCache } from "../../../src/hosts/github/build-cache.ts";
import { FILE } from "../../../src/hosts/github/cache-answer.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder } from "../../support/folders.ts";
import { type CachePlace, openCachePlace } from "../../support/github/cache-place.ts";
import { MAIN_SCOPES, pullRequestScopes, READ, type Scope } from "../../support/github/runtime-token.ts";
import { json } from "../../support/github/server.ts";

const CONTENT = randomBytes(6_000_000);
const KEY = "build-a-1";
const [CREATE, FINALIZE, FIND] = [/CreateCacheEntry/, /FinalizeCacheEntryUpload/, /GetCacheEntryDownloadURL/] as const;
/** They wait, for the most part. */
const AT_ONCE = { concurrency: true };

/** A job's folder with a build in it. */
class Job {
  readonly folder = temporaryFolder();
  readonly archive = join(this.folder, "build.tar.zst");
  readonly cache: BuildCache;

  constructor(place: CachePlace, { scopes = MAIN_SCOPES, env = {}, timeLimit = 60 } = {}) {
    writeFileSync(this.archive, CONTENT);
    this.cache = new BuildCache(5, new Processes(process.env), { ...place.env(scopes), ...env }, { timeLimit });
  }

  keep(key = KEY): ReturnType<BuildCache["keep"]> {
    return this.cache.keep(this.archive, key);
  }

  /** Restores into a separate folder, in which nothing else may be left. */
  async restore(): Promise<BuildLookup> {
    const folder = join(this.folder, "restored");
    mkdirSync(folder, { recursive: true });
    const lookup = await this.cache.restore(join(folder, "archive"), KEY, ["build-a-"]);
    assert.deepEqual(readdirSync(folder), lookup.kind === "restored" ? ["archive"] : []);
    return lookup;
  }
}

const text = (value: object): string => JSON.stringify(value);

/** An archive as the toolkit makes them. */
function tar(folder: string, ...args: readonly string[]): Buffer {
  const ended = spawnSync("tar", ["-c", "-P", "-I", "zstd -q", "-C", folder, ...args], { maxBuffer: 1e8 });
  assert.equal(ended.status, 0, `${ended.stderr}`);
  return ended.stdout;
}

/** A place where a build is kept. */
async function warmPlace(options?: { azure?: boolean }): Promise<CachePlace> {
  const place = await openCachePlace(options);
  const folder = temporaryFolder();
  writeFileSync(join(folder, FILE), CONTENT);
  place.put(`${KEY}.`, tar(folder, FILE));
  return place;
}

/** Refusals, with the expected reason of each. */
const REFUSALS = [
  [json(403, { code: "permission_denied", msg: "not for you" }), /\(403\) Forbidden: not for you$/],
  [json(404, { code: "bad_route", msg: "no such route" }), /\(404\) Not Found: no such route$/],
  [json(429, { code: "resource_exhausted", msg: "slow down" }, { "retry-after": "60" }), /\(429\) Too Many Requests: slow down$/],
] as const;

suite("restoring from GitHub's cache", AT_ONCE, () => {
  test("restoring from GitHub's cache fails with the service's reason, and asks once", async () => {
    for (const [answer, reason] of REFUSALS) {
      const place = await openCachePlace();
      place.server.plan(FIND, { answer });
      const lookup = await new Job(place).restore();
      assert.ok(lookup.kind === "failed" && reason.test(lookup.reason), text(lookup));
      assert.equal(place.server.requests.length, 1);
    }
  });

  test("restoring from GitHub's cache fails with the reason if the service is broken or silent", async () => {
    const place = await openCachePlace();
    place.server.plan(FIND, { answer: json(500, { code: "internal", msg: "broken" }) }, 1);
    place.server.plan(FIND, "silence");
    const lookup = await new Job(place, { timeLimit: 15 }).restore();
    assert.ok(lookup.kind === "failed" && /within 15 seconds \(.*\(500\).*broken/.test(lookup.reason), text(lookup));
  });

  test("restoring from GitHub's cache goes on if the service was broken once", async () => {
    const place = await warmPlace();
    place.server.plan(FIND, { answer: json(500, { code: "internal", msg: "broken" }) }, 1);
    const job = new Job(place);
    assert.deepEqual(await job.restore(), { kind: "restored", key: KEY });
    assert.deepEqual(readFileSync(join(job.folder, "restored", "archive")), CONTENT);
  });

  for (const azure of [true, false]) {
    test(`restoring from GitHub's cache fails if the connection is cut in the midst of each download (${azure ? "Azure's SDK" : "another host"})`, async () => {
      const place = await warmPlace({ azure });
      place.server.plan(/^GET/, "hang-up");
      const lookup = await new Job(place, { timeLimit: 10 }).restore();
      assert.equal(lookup.kind, "failed", text(lookup));
    });
  }

  test("restoring from GitHub's cache fails if the signed URL has expired, or its target is gone", async () => {
    const place = await warmPlace();
    place.server.plan(/^HEAD/, { answer: { status: 403, headers: { "x-ms-error-code": "AuthenticationFailed" } } }, 1);
    const expired = await new Job(place).restore();
    assert.equal(expired.kind, "failed", text(expired));
    place.blobs.remove("caches/1");
    const gone = await new Job(place).restore();
    assert.equal(gone.kind, "failed", text(gone));
  });
});

suite("keeping in GitHub's cache", AT_ONCE, () => {
  test("keeping in GitHub's cache fails with the service's reason, and asks once", async () => {
    for (const [answer, reason] of REFUSALS) {
      const place = await openCachePlace();
      place.server.plan(CREATE, { answer });
      const keeping = await new Job(place).keep();
      assert.ok(keeping.kind === "failed" && reason.test(keeping.reason), text(keeping));
      assert.equal(place.server.requests.length, 1);
    }
  });

  test("keeping in GitHub's cache is refused if the token or the runner's mode does not allow it", async () => {
    const place = await openCachePlace();
    const byToken = await new Job(place, { scopes: pullRequestScopes(1, READ) }).keep();
    assert.deepEqual(byToken, { kind: "refused", reason: "cache write denied: token has no writable scopes" });
    const byMode = await new Job(place, { env: { ACTIONS_CACHE_MODE: "read" } }).keep();
    assert.deepEqual(byMode, { kind: "refused", reason: "the effective cache-mode 'read' does not permit writes" });
    assert.equal(place.server.requests.length, 1);
  });

  test("keeping in GitHub's cache gives up on a service that is broken, or silent", async () => {
    const place = await openCachePlace();
    place.server.plan(/^PUT/, "silence");
    const keeping = await new Job(place, { timeLimit: 4 }).keep();
    assert.deepEqual(keeping, { kind: "failed", reason: "no answer within 4 seconds" });
    assert.deepEqual(await new Job(place).restore(), { kind: "none" });
  });

  test("saving to GitHub's cache fails if each upload is cut off, and no later run gets a partial build", async () => {
    const place = await openCachePlace();
    place.server.plan(/^PUT/, "hang-up");
    const keeping = await new Job(place, { timeLimit: 15 }).keep();
    assert.equal(keeping.kind, "failed", text(keeping));
    assert.deepEqual(await new Job(place).restore(), { kind: "none" });
    // The service keeps the name of the upload that never arrived, like GitHub's.
    assert.equal((await new Job(place).keep()).kind, "exists");
  });

  test("keeping in GitHub's cache fails if the upload is not taken in the end", async () => {
    const place = await openCachePlace();
    place.server.plan(FINALIZE, { answer: json(200, { ok: false, message: "over the limit" }) });
    assert.deepEqual(await new Job(place).keep(), { kind: "failed", reason: "over the limit" });
    assert.deepEqual(await new Job(place).restore(), { kind: "none" });
  });

  test("keeping in GitHub's cache succeeds for one of two jobs that come at once", async () => {
    const place = await openCachePlace();
    const kinds = (await Promise.all([new Job(place).keep(), new Job(place).keep()])).map(({ kind }) => kind);
    assert.deepEqual(kinds.sort(), ["exists", "kept"]);
    assert.deepEqual(await new Job(place).restore(), { kind: "restored", key: KEY });
  });
});

suite("the walls of GitHub's cache", AT_ONCE, () => {
  const restoredBy = async (place: CachePlace, scopes: readonly Scope[]): Promise<string> =>
    (await new Job(place, { scopes }).restore()).kind;

  test("builds that the default branch saves in GitHub's cache are for all, those of a pull request only for itself", async () => {
    const place = await openCachePlace();
    await new Job(place, { scopes: pullRequestScopes(1) }).keep();
    assert.equal(await restoredBy(place, MAIN_SCOPES), "none");
    assert.equal(await restoredBy(place, pullRequestScopes(2)), "none");
    assert.equal(await restoredBy(place, pullRequestScopes(1)), "restored");
    await new Job(place).keep();
    assert.equal(await restoredBy(place, pullRequestScopes(2, READ)), "restored");
  });
});

suite("a cache that returns wrong content", AT_ONCE, () => {
  /** The outcome if the cache has an archive of this folder. */
  async function lookAt(folder: string, ...names: readonly string[]): Promise<BuildLookup> {
    const place = await openCachePlace();
    place.put(`${KEY}.`, tar(folder, ...names));
    return await new Job(place).restore();
  }

  test("a build is rejected if the cache returns other bytes", async () => {
    const place = await warmPlace();
    for (const content of ["<html>502</html>", "", place.blobs.content("caches/1")?.subarray(0, 1_000_000) ?? ""]) {
      place.blobs.put("caches/1", content);
      const lookup = await new Job(place).restore();
      assert.equal(lookup.kind, "failed", text(lookup));
    }
  });

  test("a build that the cache returns under another key is rejected", async () => {
    const place = await warmPlace();
    const signed_download_url = place.blobs.signedUrl("caches/1", "r");
    for (const matched_key of ["build-b-1.", "build-a-1", "", "../../build-a-1."]) {
      place.server.plan(FIND, { answer: json(200, { ok: true, signed_download_url, matched_key }) }, 1);
      const lookup = await new Job(place).restore();
      assert.ok(lookup.kind === "failed" && /was not requested/.test(lookup.reason), text(lookup));
    }
  });

  test("a build is rejected if the cache returns no file of ours, and nothing of it is written elsewhere", async () => {
    const [folder, victim] = [temporaryFolder(), temporaryFolder()];
    mkdirSync(join(folder, "inner"));
    writeFileSync(join(folder, "other"), "x");
    writeFileSync(join(folder, "inner", "build.tar.zst"), "x");
    symlinkSync(victim, join(folder, "build.tar.zst"));
    const planted = join(victim, "planted");
    writeFileSync(planted, "mine");
    const absolute = ["--transform", `s,^other$,${planted},`, "other"];
    const upwards = ["--transform", "s,^other$,../../../planted,", "other"];
    const archives = [["other"], ["inner/build.tar.zst"], ["build.tar.zst"], absolute, upwards];
    for (const lookup of await Promise.all(archives.map((names) => lookAt(folder, ...names)))) {
      assert.ok(lookup.kind === "failed" && /contains no build/.test(lookup.reason), text(lookup));
    }
    assert.equal(readFileSync(planted, "utf8"), "mine");
  });
});
