import type { Slice } from "../../model/slice.ts";
import { serveArgs, WORKER_LIMIT } from "../control.ts";
import type { Engine } from "../engine.ts";
import type { RunContext } from "../job.ts";
import { scanEngine } from "../scan/scan-engine.ts";
import { scanEnvironment } from "../scan/scan-environment.ts";
import { Symbols } from "../scan/symbols.ts";
import { readTortureJournal } from "./torture-journal.ts";
import type { TortureCounts } from "./torture-lines.ts";

/** The runner's parameters (class Torture in cpython_memcheck_torture.py). */
export interface TortureRequest {
  /** Time limit for each test file. Sites that were not tried by then are reported as missing, unless it is a sample. */
  readonly seconds: number;
  /** Absent for all allocation sites. */
  readonly slice?: Slice | undefined;
  /** Functions of which one must be on an allocation's stack, by their keys in the record of a build; undefined for all. */
  readonly functions?: readonly string[];
  /** Whether a function of an extension must be on the stack: not the interpreter's, nor ours. */
  readonly extensions?: boolean;
  /** Whether sites that were not tried in time count as not selected. */
  readonly sample?: boolean;
}

/** A project's tests are tortured where an extension is involved. */
export const OF_EXTENSIONS = { extensions: true } as const;

/** Totals of torture. */
export type TakeSummary = (line: TortureCounts) => void;

/**
 * The scan's process, in which selected allocations fail.
 * @param preloads the injector, then the libraries that the scan preloads
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
