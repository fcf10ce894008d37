/** A project's tests and their runner: `-m pytest ARGS…`, or `pytest ARGS…`. */
export interface Suite {
  readonly runner: "pytest" | "unittest";
  readonly args: readonly string[];
  /** Whether it is `pytest` and not `-m pytest`: then the current folder is not on Python's path. */
  readonly isScript?: true;
}

/** A test file that a suite has collected. */
export interface SuiteFile {
  /** Its path from the folder in which the command runs: `tests/test_x.py`. Files elsewhere have the runner's own name. */
  readonly name: string;
  readonly tests: number;
}
