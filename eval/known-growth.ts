import type { Finding } from "../src/model/finding.ts";

/** Lost blocks are the subject of eval:versions. */
export const NOT_FOR_THIS: ReadonlySet<string> = new Set(["Leak_DefinitelyLost"]);

interface KnownGrowth {
  readonly kind: string;
  /** The test file, or what its name begins with, without the package `test.`; any where not given. */
  readonly test?: RegExp;
  /** The function or object that it is about. */
  readonly site: RegExp;
  /** Why it is so, by reading CPython's source. */
  readonly explanation: string;
}

/** What stays open or grows in CPython's own test suite, and was read. */
const KNOWN_GROWTH: readonly KnownGrowth[] = [
  {
    kind: "FdLeftOpen",
    test: /^test_(logging$|concurrent_futures\.|multiprocessing_)/,
    site: /^\(pipe\)$/,
    explanation:
      "by design: multiprocessing's resource tracker keeps its pipe as long as the process lives (Lib/multiprocessing/resource_tracker.py)",
  },
];

/** Undefined for one that was not read yet. */
export function explainGrowth({ kind, test, site }: Pick<Finding, "kind" | "test" | "site">): string | undefined {
  return KNOWN_GROWTH.find((known) => known.kind === kind && (known.test?.test(test.file) ?? true) && known.site.test(site.function))
    ?.explanation;
}
