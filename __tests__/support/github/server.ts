// A server on loopback that answers and fails like GitHub's services. The services are in the other files of this folder.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request, with its whole body. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** Undefined if another service answers the request. */
export type Service = (asked: Asked) => Answer | undefined | Promise<Answer | undefined>;

/**
 * What goes wrong with requests: another answer; the connection is cut within the body of the request or the answer; no answer; the right answer,
 * late by some milliseconds; or the request is carried out, and the answer is lost.
 */
export type Trouble = { readonly answer: Answer } | "hang-up" | "silence" | "lost-answer" | { readonly late: number };

interface Plan {
  readonly pattern: RegExp;
  readonly trouble: Trouble;
  left: number;
}

/** JSON as the services write it. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

export class LoopbackServer {
  /** `METHOD path?query` of all that was asked, in order, also of what went wrong. */
  readonly requests: string[] = [];
  /** The same, with headers and bodies, of all that was received whole. */
  readonly asked: Asked[] = [];
  readonly url: string;
  readonly #server: Server;
  readonly #services: Service[] = [];
  readonly #plans: Plan[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    server.on("request", (request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(`${error}`)));
    });
  }

  static async start(): Promise<LoopbackServer> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new LoopbackServer(server);
  }

  add(service: Service): void {
    this.#services.push(service);
  }

  /** The next `times` requests whose `METHOD path?query` fits get into trouble. What was planned first comes first. */
  plan(pattern: RegExp, trouble: Trouble, times = Number.POSITIVE_INFINITY): void {
    this.#plans.push({ pattern, trouble, left: times });
  }

  /** Ends all planned failures. */
  forget(): void {
    this.#plans.length = 0;
  }

  /** The requests that fit. */
  matching(pattern: RegExp): readonly string[] {
    return this.requests.filter((line) => pattern.test(line));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Whole where the client takes this server for its proxy, so that any host can be played.
    const url = new URL(request.url ?? "/", this.url);
    const line = `${request.method} ${url.pathname}${url.search}`;
    this.requests.push(line);
    const trouble = this.#nextTrouble(line);
    if (trouble === "silence") return;
    if (trouble === "hang-up" && request.method !== "GET" && request.method !== "HEAD") return cutReading(request);
    const asked = { method: request.method ?? "", url, headers: request.headers, body: Buffer.concat(await request.toArray()) };
    this.asked.push(asked);
    if (typeof trouble === "object" && "late" in trouble) await new Promise((done) => setTimeout(done, trouble.late));
    const answer = typeof trouble === "object" && "answer" in trouble ? trouble.answer : await this.#answer(asked);
    if (trouble === "lost-answer") request.socket.destroy();
    else write(response, asked.method, answer, trouble === "hang-up");
  }

  #nextTrouble(line: string): Trouble | undefined {
    const plan = this.#plans.find(({ pattern, left }) => left > 0 && pattern.test(line));
    if (plan !== undefined) plan.left -= 1;
    return plan?.trouble;
  }

  async #answer(asked: Asked): Promise<Answer> {
    for (const service of this.#services) {
      const answer = await service(asked);
      if (answer !== undefined) return answer;
    }
    return json(404, { message: "Not Found" });
  }
}

function cutReading(request: IncomingMessage): void {
  request.once("data", () => request.socket.destroy());
  request.once("end", () => request.socket.destroy());
}

function write(response: ServerResponse, method: string, { status, headers = {}, body = "" }: Answer, cut: boolean): void {
  const bytes = Buffer.from(body);
  const length = method === "HEAD" || status === 204 || status === 304 ? {} : { "content-length": `${bytes.length}` };
  response.writeHead(status, { ...length, ...headers });
  if (!cut) response.end(method === "HEAD" ? undefined : bytes);
  else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}
