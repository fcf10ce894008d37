import type { Finding } from "../src/model/finding.ts";

interface KnownLeak {
  /** The test file, without the package `test.`. */
  readonly test: string;
  /** A function on its stack. */
  readonly function: string;
  /** Why it is a true leak, by reading CPython's source. */
  readonly explanation: string;
}

const TZSET = "true, of libc: tzset() keeps a copy of TZ for each new value";

/** Leaks of CPython's own test suite that were read and found true. */
const KNOWN_LEAKS: readonly KnownLeak[] = [
  {
    test: "test_types",
    function: "channel_send",
    explanation: "true: the channel keeps a block per message that nothing releases (_interpchannelsmodule.c)",
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

/** Why a finding is true; undefined for one that was not read yet. */
export function explain({ test, stack, site }: Pick<Finding, "test" | "stack" | "site">): string | undefined {
  const functions = new Set([site.function, ...stack.map((frame) => frame.function)]);
  return KNOWN_LEAKS.find((known) => known.test === test.file && functions.has(known.function))?.explanation;
}
