import type { Finding } from "../src/model/finding.ts";

/** Kinds that eval:versions evaluates. */
export const NOT_FOR_THIS: ReadonlySet<string> = new Set(["Leak_DefinitelyLost"]);

interface KnownGrowth {
  readonly kind: string;
  /** Matches the name of the test file, without the package `test.`; any test file if not given. */
  readonly test?: RegExp;
  /** Matches the function or object of the site. */
  readonly site: RegExp;
  /** Why this is expected, according to CPython's source. */
  readonly explanation: string;
}

/** What stays open or grows in CPython's own test suite for a reason that was found in the source. */
const KNOWN_GROWTH: readonly KnownGrowth[] = [
  {
    kind: "FdLeftOpen",
    test: /^test_(logging$|concurrent_futures\.|multiprocessing_)/,
    site: /^\(pipe\)$/,
    explanation:
      "by design: multiprocessing's resource tracker keeps its pipe as long as the process lives (Lib/multiprocessing/resource_tracker.py)",
  },
];

/** The reason for a finding; undefined if it is not known yet. */
export function explainGrowth({ kind, test, site }: Pick<Finding, "kind" | "test" | "site">): string | undefined {
  return KNOWN_GROWTH.find((known) => known.kind === kind && (known.test?.test(test.file) ?? true) && known.site.test(site.function))
    ?.explanation;
}
