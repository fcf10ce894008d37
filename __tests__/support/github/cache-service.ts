// The service that keeps caches, version 2: twirp in JSON, the content as blobs.
import * as v from "valibot";
import type { BlobStore } from "./blobs.ts";
import { jobOf, READ, type Scope, WRITE } from "./runtime-token.ts";
import { type Answer, type Asked, json, type LoopbackServer } from "./server.ts";

const PATH = "/twirp/github.actions.results.api.v1.CacheService/";

/** Fields that have their default are left out, as protocol buffers do. */
const RequestSchema = v.object({
  key: v.optional(v.string(), ""),
  restore_keys: v.optional(v.array(v.string()), []),
  version: v.optional(v.string(), ""),
  size_bytes: v.optional(v.union([v.string(), v.number()]), 0),
});
type Request = v.InferOutput<typeof RequestSchema>;

/** A cache, or one that is being uploaded. */
export interface CacheEntry {
  readonly id: number;
  readonly scope: string;
  readonly key: string;
  readonly version: string;
  /** Of its blob. */
  readonly path: string;
  isFinal: boolean;
}

export class CacheService {
  /** Oldest first. */
  readonly entries: CacheEntry[] = [];
  readonly #blobs: BlobStore;

  constructor(server: LoopbackServer, blobs: BlobStore) {
    this.#blobs = blobs;
    server.add((asked) => this.#serve(asked));
  }

  add(entry: Pick<CacheEntry, "scope" | "key" | "version" | "isFinal">): CacheEntry {
    const id = this.entries.length + 1;
    const added = { ...entry, id, path: `caches/${id}` };
    this.entries.push(added);
    return added;
  }

  #serve({ method, url, headers, body }: Asked): Answer | undefined | Promise<Answer> {
    if (method !== "POST" || !url.pathname.startsWith(PATH)) return undefined;
    const job = jobOf(headers.authorization);
    if (job === undefined) return refused(401, "unauthenticated", "invalid token");
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), RequestSchema), body.toString());
    if (!parsed.success) return refused(400, "malformed", "the json request could not be decoded");
    switch (url.pathname.slice(PATH.length)) {
      case "CreateCacheEntry":
        return this.#create(parsed.output, job.scopes);
      case "FinalizeCacheEntryUpload":
        return this.#finalize(parsed.output, job.scopes);
      case "GetCacheEntryDownloadURL":
        return this.#find(parsed.output, job.scopes);
      default:
        return refused(404, "bad_route", "no handler for this path");
    }
  }

  /** An entry is never replaced, not even before its upload has ended. */
  #create({ key, version }: Request, scopes: readonly Scope[]): Answer {
    const scope = writable(scopes);
    if (scope === undefined) return json(200, { ok: false, message: "cache write denied: token has no writable scopes" });
    const same = this.entries.find((entry) => entry.scope === scope && entry.key === key && entry.version === version);
    if (same !== undefined) return refused(409, "already_exists", "cache entry with the same key, version, and scope already exists");
    const { path } = this.add({ scope, key, version, isFinal: false });
    return json(200, { ok: true, signed_upload_url: this.#blobs.signedUrl(path, "w") });
  }

  async #finalize({ key, version, size_bytes }: Request, scopes: readonly Scope[]): Promise<Answer> {
    const scope = writable(scopes);
    const entry = this.entries.find((one) => one.scope === scope && one.key === key && one.version === version && !one.isFinal);
    if (entry === undefined) return refused(404, "not_found", "cache entry not found");
    if ((await this.#blobs.size(entry.path)) !== Number(size_bytes)) return json(200, { ok: false, message: "the sizes differ" });
    entry.isFinal = true;
    return json(200, { ok: true, entry_id: `${entry.id}` });
  }

  #find({ key, restore_keys, version }: Request, scopes: readonly Scope[]): Answer {
    const readable = scopes.filter(({ Permission }) => (Permission & READ) !== 0);
    if (readable.length === 0) return refused(403, "permission_denied", "cache read denied: token has no readable scopes");
    for (const { Scope } of readable) {
      const entries = this.entries.filter((entry) => entry.isFinal && entry.scope === Scope && entry.version === version);
      const found = choose(entries, [key, ...restore_keys]);
      if (found !== undefined) {
        return json(200, { ok: true, signed_download_url: this.#blobs.signedUrl(found.path, "r"), matched_key: found.key });
      }
    }
    return json(200, { ok: false });
  }
}

/** Tries each key, also the first one, as a whole key, then as a prefix of the newest entry's key. */
function choose(entries: readonly CacheEntry[], keys: readonly string[]): CacheEntry | undefined {
  const found = keys.map((key) => entries.find((entry) => entry.key === key) ?? entries.findLast((entry) => entry.key.startsWith(key)));
  return found.find((entry) => entry !== undefined);
}

function writable(scopes: readonly Scope[]): string | undefined {
  return scopes.find(({ Permission }) => (Permission & WRITE) !== 0)?.Scope;
}

/** An error as twirp writes it. */
function refused(status: number, code: string, msg: string): Answer {
  return json(status, { code, msg });
}
