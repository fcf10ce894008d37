// Fuzzes the parsers of untrusted bytes, guided by coverage: `npm run fuzz -- TARGET…|all [--seconds N]`. Prints how often each target ran and how much
// of the program it reached. Failing inputs are stored and printed. Inputs that reached new code are stored for the next run.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "rolldown";
import { instrument } from "../fuzz/instrument.ts";
import type { Result, Task } from "../fuzz/loop.ts";
import { MAX_BYTES } from "../fuzz/mutation.ts";
import { seedsOf } from "../fuzz/seeds.ts";
import { TARGETS } from "../fuzz/targets.ts";

/** Milliseconds after which an input counts as hanging. */
const HANGS = 20_000;

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cpython-memcheck", "fuzz");
const { values, positionals } = parseArgs({ options: { seconds: { type: "string", default: "60" } }, allowPositionals: true });
const names = positionals[0] === "all" ? Object.keys(TARGETS) : positionals;
if (names.length === 0 || names.some((name) => !(name in TARGETS))) {
  console.error(`Targets: all ${Object.keys(TARGETS).join(" ")}`);
  process.exit(2);
}

const program = await bundle();
let found = 0;
for (const name of names) found += await fuzz(name);
process.exitCode = found === 0 ? 0 : 1;

async function bundle(): Promise<Pick<Task, "bundle" | "counters" | "words">> {
  mkdirSync(cache, { recursive: true });
  const { output } = await build({
    input: "fuzz/targets.ts",
    platform: "node",
    write: false,
    output: { format: "esm", codeSplitting: false },
  });
  const code = output[0].code;
  const { text, counters } = instrument(code);
  const path = join(cache, "targets.mjs");
  writeFileSync(path, text);
  const words = [...new Set([...code.matchAll(/"((?:[^"\\\n]){1,24})"/g)].map(([, word = ""]) => word))];
  return { bundle: pathToFileURL(path).href, counters, words };
}

/** Returns the number of failures. */
async function fuzz(target: string): Promise<number> {
  const corpus = join(cache, "corpus", target);
  mkdirSync(corpus, { recursive: true });
  const kept = readdirSync(corpus).map((file) => new Uint8Array(readFileSync(join(corpus, file))));
  const shared = new SharedArrayBuffer(8 + MAX_BYTES);
  const task: Task = { ...program, target, seconds: Number(values.seconds), corpus: [...seedsOf(target), ...kept], shared };
  const began = performance.now();
  const result = await work(task);
  for (const bytes of result.corpus) writeFileSync(join(corpus, nameOf(bytes)), bytes);
  const seconds = Math.round((performance.now() - began) / 1000);
  const outcome = result.found.length === 0 ? "nothing found" : `FOUND ${result.found.length}`;
  console.log(
    `${target}: ${result.executions} executions in ${seconds} s, ${result.reached} places, ${result.corpus.length} inputs kept, ${outcome}`,
  );
  for (const { bytes, stack } of result.found) {
    const path = join(cache, `found-${target}-${nameOf(bytes)}`);
    writeFileSync(path, bytes);
    console.log(`  ${path}\n  ${stack.split("\n").slice(0, 8).join("\n  ")}`);
  }
  return result.found.length;
}

function work(task: Task): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("../fuzz/loop.ts", import.meta.url), { workerData: task });
    const head = new Int32Array(task.shared, 0, 2);
    let last = { executions: -1, time: Date.now() };
    const timer = setInterval(() => {
      const [executions = 0, length = 0] = head;
      if (executions !== last.executions) last = { executions, time: Date.now() };
      if (Date.now() - last.time < HANGS) return;
      void worker.terminate();
      const bytes = new Uint8Array(task.shared, 8).slice(0, length);
      resolve({ executions, reached: 0, corpus: [], found: [{ bytes, stack: "It hangs." }] });
    }, 1000);
    worker.once("message", resolve).once("error", reject);
    worker.once("exit", () => clearInterval(timer));
  });
}

function nameOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
