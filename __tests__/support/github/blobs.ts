// Block blobs as Azure's SDK in the toolkit uses them. `npm run test:azurite` compares the answers with those of Azurite.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Answer, Asked, LoopbackServer } from "./server.ts";

interface Blob {
  readonly content: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly modified: Date;
}

/** What a signed URL allows: `r`ead, `w`rite. */
export type Permission = "r" | "w";

/** What a service needs to know about the place of its blobs. */
export interface BlobStore {
  /** A URL for one blob of a container. */
  signedUrl(path: string, permission: Permission): string;
  /** In bytes; undefined if there is no such blob. */
  size(path: string): number | undefined | Promise<number | undefined>;
}

const VERSION = "2026-02-06";

/** The account's name is the first part of a path, as on every host that is an address. */
const ACCOUNT = "/account";

export class Blobs implements BlobStore {
  readonly #blobs = new Map<string, Blob>();
  /** Blocks that no list has named yet, by the blob's path. */
  readonly #uncommitted = new Map<string, Map<string, Buffer>>();
  readonly #signatures = new Map<string, { readonly path: string; readonly permission: Permission }>();
  /** Where the signed URLs lead. By default to the server; another host has to be reached by taking the server for a proxy. */
  base: string;

  constructor(server: LoopbackServer) {
    this.base = `${server.url}${ACCOUNT}`;
    server.add((asked) => this.#serve(asked));
  }

  /** It works until it is revoked. */
  signedUrl(path: string, permission: Permission): string {
    const signature = randomBytes(32).toString("base64");
    this.#signatures.set(signature, { path, permission });
    const query = new URLSearchParams({ sv: VERSION, sr: "b", sp: permission, sig: signature });
    return `${this.base}/${path}?${query}`;
  }

  /** As if all URLs signed until now had expired. */
  revoke(): void {
    this.#signatures.clear();
  }

  content(path: string): Buffer | undefined {
    return this.#blobs.get(path)?.content;
  }

  size(path: string): number | undefined {
    return this.content(path)?.length;
  }

  put(path: string, content: Uint8Array | string, type = "application/octet-stream"): Blob {
    const blob = { content: Buffer.from(content), type, etag: `"0x${randomUUID().slice(0, 8).toUpperCase()}"`, modified: new Date() };
    this.#blobs.set(path, blob);
    this.#uncommitted.delete(path);
    return blob;
  }

  remove(path: string): void {
    this.#blobs.delete(path);
  }

  #serve(asked: Asked): Answer | undefined {
    const { pathname, host } = asked.url;
    const isLocal = pathname.startsWith(`${ACCOUNT}/`);
    if (!isLocal && !host.endsWith(".blob.core.windows.net")) return undefined;
    const path = decodeURIComponent(isLocal ? pathname.slice(ACCOUNT.length + 1) : pathname.slice(1));
    const answer = this.#refusal(asked, path) ?? this.#answer(asked, path);
    const headers = { "x-ms-request-id": randomUUID(), "x-ms-version": VERSION, date: new Date().toUTCString() };
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  #refusal({ method, url }: Asked, path: string): Answer | undefined {
    const signed = this.#signatures.get(url.searchParams.get("sig") ?? "");
    if (signed?.path !== path) return failure(403, "AuthenticationFailed");
    const needed: Permission = method === "PUT" ? "w" : "r";
    return signed.permission === needed ? undefined : failure(403, "AuthorizationPermissionMismatch");
  }

  #answer(asked: Asked, path: string): Answer {
    const part = asked.url.searchParams.get("comp");
    switch (`${asked.method} ${part ?? ""}`) {
      case "PUT block":
        return this.#putBlock(asked, path);
      case "PUT blocklist":
        return this.#putBlockList(asked, path);
      case "PUT ":
        return this.#putBlob(asked, path);
      case "GET ":
      case "HEAD ":
        return this.#get(asked, path);
      default:
        return failure(400, "UnsupportedHttpVerb");
    }
  }

  #putBlob({ headers, body }: Asked, path: string): Answer {
    if (headers["x-ms-blob-type"] !== "BlockBlob") return failure(400, "MissingRequiredHeader");
    if (headers["if-none-match"] === "*" && this.#blobs.has(path)) return failure(409, "BlobAlreadyExists");
    return this.#made(path, body, typeOf(headers));
  }

  #putBlock({ url, body }: Asked, path: string): Answer {
    const blocks = this.#uncommitted.get(path) ?? new Map<string, Buffer>();
    this.#uncommitted.set(path, blocks.set(url.searchParams.get("blockid") ?? "", body));
    return { status: 201, headers: { "content-md5": md5(body), "x-ms-request-server-encrypted": "true" } };
  }

  /** A list names the blocks in the order that makes the blob. */
  #putBlockList({ headers, body }: Asked, path: string): Answer {
    const names = [...body.toString().matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map((match) => match[1] ?? "");
    const blocks = names.map((name) => this.#uncommitted.get(path)?.get(name));
    const known = blocks.filter((block) => block !== undefined);
    if (known.length < names.length) return failure(400, "InvalidBlockList");
    return this.#made(path, Buffer.concat(known), typeOf(headers));
  }

  #made(path: string, content: Buffer, type: string | undefined): Answer {
    const { etag, modified } = this.put(path, content, type);
    return { status: 201, headers: { etag, "last-modified": modified.toUTCString(), "x-ms-request-server-encrypted": "true" } };
  }

  #get({ headers }: Asked, path: string): Answer {
    const blob = this.#blobs.get(path);
    if (blob === undefined) return failure(404, "BlobNotFound");
    const ifMatch = headers["if-match"];
    if (ifMatch !== undefined && ifMatch !== blob.etag) return failure(412, "ConditionNotMet");
    return rangeOf(blob, `${headers["x-ms-range"] ?? headers.range ?? ""}`);
  }
}

function typeOf(headers: Asked["headers"]): string | undefined {
  return headers["x-ms-blob-content-type"]?.toString();
}

function rangeOf(blob: Blob, range: string): Answer {
  const { content } = blob;
  const headers = {
    "content-type": blob.type,
    etag: blob.etag,
    "last-modified": blob.modified.toUTCString(),
    "accept-ranges": "bytes",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-lease-state": "available",
    "x-ms-lease-status": "unlocked",
    "x-ms-server-encrypted": "true",
  };
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range);
  if (asked === null) return { status: 200, headers: { ...headers, "content-length": `${content.length}` }, body: content };
  const from = Number(asked[1]);
  const to = Math.min(asked[2] ? Number(asked[2]) : Number.POSITIVE_INFINITY, content.length - 1);
  if (from > to) return failure(416, "InvalidRange", { "content-range": `bytes */${content.length}` });
  const ranged = { ...headers, "content-range": `bytes ${from}-${to}/${content.length}` };
  return { status: 206, headers: ranged, body: content.subarray(from, to + 1) };
}

function failure(status: number, code: string, more: Readonly<Record<string, string>> = {}): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml", "x-ms-error-code": code, ...more }, body };
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("base64");
}
