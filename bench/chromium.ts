// A headless Chromium, controlled through the DevTools protocol on a pipe. Needs chromium (Debian: apt-get install chromium).
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import * as v from "valibot";

export interface Look {
  /** In CSS pixels; a screenshot has twice as many. */
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

/** One page in a separate browser process, which is killed on disposal. */
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

  /** Opens the page. Call it once, before all other methods. */
  async start(): Promise<void> {
    const { targetId } = v.parse(v.object({ targetId: v.string() }), await this.#ask("Target.createTarget", { url: "about:blank" }));
    const attached = await this.#ask("Target.attachToTarget", { targetId, flatten: true });
    this.#session = v.parse(v.object({ sessionId: v.string() }), attached).sessionId;
    await this.#ask("Page.enable");
  }

  /** Loads a page, and waits until its script has run and the browser has drawn it. */
  async open(url: string, { width, height, colors }: Look): Promise<void> {
    await this.#ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 2, mobile: width < 600 });
    await this.#ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: colors }] });
    const loaded = new Promise<void>((resolve) => this.#listeners.set("Page.loadEventFired", resolve));
    await this.#ask("Page.navigate", { url });
    await loaded;
    await this.evaluate(DRAWN);
  }

  /** Evaluates a JavaScript expression in the page and awaits its result. @throws Error if the expression throws */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = v.parse(
      v.object({ result: v.object({ value: v.optional(v.unknown()) }), exceptionDetails: v.optional(v.unknown()) }),
      answer,
    );
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }

  /** @returns a PNG of the visible part of the page */
  async screenshot(): Promise<Buffer> {
    const { data } = v.parse(v.object({ data: v.string() }), await this.#ask("Page.captureScreenshot", { format: "png" }));
    return Buffer.from(data, "base64");
  }

  /** CPU seconds of all browser processes so far. Other load on the machine hardly changes them. */
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

/** USER_HZ, which is 100 on all current Linux systems. */
const TICKS_PER_SECOND = 100;

/** CPU ticks of a process in the group; 0 for all other processes. The fields follow the program's name, which may contain blanks (proc(5)). */
function ticksOf(pid: string, group: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(fields[2]) === group ? Number(fields[11]) + Number(fields[12]) : 0;
  } catch {
    // The process has ended since it was listed.
    return 0;
  }
}

/** Waits for two frames, because the browser may already have begun the first one. */
export const DRAWN = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))))";
