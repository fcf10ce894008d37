// Compares the fake blobs of the tests (__tests__/support/github/blobs.ts) with those of Azurite, Microsoft's own emulator of Azure's. The real toolkit
// saves and restores a build in both, by the same requests, and some failing requests are sent to both. Prints where the answers differ.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Blobs, type Permission } from "../__tests__/support/github/blobs.ts";
import { AZURE, jobEnvironment } from "../__tests__/support/github/cache-place.ts";
import { CacheService } from "../__tests__/support/github/cache-service.ts";
import { type Answer, type Asked, LoopbackServer } from "../__tests__/support/github/server.ts";
import { BuildCache } from "../src/hosts/github/build-cache.ts";
import { Processes } from "../src/system/processes.ts";
import { AZURITE, CONTAINER, type Place, startAzurite } from "./azurite-place.ts";

/** Bytes: more than the toolkit uploads at once, so that it uploads blocks. */
const SIZE = 130 * 1024 * 1024;

/** The headers that the toolkit reads. Values of the first list differ from request to request. */
const GIVEN = ["date", "etag", "last-modified", "x-ms-request-id", "x-ms-version"];
const EQUAL = ["accept-ranges", "content-range", "x-ms-blob-type", "x-ms-error-code", "x-ms-lease-state", "x-ms-lease-status"];

/** Azurite has other codes than Azure's documentation in place of these, or none. */
const NOT_AS_AZURE = ["AuthenticationFailed", "MissingRequiredHeader"];

interface Exchange {
  /** Method, part and range, which are the same for both. */
  readonly asked: string;
  readonly status: number;
  readonly headers: Headers;
}

/** Forwards requests, and records the answers. */
class Forwarder {
  readonly exchanges: Exchange[] = [];
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  async pass(method: string, path: string, sent: Readonly<Record<string, string>> = {}, body?: Uint8Array): Promise<Answer> {
    const init = {
      method,
      headers: sent,
      ...(body === undefined || method === "GET" || method === "HEAD" ? {} : { body: Buffer.from(body) }),
    };
    const response = await fetch(`${this.#place.base}${path}`, init);
    const part = new URL(path, AZURE).searchParams.get("comp") ?? "";
    const asked = [method, part, sent["x-ms-range"] ?? sent.range ?? ""].filter((word) => word !== "").join(" ");
    this.exchanges.push({ asked, status: response.status, headers: response.headers });
    const hop = new Set(["connection", "keep-alive", "transfer-encoding"]);
    const headers = Object.fromEntries([...response.headers].filter(([name]) => !hop.has(name)));
    return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) };
  }

  serve({ method, url, headers, body }: Asked): Promise<Answer> | undefined {
    if (url.origin !== AZURE) return undefined;
    const ours = new Set(["host", "connection", "content-length", "expect", "accept-encoding", "proxy-connection"]);
    const sent = Object.entries(headers).filter(([name]) => !ours.has(name));
    return this.pass(method, `${url.pathname}${url.search}`, Object.fromEntries(sent.map(([name, value]) => [name, `${value}`])), body);
  }

  /** A signed URL without the address of the server. */
  signed(path: string, permission: Permission): string {
    return this.#place.signedUrl(path, permission).slice(this.#place.base.length);
  }
}

/** Saves a build of several blocks and restores it, as a job does. */
async function keepAndRestore(place: Place, forwarder: Forwarder, content: Buffer): Promise<void> {
  const front = await LoopbackServer.start();
  front.add((asked) => forwarder.serve(asked));
  new CacheService(front, {
    signedUrl: (path, permission) => `${AZURE}${forwarder.signed(path, permission)}`,
    size: (path) => place.size(path),
  });
  const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-azurite-"));
  const archive = join(folder, "archive");
  writeFileSync(archive, content);
  const cache = new BuildCache(0, new Processes(process.env), jobEnvironment(front));
  assert.deepEqual(await cache.keep(archive, "build"), { kind: "kept" });
  assert.deepEqual(await cache.restore(join(folder, "restored"), "build", []), { kind: "restored", key: "build" });
  assert.ok(readFileSync(join(folder, "restored")).equals(content));
  rmSync(folder, { recursive: true });
  await front.close();
}

/** Sends requests that a client sends by mistake or too late, and the two of the toolkit's other client. */
async function askMore(forwarder: Forwarder): Promise<void> {
  const [read, write] = (["r", "w"] as const).map((permission) => forwarder.signed(`${CONTAINER}/1`, permission));
  const [noRead, noWrite] = (["r", "w"] as const).map((permission) => forwarder.signed(`${CONTAINER}/none`, permission));
  const forged = read?.replace(/sig=[^&]+/, `sig=${encodeURIComponent(randomBytes(32).toString("base64"))}`);
  const block = Buffer.from("block");
  const list = Buffer.from('<?xml version="1.0"?><BlockList><Latest>bm9uZQ==</Latest></BlockList>');
  const type = { "x-ms-blob-type": "BlockBlob" };
  await forwarder.pass("GET", `${read}`);
  await forwarder.pass("GET", `${read}`, { range: "bytes=5-9" });
  await forwarder.pass("GET", `${read}`, { "x-ms-range": `bytes=${SIZE * 2}-${SIZE * 2 + 1}` });
  await forwarder.pass("GET", `${read}`, { "if-match": '"0x0"' });
  await forwarder.pass("GET", `${forged}`);
  await forwarder.pass("GET", `${write}`);
  await forwarder.pass("GET", `${noRead}`);
  await forwarder.pass("HEAD", `${noRead}`);
  await forwarder.pass("PUT", `${read}`, type, block);
  await forwarder.pass("PUT", `${write}`, {}, block);
  await forwarder.pass("PUT", `${write}`, { ...type, "if-none-match": "*" }, block);
  await forwarder.pass("PUT", `${noWrite}&comp=blocklist`, {}, list);
  await forwarder.pass("PUT", `${noWrite}`, type, block);
}

const isKnown = (value: unknown): boolean => NOT_AS_AZURE.some((code) => code === value);

function differencesOf(ours: Exchange, theirs: Exchange): readonly string[] {
  const value = (name: string, { headers, status }: Exchange): unknown => (name === "status" ? status : (headers.get(name) ?? "none"));
  const sized = theirs.status < 300 && !theirs.asked.startsWith("PUT") ? ["content-length", "content-type"] : [];
  const unequal = ["status", ...EQUAL, ...sized].filter((name) => value(name, ours) !== value(name, theirs) && !isKnown(value(name, ours)));
  const missing = GIVEN.filter((name) => theirs.headers.has(name) && !ours.headers.has(name));
  return [
    ...unequal.map((name) => `${name}: ${value(name, ours)} here, ${value(name, theirs)} there`),
    ...missing.map((name) => `${name}: not here`),
  ];
}

/** Sorts requests: the toolkit sends them in any order. */
function inOrder(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.toSorted((a, b) => (a.asked < b.asked ? -1 : a.asked > b.asked ? 1 : 0));
}

async function record(place: Place, content: Buffer): Promise<readonly Exchange[]> {
  const forwarder = new Forwarder(place);
  await keepAndRestore(place, forwarder, content);
  const kept = inOrder(forwarder.exchanges.splice(0));
  await askMore(forwarder);
  return [...kept, ...forwarder.exchanges];
}

const content = randomBytes(SIZE);
const own = await LoopbackServer.start();
const blobs = new Blobs(own);
const azurite = await startAzurite();
try {
  const ours = await record(blobs, content);
  const theirs = await record(azurite.place, content);
  assert.deepEqual(
    ours.map(({ asked }) => asked),
    theirs.map(({ asked }) => asked),
  );
  let differing = 0;
  for (const [index, exchange] of ours.entries()) {
    const other = theirs[index];
    const differences = other === undefined ? [] : differencesOf(exchange, other);
    if (differences.length > 0) differing += 1;
    console.log(
      `${exchange.asked} -> ${exchange.status} ${exchange.headers.get("x-ms-error-code") ?? ""} ${differences.join("; ")}`.trimEnd(),
    );
  }
  console.log(`${ours.length} requests; the answers to ${differing} differ from Azurite ${AZURITE}'s.`);
  process.exitCode = differing === 0 ? 0 : 1;
} finally {
  const ended = once(azurite.process, "exit");
  azurite.process.kill();
  await Promise.all([ended, own.close()]);
  rmSync(azurite.folder, { recursive: true, force: true });
}
