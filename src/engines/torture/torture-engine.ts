import type { Slice } from "../../model/slice.ts";
import { serveArgs, WORKER_LIMIT } from "../control.ts";
import type { Engine } from "../engine.ts";
import type { RunContext } from "../job.ts";
import { scanEngine } from "../scan/scan-engine.ts";
import { scanEnvironment } from "../scan/scan-environment.ts";
import { Symbols } from "../scan/symbols.ts";
import { readTortureJournal } from "./torture-journal.ts";
import type { TortureCounts } from "./torture-lines.ts";

/** What the runner is asked for (class Torture in cpython_memcheck_torture.py). */
export interface TortureRequest {
  /** For each test file. What was not tried by then is reported as missing, unless it is a sample. */
  readonly seconds: number;
  /** Where not all allocation sites. */
  readonly slice?: Slice | undefined;
  /** Those that must be on an allocation's stack, by their keys in the record of a build; undefined for all. */
  readonly functions?: readonly string[];
  /** Whether a function of an extension must be: neither the interpreter's nor ours. */
  readonly extensions?: boolean;
  /** Whether what was not tried in time is as if not chosen. */
  readonly sample?: boolean;
}

/** A project's tests are tortured where an extension has a part. */
export const OF_EXTENSIONS = { extensions: true } as const;

/** What was looked at. */
export type TakeSummary = (line: TortureCounts) => void;

/**
 * The scan's process, in which chosen allocations fail.
 * @param preloads the injector, then what the scan preloads
 */
export function tortureEngine(runContext: RunContext, preloads: string, request: TortureRequest, take: TakeSummary): Engine {
  const symbols = new Symbols(runContext.processes);
  const { whyNotStarted } = scanEngine(runContext, { preloads, suppressions: [] });
  return {
    name: "torture",
    title: "torture",
    proof: ["leak"],
    suffix: "jsonl",
    read: (path) => readTortureJournal(path, symbols, take),
    start: (job, folder, output) =>
      runContext.processes.start(runContext.python.path, serveArgs(runContext, folder, ["--scan", "--torture", JSON.stringify(request)]), {
        cwd: job.cwd,
        env: { ...job.env, ...scanEnvironment(preloads, "bare", "fast") },
        stdio: ["pipe", output, output, "pipe"],
        timeout: WORKER_LIMIT,
      }),
    whyNotStarted,
  };
}
