import type { IncomingHttpHeaders } from "node:http";
import { HttpClient } from "@actions/http-client";
import * as v from "valibot";
import type { Note } from "../../model/note.ts";
import { messageOf } from "../../model/user-error.ts";
import { meantBy } from "./rate-limit.ts";

/** Writes to GitHub's REST API with the job's token. */
export interface Writer {
  /**
   * @param path below the API's root, `/repos/owner/name/…`
   * @throws WritingError if GitHub refuses, any other Error if it does not answer.
   */
  request(method: "GET" | "POST" | "PATCH", path: string, body?: unknown): Promise<unknown>;
}

export class WritingError extends Error {
  override readonly name = "WritingError";
  /** 429 for all limits of requests. */
  readonly status: number;

  constructor(status: number, said: string, headers: IncomingHttpHeaders = {}) {
    super(`GitHub answered ${status}${said === "" ? "" : `: ${said.slice(0, 200)}`}`);
    this.status = meantBy(status, headers, said);
  }
}

const RefusalSchema = v.pipe(v.string(), v.parseJson(), v.object({ message: v.string() }));

/** Each request is sent once: after a lost answer, a retry could write twice. */
export class GitHubWriter implements Writer {
  readonly #url: string;
  readonly #client: HttpClient;

  /** @param url `https://api.github.com` */
  constructor(url: string, token: string) {
    this.#url = url;
    const headers = { accept: "application/vnd.github+json", authorization: `Bearer ${token}`, "x-github-api-version": "2022-11-28" };
    this.#client = new HttpClient("cpython-memcheck", [], { headers, allowRedirects: false, allowRetries: false, socketTimeout: 30_000 });
  }

  async request(method: "GET" | "POST" | "PATCH", path: string, body?: unknown): Promise<unknown> {
    const data = body === undefined ? null : JSON.stringify(body);
    const response = await this.#client.request(method, `${this.#url}${path}`, data, { "content-type": "application/json" });
    const text = await response.readBody();
    const status = response.message.statusCode ?? 0;
    if (status >= 200 && status < 300) return text === "" ? undefined : JSON.parse(text);
    const refusal = v.safeParse(RefusalSchema, text);
    throw new WritingError(status, refusal.success ? refusal.output.message : "", response.message.headers);
  }
}

/** Undefined if the input `token` is empty. */
export function openWriter(token: string | undefined, env: NodeJS.ProcessEnv): Writer | undefined {
  return token ? new GitHubWriter(env.GITHUB_API_URL || "https://api.github.com", token) : undefined;
}

/** Why something was not created. GitHub answers 404 for what a token can't see, and 403 also for a comment in a locked conversation. */
export function refusalOf(permission: string, error: unknown): Extract<Note, { code: "not-published" }>["why"] {
  const detail = messageOf(error);
  const isRefused = error instanceof WritingError && [401, 403, 404].includes(error.status) && !/ is locked\b/.test(detail);
  return isRefused ? { code: "refused", permission, detail } : { code: "failed", detail };
}
