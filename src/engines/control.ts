import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as v from "valibot";
import type { RunContext } from "./job.ts";

/** The number of the descriptor on which a worker speaks, beside the three usual ones. */
export const CONTROL = 3;

/** Seconds. A worker ends with the last test file, or when the check does; each test file has a limit of its own. */
export const WORKER_LIMIT = 20 * 24 * 3600;

/** Of Linux (proc(5), pid_max). */
const MAX_PID = 2 ** 22;

/** Of a process that can be killed by its number: 0 and 1 would mean many. */
const Pid = v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(MAX_PID));

/** What a worker says. A test can write into its pipe, too. */
const MessageSchema = v.variant("event", [
  v.object({ event: v.literal("free-lists") }),
  v.object({ event: v.literal("ready"), pid: Pid, workerKilobytes: v.number() }),
  v.object({ event: v.literal("start"), name: v.string(), pid: Pid }),
  v.object({
    event: v.literal("end"),
    name: v.string(),
    pid: Pid,
    exit: v.nullable(v.number()),
    signal: v.nullable(v.number()),
    seconds: v.number(),
    /** Seconds of the child, and of those that it waited for. */
    cpu: v.number(),
    workerKilobytes: v.number(),
  }),
]);

export type Message = v.InferOutput<typeof MessageSchema>;

/** How the checked interpreter becomes a worker that keeps its reports and the tests' logs in a folder. */
export function serveArgs(runContext: RunContext, folder: string): string[] {
  const places = ["--reports", folder, "--logs", join(folder, "logs")];
  const options = ["--leak-check-per", runContext.leakCheckPer, "--python-stacks", runContext.pythonStacks ? "12" : "0"];
  return [runContext.python.probe.runner, "serve", "--control", `${CONTROL}`, ...places, ...options];
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
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), MessageSchema), line.value);
    return parsed.success ? parsed.output : undefined;
  }
}
