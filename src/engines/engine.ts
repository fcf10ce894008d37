import type { EngineName } from "../model/engine-name.ts";
import type { Incomplete, Proof, ReportFault } from "../model/incomplete.ts";
import type { EngineEvent } from "../model/memory-error.ts";
import type { ProcessHandle } from "../system/processes.ts";
import type { Job } from "./job.ts";

/** Whether all was read that an engine wrote for one process; if not, what is wrong with its report. */
export type Ending = { readonly complete: true } | IncompleteEnding;

interface IncompleteEnding {
  readonly complete: false;
  readonly fault: Extract<Incomplete, ReportFault | { code: "child-report-damaged" }>;
  /** Set if the report only stops early, between two entries, and everything before was read: the process was killed, or called exec. */
  readonly stopsEarly?: true;
}

/** A way to watch test files: how its interpreter starts, and what it leaves behind for each process. */
export interface Engine {
  readonly name: EngineName;
  /** As sentences have it: `memcheck`, `the leak sanitizer`. */
  readonly title: string;
  /** The planted errors that it must report. */
  readonly proof: readonly Proof[];
  /** Each process has a report named `NUMBER.SUFFIX` in the worker's folder. */
  readonly suffix: string;
  /** Starts `runner.py serve` with descriptor 3 as its control pipe; what it prints goes into the descriptor `output`. */
  start(job: Pick<Job, "cwd" | "env">, folder: string, output: number): ProcessHandle;
  /** What a report says, in the order in which it was written. Never throws for what the file holds. */
  read(path: string): AsyncGenerator<EngineEvent, Ending>;
  /** Takes what the process of a test file left beside its report. */
  finished?(process: { readonly test: string; readonly folder: string; readonly pid: number }): Promise<void>;
  /** Why an interpreter did not start and what can be done, where it tells in its folder. */
  whyNotStarted(folder: string): Promise<string | undefined>;
}
