// A worker that runs one target for some time, and keeps the inputs that reach new code.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { COUNTERS } from "./instrument.ts";
import { MAX_BYTES, mutate } from "./mutation.ts";
import type { Target } from "./targets.ts";

export interface Task {
  readonly bundle: string;
  readonly counters: number;
  readonly words: readonly string[];
  readonly target: string;
  readonly seconds: number;
  readonly corpus: readonly Uint8Array[];
  /** The number of executions so far, and the length and bytes of the current input. The parent process reads it if an input hangs. */
  readonly shared: SharedArrayBuffer;
}

export interface Result {
  readonly executions: number;
  readonly reached: number;
  readonly corpus: readonly Uint8Array[];
  readonly found: readonly { readonly bytes: Uint8Array; readonly stack: string }[];
}

const MAX_FOUND = 5;

const task = workerData as Task;
const counters = new Uint8Array(task.counters);
Object.assign(globalThis, { [COUNTERS]: counters });
const { TARGETS } = (await import(task.bundle)) as { TARGETS: Readonly<Record<string, Target>> };
parentPort?.postMessage(await run(TARGETS[task.target] ?? (() => undefined)));

/** The failure of an input; undefined if there was none. */
async function attempt(target: Target, bytes: Uint8Array, folder: string): Promise<string | undefined> {
  counters.fill(0);
  try {
    const running = target(bytes, folder);
    if (running !== undefined) await running;
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

async function run(target: Target): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-fuzz-"));
  const seen = new Uint8Array(counters.length);
  const corpus: Uint8Array[] = [];
  const found = new Map<string, Result["found"][number]>();
  const next = inputs(corpus);
  const end = Date.now() + task.seconds * 1000;
  let executions = 0;
  while (executions <= task.corpus.length || (Date.now() < end && found.size < MAX_FOUND)) {
    const bytes = next();
    show(++executions, bytes);
    const stack = await attempt(target, bytes, folder);
    // Keeps one failure for each place in the code.
    if (stack !== undefined) found.set(stack.split("\n").find((line) => /^ +at /.test(line)) ?? stack, { bytes, stack });
    if (isNew(seen)) corpus.push(bytes);
  }
  rmSync(folder, { recursive: true });
  return { executions, reached: seen.reduce((sum, one) => sum + Number(one > 0), 0), corpus, found: [...found.values()] };
}

/** First the existing inputs, then mutations of them, more often of recent ones. */
function inputs(corpus: readonly Uint8Array[]): () => Uint8Array {
  const waiting = [new Uint8Array(0), ...task.corpus];
  const words = task.words.map((word) => Buffer.from(word));
  const draw = (below: number): number => Math.floor(Math.random() * below);
  return () => {
    const late = corpus.length - 1 - draw(Math.min(corpus.length, 50));
    const parent = corpus[draw(2) === 0 ? late : draw(corpus.length)] ?? new Uint8Array(0);
    return (waiting.shift() ?? mutate(parent, corpus, words, draw)).slice(0, MAX_BYTES);
  };
}

function show(executions: number, bytes: Uint8Array): void {
  new Uint8Array(task.shared, 8).set(bytes);
  new Int32Array(task.shared, 0, 2).set([executions, bytes.length]);
}

/** Whether a counter reached a new order of magnitude. */
function isNew(seen: Uint8Array): boolean {
  let result = false;
  for (let index = 0; index < counters.length; index++) {
    const count = counters[index] ?? 0;
    if (count === 0) continue;
    const order = 1 << (31 - Math.clz32(count));
    if (((seen[index] ?? 0) & order) !== 0) continue;
    seen[index] = (seen[index] ?? 0) | order;
    result = true;
  }
  return result;
}
