import type { Finding } from "../src/model/finding.ts";

interface KnownLeak {
  /** The test file, without the package `test.`; not given if any test file may show it. */
  readonly test?: string;
  /** A function on its stack. */
  readonly function: string;
  /** Why it is a true leak, by reading CPython's source. */
  readonly explanation: string;
}

const OLD_LOCK =
  "true, of 3.12, on purpose: test_at_fork_reinit renews a lock, and the old one's memory must not be used again (thread_pthread.h)";
const TZSET = "true, of libc: tzset() keeps a copy of TZ for each new value";

/** Leaks in CPython's own test suite that were confirmed by reading the source. */
const KNOWN_LEAKS: readonly KnownLeak[] = [
  {
    function: "channel_send",
    explanation: "true: the channel keeps a block per message that nothing releases (_interpchannelsmodule.c)",
  },
  {
    function: "_sharedexception_bind",
    explanation: "true, of 3.12: _run_script_in_interpreter() never clears the exception that it copied (_xxsubinterpretersmodule.c)",
  },
  {
    function: "_PyConfig_Copy",
    explanation: "true, of 3.12: new_interpreter() deletes an interpreter that it cannot start without clearing its config (pylifecycle.c)",
  },
  {
    function: "init__testsinglephase_basic",
    explanation: "true, of 3.12: a static state keeps an exception class beyond its interpreter, so no collector breaks the class's cycle",
  },
  {
    test: "test_thread",
    function: "thread_PyThread_allocate_lock",
    explanation: OLD_LOCK,
  },
  {
    test: "test_threading",
    function: "thread_PyThread_allocate_lock",
    explanation: OLD_LOCK,
  },
  {
    test: "test_zipimport",
    function: "strdup",
    explanation: TZSET,
  },
  {
    test: "test_zipimport",
    function: "__GI___strdup",
    explanation: TZSET,
  },
  {
    test: "test_capi",
    function: "PyInterpreterView_FromCurrent",
    explanation: "true: test_interp_view_after_shutdown never closes its view (_testcapimodule.c)",
  },
];

/** Why a finding is true; undefined if it is not confirmed yet. */
export function explain({ test, stack, site }: Pick<Finding, "test" | "stack" | "site">): string | undefined {
  const functions = new Set([site.function, ...stack.map((frame) => frame.function)]);
  return KNOWN_LEAKS.find((known) => (known.test ?? test.file) === test.file && functions.has(known.function))?.explanation;
}
