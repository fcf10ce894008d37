import type { Baseline, BaselineEntry } from "./baseline.ts";
import type { Finding } from "./finding.ts";

/** A finding beside what the baseline has of it. */
export type Compared =
  | { readonly status: "new"; readonly finding: Finding }
  | { readonly status: "grown"; readonly finding: Finding; readonly before: BaselineEntry }
  | { readonly status: "known"; readonly finding: Finding; readonly before: BaselineEntry };

/** How findings stand to a baseline. The three outcomes have nothing in common but what was found. */
export type Comparison =
  | { readonly kind: "first-run"; readonly found: readonly Finding[] }
  | { readonly kind: "incomparable"; readonly reason: string; readonly found: readonly Finding[] }
  | {
      readonly kind: "compared";
      readonly baseline: Baseline;
      readonly compared: readonly Compared[];
      readonly fixed: readonly BaselineEntry[];
      /** Tests that ran now and that the baseline has nothing of: nobody can say what of their findings is new. */
      readonly unrecorded: { readonly tests: readonly string[]; readonly found: readonly Finding[] };
    };

/** Compares what complete runs found with what the baseline has of the same test files. */
export function compare(
  baseline: Baseline,
  tests: readonly string[],
  findings: readonly Finding[],
): Extract<Comparison, { kind: "compared" }> {
  const recorded = new Set(baseline.tests.map((test) => test.name));
  const entries = new Map(baseline.findings.map((entry) => [keyOf(entry.test, entry.signature), entry]));
  const present = new Set(findings.map((finding) => keyOf(finding.test.file, finding.signature)));
  const ran = new Set(tests.filter((name) => recorded.has(name)));
  return {
    kind: "compared",
    baseline,
    compared: findings
      .filter((finding) => ran.has(finding.test.file))
      .map((finding) => compareOne(finding, entries.get(keyOf(finding.test.file, finding.signature)))),
    fixed: baseline.findings.filter((entry) => ran.has(entry.test) && !present.has(keyOf(entry.test, entry.signature))),
    unrecorded: {
      tests: tests.filter((name) => !recorded.has(name)),
      found: findings.filter((finding) => !recorded.has(finding.test.file)),
    },
  };
}

/** Blocks count for leaks only; of other errors memcheck reports each place once. */
function compareOne(finding: Finding, before: BaselineEntry | undefined): Compared {
  if (before === undefined) return { status: "new", finding };
  return { status: finding.blocks > before.blocks ? "grown" : "known", finding, before };
}

/** A fresh finding after its test ran again: what came back in both runs, with the smaller count, or nothing. */
export function confirm(fresh: Compared, again: readonly Finding[]): Compared | undefined {
  const { finding } = fresh;
  const second = again.find((other) => other.signature === finding.signature && other.test.file === finding.test.file);
  if (second === undefined) return undefined;
  const smaller = second.blocks < finding.blocks ? second : finding;
  if (fresh.status === "grown" && smaller.blocks <= fresh.before.blocks) return undefined;
  return { ...fresh, finding: { ...finding, blocks: smaller.blocks, bytes: smaller.bytes } };
}

function keyOf(test: string, signature: string): string {
  return `${test} ${signature}`;
}
