// A headless Chromium that is asked by its DevTools protocol, through a pipe. Needs chromium (Debian: apt-get install chromium).
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import * as v from "valibot";

export interface Look {
  /** Pixels of the page; what is on the screen has twice as many. */
  readonly width: number;
  readonly height: number;
  readonly colors: "light" | "dark";
}

const AnswerSchema = v.object({
  id: v.optional(v.number()),
  method: v.optional(v.string()),
  result: v.optional(v.unknown()),
  error: v.optional(v.object({ message: v.string() })),
});

type Answer = v.InferOutput<typeof AnswerSchema>;

/** One page of a browser of its own, which ends with it. */
export class Chromium implements Disposable {
  readonly #process: ChildProcess;
  readonly #profile = mkdtempSync(join(tmpdir(), "cpython-memcheck-chromium-"));
  readonly #input: Writable;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #listeners = new Map<string, () => void>();
  #session: string | undefined;
  #last = 0;
  #text = "";

  constructor() {
    const flags = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", `--user-data-dir=${this.#profile}`];
    this.#process = spawn("chromium", [...flags, "--remote-debugging-pipe"], {
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    const [, , , input, output] = this.#process.stdio;
    this.#input = v.parse(
      v.custom<Writable>((pipe) => pipe !== null && pipe !== undefined),
      input,
    );
    const answers = v.parse(
      v.custom<Readable>((pipe) => pipe !== null && pipe !== undefined),
      output,
    );
    answers.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
  }

  /** Ready to show pages. */
  async start(): Promise<void> {
    const { targetId } = v.parse(v.object({ targetId: v.string() }), await this.#ask("Target.createTarget", { url: "about:blank" }));
    const attached = await this.#ask("Target.attachToTarget", { targetId, flatten: true });
    this.#session = v.parse(v.object({ sessionId: v.string() }), attached).sessionId;
    await this.#ask("Page.enable");
  }

  /** Loads a page and waits until its script has run and it is drawn. */
  async open(url: string, { width, height, colors }: Look): Promise<void> {
    await this.#ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 2, mobile: width < 600 });
    await this.#ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: colors }] });
    const loaded = new Promise<void>((resolve) => this.#listeners.set("Page.loadEventFired", resolve));
    await this.#ask("Page.navigate", { url });
    await loaded;
    await this.evaluate(DRAWN);
  }

  /** The value of an expression in the page, or of the promise that it gives. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = v.parse(
      v.object({ result: v.object({ value: v.optional(v.unknown()) }), exceptionDetails: v.optional(v.unknown()) }),
      answer,
    );
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }

  /** @returns a PNG of what is in sight */
  async screenshot(): Promise<Buffer> {
    const { data } = v.parse(v.object({ data: v.string() }), await this.#ask("Page.captureScreenshot", { format: "png" }));
    return Buffer.from(data, "base64");
  }

  /** Seconds of CPU time that all its processes have used until now: it hardly depends on what else the machine does. */
  cpuSeconds(): number {
    const ticks = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => ticksOf(pid, this.#process.pid));
    return ticks.reduce((sum, own) => sum + own, 0) / TICKS_PER_SECOND;
  }

  [Symbol.dispose](): void {
    if (this.#process.pid !== undefined) process.kill(-this.#process.pid, "SIGKILL");
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #ask(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#last;
    const sessionId = this.#session;
    this.#input.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
    });
  }

  #read(chunk: string): void {
    const parts = (this.#text + chunk).split("\0");
    this.#text = parts.pop() ?? "";
    for (const part of parts) {
      const answer = v.parse(AnswerSchema, JSON.parse(part));
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
      if (answer.method !== undefined) this.#listeners.get(answer.method)?.();
    }
  }
}

/** Linux has no other value on any machine of today. */
const TICKS_PER_SECOND = 100;

/** Of a process that is in the group; 0 for all others. The fields follow the program's name, which may have blanks in it (proc(5)). */
function ticksOf(pid: string, group: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(fields[2]) === group ? Number(fields[11]) + Number(fields[12]) : 0;
  } catch {
    // It has ended since it was listed.
    return 0;
  }
}

/** Two frames: the first may have been begun before. */
export const DRAWN = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))))";
