import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Message, parseMessage } from "../probe/protocol.ts";
import type { Job, RunContext } from "./job.ts";

/** The descriptor on which a worker sends messages, after the three standard ones. */
export const CONTROL = 3;

/** Seconds. A worker ends after the last test file, or with the check; each test file has its own limit. */
export const WORKER_LIMIT = 20 * 24 * 3600;

/** The arguments that make the checked interpreter a worker with reports and logs in a folder. `more` are options of an engine. */
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

/** A worker's input: one line for each test file, with strings and constants only (cpython_memcheck_json.py). */
export function orderLine({ name, references = false, leaveOut = [] }: Pick<Job, "name" | "references" | "leaveOut">): string {
  return `${JSON.stringify({ name, references, leaveOut: leaveOut.join("\n"), log: logName(name) })}\n`;
}

/** Name of the log with a test file's output, in the worker's folder of logs. */
export function logName(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, "_").slice(-100);
  const digest = plain === name ? "" : `-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
  return `${plain}${digest}.log`;
}

/** Reads a worker's messages. */
export class ControlPipe {
  readonly #lines: AsyncIterator<string>;

  constructor(pipe: Readable) {
    this.#lines = linesOf(pipe);
  }

  /** Undefined if the pipe is closed, if nothing comes within the given seconds, or for an invalid message. */
  async next(seconds: number): Promise<Message | undefined> {
    const { promise: silence, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), seconds * 1000);
    const line = await Promise.race([this.#lines.next(), silence]);
    clearTimeout(timer);
    if (line === undefined || line.done) return undefined;
    return parseMessage(line.value);
  }
}

/** Characters. The longest message names the test files of a project. */
const MAX_LINE = 16 * 1024 * 1024;

/** Ends with a line that is too long, or when the pipe is closed. Tests are untrusted, and may write to it without end. */
async function* linesOf(pipe: Readable): AsyncGenerator<string> {
  let line = "";
  try {
    for await (const text of pipe.setEncoding("utf8")) {
      const [end = "", ...more] = String(text).split("\n");
      line += end;
      for (const next of more) {
        yield line;
        line = next;
      }
      if (line.length > MAX_LINE) return;
    }
  } catch {
    // A pipe that is destroyed has no more messages, like one that ends.
  }
}
