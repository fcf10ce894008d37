import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LeakSuppression } from "../../findings/suppression-file.ts";
import { serveArgs, WORKER_LIMIT } from "../control.ts";
import type { Engine } from "../engine.ts";
import type { RunContext } from "../job.ts";
import type { SelfTest } from "../self-test.ts";
import type { FootprintRecorder } from "./footprint-recorder.ts";
import { readJournal } from "./journal.ts";
import { joinPreloads, MAX_FRAMES, scanEnvironment, type Unwinder } from "./scan-environment.ts";
import { suppressionFor } from "./suppressions.ts";
import { Symbols } from "./symbols.ts";

function titleOf({ python }: Pick<RunContext, "python">): string {
  return python.freeThreaded ? "the leak marker" : "the leak sanitizer";
}

export interface ScanOptions {
  /** The leak sanitizer's runtime and the libraries to preload before it; or the marker. */
  readonly preloads: string;
  readonly suppressions: readonly LeakSuppression[];
  /** Whether interpreters that tests start are checked, too: then the probe's `children` is preloaded first. */
  readonly children?: boolean;
  /** Records which functions the test files run. */
  readonly recorder?: FootprintRecorder | undefined;
}

/** The same build with the leak sanitizer's runtime preloaded: leaks only, at close to native speed. */
export function scanEngine(runContext: RunContext, { preloads, suppressions, children = false, recorder }: ScanOptions): Engine {
  const all = recorder === undefined ? preloads : `${joinPreloads(runContext.python.probe.footprint)}:${preloads}`;
  const symbols = new Symbols(runContext.processes);
  const unwinder = unwinderOf(runContext);
  return {
    name: "scan",
    title: titleOf(runContext),
    proof: ["leak"],
    suffix: "jsonl",
    read: (path) => readJournal(path, symbols, (error) => suppressionFor(error, suppressions), MAX_FRAMES[unwinder]),
    start: (job, folder, output) =>
      runContext.processes.start(runContext.python.path, serveArgs(runContext, folder, children ? ["--scan", "--children"] : ["--scan"]), {
        cwd: job.cwd,
        env: { ...job.env, ...scanEnvironment(all, "bare", unwinder, runContext.pythonStacks), ...recorder?.environment(folder) },
        stdio: ["pipe", output, output, "pipe"],
        timeout: WORKER_LIMIT,
      }),
    ...(recorder === undefined ? {} : { finished: (process) => recorder.take(process) }),
    whyNotStarted,
  };
}

/** @param runtime the path of the leak sanitizer's runtime, or of the marker. */
export function scanSelfTest(runContext: RunContext, preloads: string, env: Readonly<Record<string, string>>, runtime: string): SelfTest {
  return {
    engine: { name: "scan", title: titleOf(runContext) },
    tool: createHash("sha256").update(readFileSync(runtime)).digest("hex").slice(0, 16),
    whyNotStarted,
    remedy: "To check without the scan, use `scan: none`.",
    run: (script, folder) =>
      runContext.processes.run(runContext.python.path, [script, "scan", folder], {
        cwd: folder,
        env: { ...env, ...scanEnvironment(preloads, "bare", unwinderOf(runContext)) },
        timeout: SELF_TEST_LIMIT,
      }),
  };
}

/** Options that depend on the checked interpreter. */
export function unwinderOf({ python }: Pick<RunContext, "python">): Unwinder {
  if (python.freeThreaded) return python.framePointers ? "marker" : "slow marker";
  return python.framePointers ? "fast" : "slow";
}

/** Seconds. It takes less than one on two cores. */
const SELF_TEST_LIMIT = 120;

/** When the runtime gives up, its message is in the report's place. */
async function whyNotStarted(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder)).filter((name) => /\.(leaks|log)$/.test(name));
  const words = (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
  if (/LeakSanitizer has encountered a fatal error|failed to (attach|stop)|under ptrace/i.test(words))
    return "it is not allowed to use ptrace. Start the container with `--cap-add=SYS_PTRACE`, or use `scan: none`.";
  if (/cannot be preloaded/.test(words)) return "its runtime cannot be preloaded into this build. Use `scan: none`.";
  return undefined;
}
