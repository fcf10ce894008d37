import type { EngineName } from "../model/engine-name.ts";
import type { Incomplete, Proof, ReportFault } from "../model/incomplete.ts";
import type { EngineEvent } from "../model/memory-error.ts";
import type { ProcessHandle } from "../system/processes.ts";
import type { Job } from "./job.ts";

/** Whether an engine's report of one process was read completely; if not, what is wrong with it. */
export type Ending = { readonly complete: true } | IncompleteEnding;

interface IncompleteEnding {
  readonly complete: false;
  readonly fault: Extract<Incomplete, ReportFault | { code: "child-report-damaged" }>;
  /** Set if the report ends early, between two entries, and everything before was read: the process was killed, or called exec. */
  readonly stopsEarly?: true;
}

/** A way to watch test files: how its interpreter starts, and what it writes for each process. */
export interface Engine {
  readonly name: EngineName;
  /** Name for use in sentences: `memcheck`, `the leak sanitizer`. */
  readonly title: string;
  /** The planted errors that it must report. */
  readonly proof: readonly Proof[];
  /** Each process has a report named `NUMBER.SUFFIX` in the worker's folder. */
  readonly suffix: string;
  /** Starts `runner.py serve` with descriptor 3 as its control pipe, and its output in the descriptor `output`. */
  start(job: Pick<Job, "cwd" | "env">, folder: string, output: number): ProcessHandle;
  /** The events of a report, in order. Never throws for any content. */
  read(path: string): AsyncGenerator<EngineEvent, Ending>;
  /** Collects other files that the test file's process left beside its report. */
  finished?(process: { readonly test: string; readonly folder: string; readonly pid: number }): Promise<void>;
  /** Why an interpreter did not start and what can be done, if its folder has that information. */
  whyNotStarted(folder: string): Promise<string | undefined>;
}
