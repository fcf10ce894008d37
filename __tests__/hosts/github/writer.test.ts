import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { GitHubWriter, refusalOf, WritingError } from "../../../src/hosts/github/writer.ts";

/** The requests received. The answer has the status that the path names. */
const asked: string[] = [];
const server = createServer(async (request, response) => {
  const body = (await request.toArray()).join("");
  asked.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
  if (request.url === "/api/v3/hangup") return void request.socket.destroy();
  const limits: Record<string, string> = request.url?.includes("limited") ? { "retry-after": "60" } : {};
  response.writeHead(Number(/\d{3}$/.exec(request.url ?? "")?.[0] ?? 200), { "content-type": "application/json", ...limits });
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

test("a writer does not take a limit of requests for a missing permission of the token", async () => {
  const whyOf = async (path: string): Promise<string> =>
    await writer.request("POST", path, {}).then(
      () => "",
      (error: unknown) => refusalOf("checks", error).code,
    );
  assert.deepEqual([await whyOf("/limited/403"), await whyOf("/limited/429"), await whyOf("/x/403")], ["failed", "failed", "refused"]);
});
