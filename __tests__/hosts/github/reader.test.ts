import assert from "node:assert/strict";
import { after, beforeEach, suite, test } from "node:test";
import * as v from "valibot";
import { GitHubReader, ReadingError, TooMuchError } from "../../../src/hosts/github/reader.ts";
import { lookupRemedy } from "../../../src/report/baseline-messages.ts";
import { json, LoopbackServer } from "../../support/github/server.ts";

const server = await LoopbackServer.start();
after(() => server.close());
const storage = await LoopbackServer.start();
after(() => storage.close());
server.add(({ url }) => (url.pathname === "/api/v3/found" ? json(200, { id: 7 }) : undefined));
server.add(({ url }) =>
  url.pathname === "/api/v3/file" ? { status: 302, headers: { location: `${storage.url}/blob?sig=x` } } : undefined,
);
storage.add(() => ({ status: 200, body: "x".repeat(100) }));

const waits: number[] = [];
async function pause(seconds: number): Promise<void> {
  waits.push(seconds);
}
const reader = new GitHubReader(`${server.url}/api/v3`, "secret", { pause });
beforeEach(() => {
  waits.length = 0;
  server.requests.length = 0;
});

const Found = v.object({ id: v.number() });
const answer = (status: number, headers: Record<string, string> = {}) => ({ answer: json(status, { message: "what it says" }, headers) });

/** Fails with this status, or with none. */
function isRefused(status: number | undefined, said: RegExp) {
  return (error: unknown) => error instanceof ReadingError && error.status === status && said.test(error.message);
}

suite("artifacts on GitHub", () => {
  test("an answer of GitHub's is asked for with the token, and read by a schema", async () => {
    assert.deepEqual(await reader.json(Found, "/found"), { id: 7 });
    assert.equal(server.asked.at(-1)?.headers.authorization, "Bearer secret");
  });

  test("an answer of GitHub fails if it does not match the schema, or is not JSON", async () => {
    await assert.rejects(reader.json(v.object({ id: v.string() }), "/found"), isRefused(undefined, /does not match .*: id /));
    server.plan(/found/, { answer: { status: 200, body: "{" } }, 1);
    await assert.rejects(reader.json(Found, "/found"), isRefused(undefined, /does not match/));
  });

  test("a refused request to GitHub is not retried, and the refusal has GitHub's message", async () => {
    for (const status of [401, 403, 404, 410, 422]) {
      server.plan(/found/, answer(status), 1);
      await assert.rejects(reader.json(Found, "/found"), isRefused(status, new RegExp(`^GitHub answered ${status}: what it says$`)));
    }
    assert.equal(server.requests.length, 5);
  });

  test("a request to GitHub is made again when GitHub says to", async () => {
    server.plan(/found/, answer(429, { "retry-after": "3" }), 1);
    server.plan(/found/, answer(403, { "retry-after": "60" }), 1);
    assert.deepEqual(await reader.json(Found, "/found"), { id: 7 });
    assert.deepEqual(waits, [3, 60]);
  });

  test("a request to GitHub is not made again if GitHub says an hour, or does not say when", async () => {
    for (const headers of [{ "retry-after": "3600" }, {}] as Record<string, string>[]) {
      server.plan(/found/, answer(429, headers), 1);
      await assert.rejects(reader.json(Found, "/found"), isRefused(429, /what it says/));
    }
    assert.deepEqual(waits, []);
  });

  test("a request to GitHub is made again when its limit of requests begins anew, if that is soon", async () => {
    const inSeconds = (seconds: number) => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${Date.now() / 1000 + seconds}` });
    server.plan(/found/, answer(403, inSeconds(30)), 1);
    assert.deepEqual(await reader.json(Found, "/found"), { id: 7 });
    assert.ok(waits.length === 1 && Math.abs((waits[0] ?? 0) - 30) < 2, `${waits}`);
    server.plan(/found/, answer(403, inSeconds(-5)), 1);
    assert.deepEqual(await reader.json(Found, "/found"), { id: 7 });
    assert.equal(waits[1], 0);
  });

  test("a limit of requests is not taken for a missing permission of the token", async () => {
    const [hour, now] = [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${Date.now() / 1000 + 3000}` }, { "retry-after": "900" }];
    const secondary = { answer: json(403, { message: "You have exceeded a secondary rate limit." }) };
    for (const refusal of [answer(403, hour), answer(403, now), secondary]) {
      server.plan(/found/, refusal, 1);
      await assert.rejects(reader.json(Found, "/found"), (error) => {
        assert.ok(error instanceof ReadingError);
        assert.match(error.message, /^GitHub answered 403: /);
        assert.match(lookupRemedy(error.failure), /again/);
        return true;
      });
    }
    server.plan(/found/, answer(403, { "x-ratelimit-remaining": "4999" }), 1);
    await assert.rejects(reader.json(Found, "/found"), isRefused(403, /what it says/));
  });

  test("a request to GitHub is made again after a server's failure and after a hang-up, later each time", async () => {
    server.plan(/found/, answer(500), 1);
    server.plan(/found/, "hang-up", 1);
    server.plan(/found/, answer(503, { "retry-after": "9" }), 1);
    assert.deepEqual(await reader.json(Found, "/found"), { id: 7 });
    assert.deepEqual(waits, [1, 2, 9]);
  });

  test("a request to GitHub is abandoned after a few tries", async () => {
    server.plan(/found/, answer(500), 4);
    await assert.rejects(reader.json(Found, "/found"), isRefused(500, /what it says/));
    server.plan(/found/, "hang-up", 4);
    await assert.rejects(reader.json(Found, "/found"), isRefused(undefined, /did not answer: /));
    assert.equal(server.requests.length, 8);
  });
});

test("GitHub is not asked again when the time limit for all requests is exceeded", async () => {
  const hasty = new GitHubReader(`${server.url}/api/v3`, "secret", { pause, patience: 0 });
  server.plan(/found/, answer(500), 1);
  await assert.rejects(hasty.json(Found, "/found"), isRefused(undefined, /took more than 0 seconds/));
  assert.ok(server.requests.length <= 1);
});

test("GitHub may be asked again after a check that took longer than all requests together may take", async () => {
  const patient = new GitHubReader(`${server.url}/api/v3`, "secret", { pause, patience: 0.5 });
  assert.deepEqual(await patient.json(Found, "/found"), { id: 7 });
  await new Promise((done) => setTimeout(done, 600));
  assert.deepEqual(await patient.json(Found, "/found"), { id: 7 });
});

test("GitHub is not asked again when waiting for it exceeds the time limit for all requests", async () => {
  const slow = (): Promise<void> => new Promise((done) => setTimeout(done, 300));
  const hasty = new GitHubReader(`${server.url}/api/v3`, "secret", { pause: slow, patience: 0.5 });
  for (const requests of [1, 2]) {
    server.plan(/found/, answer(500), 1);
    const asked = hasty.json(Found, "/found");
    if (requests === 1) await asked;
    else await assert.rejects(asked, isRefused(undefined, /took more than 0\.5 seconds/));
  }
});

suite("a file", () => {
  test("a file on GitHub is read from where GitHub points to, which never sees the token", async () => {
    assert.equal(Buffer.from(await reader.file("/file", 100)).toString(), "x".repeat(100));
    assert.equal(storage.asked.at(-1)?.headers.authorization, undefined);
  });

  test("a file on GitHub is read again if the storage hangs up in the midst of it", async () => {
    storage.plan(/blob/, "hang-up", 1);
    assert.equal((await reader.file("/file", 100)).length, 100);
  });

  test("a file on GitHub is not read further than asked for", async () => {
    await assert.rejects(reader.file("/file", 99), (error) => error instanceof TooMuchError && /more than 99 bytes/.test(error.message));
  });

  test("a file on GitHub is not looked for if GitHub points to nothing", async () => {
    for (const location of ["", "nowhere", "/relative"]) {
      server.plan(/file/, { answer: { status: 302, headers: location === "" ? {} : { location } } }, 1);
      await assert.rejects(reader.file("/file", 100), isRefused(undefined, /address that can't be read/));
    }
  });
});
