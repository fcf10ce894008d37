import type { IncomingMessage } from "node:http";
import { HttpClient, type HttpClientResponse } from "@actions/http-client";
import * as v from "valibot";
import type { LookupFailure } from "../../model/problem.ts";
import { messageOf } from "../../model/user-error.ts";
import { meantBy, secondsToWait } from "./rate-limit.ts";

/** Reads from GitHub's REST API, and from its redirects. */
export interface Reader {
  /** @param path below the API's root, `/repos/owner/name/…` @throws ReadingError, also if the answer does not match the schema. */
  json<Schema extends v.GenericSchema>(schema: Schema, path: string): Promise<v.InferOutput<Schema>>;
  /** Downloads a file that the API redirects to. @throws ReadingError, also if it exceeds `mostBytes`. */
  file(path: string, mostBytes: number): Promise<Uint8Array>;
}

export class ReadingError extends Error {
  override readonly name = "ReadingError";
  /** The HTTP status, 429 for all limits of requests; undefined without a complete answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }

  get failure(): LookupFailure {
    return { code: "no-answer", status: this.status ?? null, detail: this.message };
  }
}

/** There is no such resource, and asking again does not help. */
export class DeadEndError extends ReadingError {
  readonly #failure: LookupFailure;

  constructor(failure: LookupFailure) {
    super(failure.code);
    this.#failure = failure;
  }

  override get failure(): LookupFailure {
    return this.#failure;
  }
}

/** There is more data than the limit. */
export class TooMuchError extends ReadingError {}

const MAX_TRIES = 4;
/** Seconds: the longest wait before a retry; longer waits are not made. */
const MAX_WAIT_S = 60;
/** Seconds for one answer, however slowly it comes. */
const MAX_SECONDS = 120;
/** Seconds for all attempts together. */
const PATIENCE = 600;
/** Bytes. A page of a hundred runs or commits has some hundred thousand. */
const MAX_JSON = 32 * 1024 * 1024;

const RefusalSchema = v.pipe(v.string(), v.parseJson(), v.object({ message: v.string() }));

/** Retries when GitHub says when, or if a server failed or dropped the connection: a few times, and never for long. */
export class GitHubReader implements Reader {
  readonly #url: string;
  readonly #api: HttpClient;
  /** Redirects lead to other hosts, which must not get the token. */
  readonly #storage: HttpClient;
  readonly #pause: (seconds: number) => Promise<void>;
  readonly #patience: number;
  /** Milliseconds. Not from the first request on: hours of tests may run before the last one. */
  #spent = 0;

  /** @param url `https://api.github.com` */
  constructor(url: string, token: string, { pause = pauseFor, patience = PATIENCE } = {}) {
    this.#url = url;
    this.#pause = pause;
    this.#patience = patience;
    const options = { allowRedirects: false, allowRetries: false, socketTimeout: 30_000 };
    const headers = { accept: "application/vnd.github+json", authorization: `Bearer ${token}`, "x-github-api-version": "2022-11-28" };
    this.#api = new HttpClient("cpython-memcheck", [], { ...options, headers });
    this.#storage = new HttpClient("cpython-memcheck", [], options);
  }

  async json<Schema extends v.GenericSchema>(schema: Schema, path: string): Promise<v.InferOutput<Schema>> {
    const { text } = await this.#ask(() => this.#api.get(`${this.#url}${path}`), 200, MAX_JSON);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    if (parsed.success) return parsed.output;
    const [issue] = parsed.issues;
    throw new ReadingError(
      `GitHub's answer does not match its documentation: ${v.getDotPath(issue) ?? "all of it"} (${issue.message.slice(0, 200)})`,
    );
  }

  async file(path: string, mostBytes: number): Promise<Uint8Array> {
    const { message } = await this.#ask(() => this.#api.get(`${this.#url}${path}`), 302, MAX_JSON);
    const place = URL.parse(message.headers.location ?? "");
    if (place === null || (place.protocol !== "https:" && this.#url.startsWith("https:"))) {
      throw new ReadingError("GitHub redirects to an address that can't be read");
    }
    return (await this.#ask(() => this.#storage.get(place.href), 200, mostBytes)).body;
  }

  async #ask(send: () => Promise<HttpClientResponse>, expected: number, mostBytes: number): Promise<Answer> {
    const began = performance.now() - this.#spent;
    try {
      return await this.#askUntil(began + this.#patience * 1000, send, expected, mostBytes);
    } finally {
      this.#spent = performance.now() - began;
    }
  }

  async #askUntil(end: number, send: () => Promise<HttpClientResponse>, expected: number, mostBytes: number): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      if (performance.now() > end) throw new ReadingError(`GitHub took more than ${this.#patience} seconds`);
      const answer = await attempt(send, mostBytes);
      if (!("failure" in answer) && answer.status === expected) return answer;
      const wait = tries < MAX_TRIES ? waitAfter(answer, tries) : undefined;
      if (wait === undefined) throw refusalOf(answer);
      await this.#pause(wait);
    }
  }
}

/** Undefined without a token. */
export function openReader(token: string | undefined, env: NodeJS.ProcessEnv): Reader | undefined {
  return token === undefined ? undefined : new GitHubReader(env.GITHUB_API_URL || "https://api.github.com", token);
}

interface Answer {
  readonly status: number;
  readonly message: IncomingMessage;
  readonly body: Uint8Array;
  readonly text: string;
}

/** No answer, or an incomplete one. */
interface Failure {
  readonly failure: string;
}

async function attempt(send: () => Promise<HttpClientResponse>, mostBytes: number): Promise<Answer | Failure> {
  try {
    const { message } = await send();
    const body = await readBody(message, mostBytes);
    return { status: message.statusCode ?? 0, message, body, text: body.toString("utf8") };
  } catch (error) {
    if (error instanceof TooMuchError) throw error;
    return { failure: messageOf(error) };
  }
}

/** @throws TooMuchError as soon as there are more than `mostBytes`, and stops reading. */
async function readBody(message: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const late = setTimeout(() => message.destroy(new Error(`the answer took more than ${MAX_SECONDS} seconds`)), MAX_SECONDS * 1000);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message) {
      size += chunk.length;
      if (size > mostBytes) throw new TooMuchError(`it has more than ${mostBytes} bytes`);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(late);
    message.destroy();
  }
  return Buffer.concat(chunks);
}

/** Seconds to wait before a retry; undefined if none would help, or none so soon. */
function waitAfter(answer: Answer | Failure, tries: number): number | undefined {
  if ("failure" in answer) return 2 ** (tries - 1);
  const { status, message } = answer;
  const asked = secondsToWait(message.headers) ?? Number.POSITIVE_INFINITY;
  if (status === 429 || status === 403) return asked <= MAX_WAIT_S ? asked : undefined;
  if (status < 500) return undefined;
  return asked <= MAX_WAIT_S ? asked : 2 ** (tries - 1);
}

function refusalOf(answer: Answer | Failure): ReadingError {
  if ("failure" in answer) return new ReadingError(`GitHub did not answer: ${answer.failure}`);
  const { status, message, text } = answer;
  const refusal = v.safeParse(RefusalSchema, text);
  const said = refusal.success ? refusal.output.message : "";
  return new ReadingError(`GitHub answered ${status}${said && `: ${said.slice(0, 200)}`}`, meantBy(status, message.headers, said));
}

function pauseFor(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}
