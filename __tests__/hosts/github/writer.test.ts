import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { GitHubWriter, WritingError } from "../../../src/hosts/github/writer.ts";

/** What came in, and what is answered: the status that the path names. */
const asked: string[] = [];
const server = createServer(async (request, response) => {
  const body = (await request.toArray()).join("");
  asked.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
  if (request.url === "/api/v3/hangup") return void request.socket.destroy();
  response.writeHead(Number(/\d{3}$/.exec(request.url ?? "")?.[0] ?? 200), { "content-type": "application/json" });
  response.end(JSON.stringify({ message: "what it says", id: 7 }));
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
after(() => server.close());
const writer = new GitHubWriter(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`, "secret");

test("a writer sends JSON with the token, once, and returns the answer", async () => {
  assert.deepEqual(await writer.request("POST", "/repos/o/r/check-runs", { name: "x" }), { message: "what it says", id: 7 });
  assert.deepEqual(asked.splice(0), ['POST /api/v3/repos/o/r/check-runs Bearer secret {"name":"x"}']);
});

test("a writer reaches GraphQL beside the REST API's root", async () => {
  await writer.request("POST", "/../graphql", { query: "{ viewer { login } }" });
  assert.match(asked.splice(0)[0] ?? "", /^POST \/api\/graphql /);
});

test("a writer reports a refusal with its status and GitHub's message, and does not retry", async () => {
  for (const status of [401, 403, 404, 422, 500]) {
    await assert.rejects(writer.request("PATCH", `/x/${status}`, {}), (error) => {
      return error instanceof WritingError && error.status === status && error.message === `GitHub answered ${status}: what it says`;
    });
  }
  assert.equal(asked.splice(0).length, 5);
  await assert.rejects(writer.request("POST", "/hangup", {}), /hang up|ECONNRESET/);
  assert.equal(asked.splice(0).length, 1);
});
