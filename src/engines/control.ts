import { createHash } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type Message, parseMessage } from "../probe/protocol.ts";
import type { Job, RunContext } from "./job.ts";

/** The number of the descriptor on which a worker speaks, beside the three usual ones. */
export const CONTROL = 3;

/** Seconds. A worker ends with the last test file, or when the check does; each test file has a limit of its own. */
export const WORKER_LIMIT = 20 * 24 * 3600;

/** How the checked interpreter becomes a worker that keeps its reports and the tests' logs in a folder. `more` are options of an engine. */
export function serveArgs(runContext: RunContext, folder: string, more: readonly string[] = []): string[] {
  const { python, suite, forks = true, leakCheckPer, leakCheckSeconds, pythonStacks, regrtestArgs = [] } = runContext;
  return [
    ...[python.probe.runner, "serve", "--control", `${CONTROL}`, "--reports", folder, "--logs", join(folder, "logs")],
    ...["--leak-check-per", leakCheckPer, "--python-stacks", pythonStacks ? "12" : "0", ...more],
    ...(leakCheckSeconds === undefined ? [] : ["--leak-check-seconds", `${leakCheckSeconds}`]),
    ...(forks ? [] : ["--no-fork"]),
    ...(suite === undefined ? [] : ["--suite", suite.runner, ...(suite.isScript ? ["--script"] : [])]),
    ...["--", ...(suite?.args ?? regrtestArgs)],
  ];
}

/** What a worker reads: a line for each test file, with strings and constants only (cpython_memcheck_json.py). */
export function orderLine({ name, references = false, leaveOut = [] }: Pick<Job, "name" | "references" | "leaveOut">): string {
  return `${JSON.stringify({ name, references, leaveOut: leaveOut.join("\n"), log: logName(name) })}\n`;
}

/** Of the file, in the worker's folder of logs, for what a test file prints. */
export function logName(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, "_").slice(-100);
  const digest = plain === name ? "" : `-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
  return `${plain}${digest}.log`;
}

/** Reads what a worker says. */
export class ControlPipe {
  readonly #lines: AsyncIterator<string>;

  constructor(pipe: Readable) {
    this.#lines = createInterface({ input: pipe })[Symbol.asyncIterator]();
  }

  /** Undefined when the pipe is closed, when nothing comes in so many seconds, or for what no worker says. */
  async next(seconds: number): Promise<Message | undefined> {
    const { promise: silence, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), seconds * 1000);
    const line = await Promise.race([this.#lines.next(), silence]);
    clearTimeout(timer);
    if (line === undefined || line.done) return undefined;
    return parseMessage(line.value);
  }
}
