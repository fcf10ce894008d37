import type { Finding } from "../findings/finding.ts";
import type { Project } from "../findings/site.ts";
import type { Probe } from "../probe/provide.ts";
import type { Processes } from "../system/processes.ts";
import type { EngineName } from "./engine.ts";
import type { TestStatus } from "./outcome.ts";

/** One test file, or the user's command, to run. */
export interface Job {
  /** `test_csv`; the command's words for a command. */
  readonly name: string;
  /** What the interpreter gets after the runner's path, where it gets a process of its own. */
  readonly args: readonly string[];
  /** Whether the scan also runs its tests again and again, for references that are never given back. */
  readonly references?: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface TestRun {
  readonly name: string;
  readonly engine: EngineName;
  readonly status: TestStatus;
  readonly seconds: number;
  /** Why nothing can be concluded from this run; null for one that was watched from start to end. */
  readonly incomplete: string | null;
  /** Code for `incomplete`; null exactly if that is. */
  readonly cause: string | null;
  /** Tests that ran and were not skipped; null if unknown. */
  readonly ran: number | null;
  readonly findings: readonly Finding[];
  /** Names of suppressions that hid errors of it. */
  readonly suppressed: readonly string[];
  /** Where time went beside the tests themselves. */
  readonly costs: Costs;
  /** The file with what the test printed; empty where it did not run. */
  readonly log: string;
  /** The last lines of that, where the run did not end well. Other runs write to the same file. */
  readonly lastWords?: readonly string[];
}

/** In seconds: starting the worker (counted for its first test file only), live leak checks (a part of the run), reading the engine's report. */
export interface Costs {
  readonly start: number;
  readonly leakChecks: number;
  readonly reading: number;
}

export const NO_COSTS: Costs = { start: 0, leakChecks: 0, reading: 0 };

/** What all runs of a check have in common. */
export interface RunContext {
  readonly python: { readonly path: string; readonly probe: Probe };
  readonly project: Project;
  /** Where runs keep what is read of them, and their logs. */
  readonly folder: string;
  /** How often a live check looks for leaks: after each test file, class or test. */
  readonly leakCheckPer: "file" | "class" | "test";
  /** Whether to tell where Python code allocated what is lost. */
  readonly pythonStacks: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly processes: Processes;
}
