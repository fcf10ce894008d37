import type { ChildCounts } from "./child-counts.ts";
import type { EngineName } from "./engine-name.ts";
import type { Finding } from "./finding.ts";
import type { Incomplete } from "./incomplete.ts";

export type TestStatus = "passed" | "failed" | "skipped" | "timeout" | "crashed" | "stopped";

export interface TestRun {
  readonly name: string;
  readonly engine: EngineName;
  /** The slice of allocation sites that were made to fail ({@link SliceSchema}); absent without a limit. */
  readonly slice?: string;
  readonly status: TestStatus;
  readonly seconds: number;
  /** Why the results of this run can't be used; null if it was watched from start to end. */
  readonly incomplete: Incomplete | null;
  /** Tests that ran and were not skipped; null if unknown. */
  readonly ran: number | null;
  readonly findings: readonly Finding[];
  /** For a command that is checked at exit: leaks that involve no extension, which are not findings. */
  readonly leftByInterpreter?: LeftByInterpreter;
  /** Names of suppressions that hid its errors. */
  readonly suppressed: readonly string[];
  /** The interpreters that its tests started; absent if they are not followed. */
  readonly children?: ChildCounts;
  /** Set if the scan ran its tests more often, to find what grows from run to run: references and kept objects. */
  readonly repeated?: true;
  /** Set if interpreters with their own GIL were running during a leak check. */
  readonly hasRunningInterpreters?: true;
  /** Of a test file that was scanned: its slowest tests. */
  readonly slowTests?: readonly TestTime[];
  /** Time spent besides the tests themselves. */
  readonly costs: Costs;
  /** The log with the test's output; empty if it did not run. */
  readonly log: string;
  /** The last lines of the log, if the run did not end well. Other runs write to the same file. */
  readonly lastWords?: readonly string[];
}

export interface TestTime {
  readonly id: string;
  readonly seconds: number;
}

export interface LeftByInterpreter {
  /** Allocation sites. */
  readonly sites: number;
  readonly blocks: number;
}

/** In seconds: starting the worker (counted for its first test file only), live leak checks (a part of the run), reading the engine's report. */
export interface Costs {
  readonly start: number;
  readonly leakChecks: number;
  readonly reading: number;
}

export const NO_COSTS: Costs = { start: 0, leakChecks: 0, reading: 0 };

/** A run without a report: only this is known. */
export function runWithoutReport(run: Pick<TestRun, "name" | "engine" | "status" | "incomplete"> & Partial<TestRun>): TestRun {
  return { seconds: 0, ran: null, findings: [], suppressed: [], costs: NO_COSTS, log: "", ...run };
}
