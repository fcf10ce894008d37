/** A project's tests, and what runs them: `-m pytest ARGS…`, or `pytest ARGS…`. */
export interface Suite {
  readonly runner: "pytest" | "unittest";
  readonly args: readonly string[];
  /** Whether it is `pytest` and not `-m pytest`: the folder that it runs in is not on Python's path then. */
  readonly isScript?: true;
}

/** A test file that a suite has collected. */
export interface SuiteFile {
  /** As the runner names it: `tests/test_x.py`. */
  readonly name: string;
  readonly tests: number;
}
