// The cache of a repository, and the jobs that have it.
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { FILE } from "../../../src/hosts/github/cache-answer.ts";
import { Blobs } from "./blobs.ts";
import { CacheService } from "./cache-service.ts";
import { MAIN_SCOPES, runtimeToken, type Scope } from "./runtime-token.ts";
import { LoopbackServer } from "./server.ts";

export interface CachePlace {
  readonly server: LoopbackServer;
  readonly blobs: Blobs;
  readonly caches: CacheService;
  /** Adds an archive to the default branch's cache, as if a job there had saved it. */
  put(key: string, archive: Uint8Array): void;
  /** What the runner gives to a job of these scopes. */
  env(scopes?: readonly Scope[]): Record<string, string>;
}

const COMPILE_CACHE = join(tmpdir(), "cpython-memcheck-compile-cache");

/** The version that @actions/cache computes from a cache's paths, its compression and its own version. */
const VERSION = createHash("sha256").update(`${FILE}|zstd-without-long|1.0`).digest("hex");

/** Where signed URLs lead on GitHub. */
export const AZURE = "http://account.blob.core.windows.net";

/** What the runner gives to a job of these scopes. The server is its proxy, too. */
export function jobEnvironment(server: LoopbackServer, scopes: readonly Scope[] = MAIN_SCOPES): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    // Loading the toolkit takes most of its time in a test.
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    ACTIONS_RESULTS_URL: `${server.url}/`,
    ACTIONS_CACHE_SERVICE_V2: "True",
    ACTIONS_RUNTIME_TOKEN: runtimeToken({ run: "run", job: "job", scopes }),
    http_proxy: server.url,
    no_proxy: "127.0.0.1",
  };
}

/** On a server that is closed after the tests of the file. The toolkit downloads from the host of GitHub's blobs by Azure's SDK. */
export async function openCachePlace({ azure = true } = {}): Promise<CachePlace> {
  const server = await LoopbackServer.start();
  after(() => server.close());
  const blobs = new Blobs(server);
  if (azure) blobs.base = AZURE;
  const caches = new CacheService(server, blobs);
  const env = (scopes?: readonly Scope[]): Record<string, string> => jobEnvironment(server, scopes);
  const put = (key: string, archive: Uint8Array): void => {
    blobs.put(caches.add({ scope: "refs/heads/main", key, version: VERSION, isFinal: true }).path, archive);
  };
  return { server, blobs, caches, put, env };
}
