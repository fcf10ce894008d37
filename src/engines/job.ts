import type { Project } from "../findings/site.ts";
import type { MemoryError } from "../model/memory-error.ts";
import type { Suite } from "../model/suite.ts";
import type { Probe } from "../probe/provide.ts";
import type { Processes } from "../system/processes.ts";

/** One test file, or the user's command, to run. */
export interface Job {
  /** `test_csv`; the command's words for a command. */
  readonly name: string;
  /** What the interpreter gets after the runner's path, where it gets a process of its own. */
  readonly args: readonly string[];
  /** Whether the scan also runs its tests again and again, for references that are never given back. */
  readonly references?: boolean;
  /** Called with each error of the test file as the engine reported it: for evaluations that compare errors in other ways. */
  readonly onError?: (error: MemoryError) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What all runs of a check have in common. */
export interface RunContext {
  readonly python: { readonly path: string; readonly probe: Probe; readonly freeThreaded: boolean; readonly framePointers: boolean };
  readonly project: Project;
  /** Where runs keep what is read of them, and their logs. */
  readonly folder: string;
  /** What runs the tests, where they are not CPython's own. */
  readonly suite?: Suite;
  /** Whether test files run in forked processes; where not given, they do. Else each has an interpreter of its own, which starts anew. */
  readonly forks?: boolean;
  /** How often a live check looks for leaks: after each test file, class or test. */
  readonly leakCheckPer: "file" | "class" | "test";
  /** Seconds that the checks after single tests or classes of one file may take; no limit where not given. */
  readonly leakCheckSeconds?: number;
  /** Whether to tell where Python code allocated what is lost. */
  readonly pythonStacks: boolean;
  /** Further options of regrtest's for every worker: `-m PATTERN`. */
  readonly regrtestArgs?: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  readonly processes: Processes;
}
