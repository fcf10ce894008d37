import type { Project } from "../findings/site.ts";
import type { MemoryError } from "../model/memory-error.ts";
import type { Suite } from "../model/suite.ts";
import type { Probe } from "../probe/provide.ts";
import type { Processes } from "../system/processes.ts";

/** A test file, or the user's command, to run. */
export interface Job {
  /** `test_csv`; the command's words for a command. */
  readonly name: string;
  /** Arguments for the interpreter after the runner's path, if it runs in a separate process. */
  readonly args: readonly string[];
  /** Whether the scan also repeats its tests to find reference leaks. */
  readonly references?: boolean;
  /** Ids of tests to leave out. */
  readonly leaveOut?: readonly string[];
  /** Called with each raw error of the test file: for evaluations that compare errors in other ways. */
  readonly onError?: (error: MemoryError) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The common inputs of all runs of a check. */
export interface RunContext {
  readonly python: { readonly path: string; readonly probe: Probe; readonly freeThreaded: boolean; readonly framePointers: boolean };
  readonly project: Project;
  /** Folder for the runs' reports and logs. */
  readonly folder: string;
  /** The runner of the tests, if they are not CPython's own. */
  readonly suite?: Suite;
  /** Whether test files run in forked processes (default); if not, each starts a new interpreter. */
  readonly forks?: boolean;
  /** How often a live check looks for leaks: after each test file, class or test. */
  readonly leakCheckPer: "file" | "class" | "test";
  /** Time limit in seconds for checks after single tests or classes of one file; no limit if not given. */
  readonly leakCheckSeconds?: number;
  /** Whether to show where Python code allocated lost objects. */
  readonly pythonStacks: boolean;
  /** Additional options for regrtest in every worker: `-m PATTERN`. */
  readonly regrtestArgs?: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  readonly processes: Processes;
}
