import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type Message, parseMessage } from "../probe/protocol.ts";
import type { RunContext } from "./job.ts";

/** The number of the descriptor on which a worker speaks, beside the three usual ones. */
export const CONTROL = 3;

/** Seconds. A worker ends with the last test file, or when the check does; each test file has a limit of its own. */
export const WORKER_LIMIT = 20 * 24 * 3600;

/** How the checked interpreter becomes a worker that keeps its reports and the tests' logs in a folder. */
export function serveArgs(runContext: RunContext, folder: string, engineArgs: readonly string[] = []): string[] {
  const places = ["--reports", folder, "--logs", join(folder, "logs")];
  const options = ["--leak-check-per", runContext.leakCheckPer, "--python-stacks", runContext.pythonStacks ? "12" : "0"];
  const { python, regrtestArgs = [] } = runContext;
  const forRegrtest = regrtestArgs.length === 0 ? [] : ["--", ...regrtestArgs];
  return [python.probe.runner, "serve", "--control", `${CONTROL}`, ...places, ...options, ...engineArgs, ...forRegrtest];
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
