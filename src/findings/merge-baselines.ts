import {
  type Baseline,
  type BaselineEntry,
  type BaselineTest,
  incompatibility,
  keyOfEntry,
  keyOfTest,
  mergeEntries,
  sortEntries,
  sortTests,
  upgradeSignatures,
} from "./baseline.ts";
import { compareText } from "./make-finding.ts";
import { reachedLess } from "./reach.ts";
import { mergeBuilds } from "./record-baseline.ts";
import { mergeSuppressed } from "./suppressed.ts";
import { extendTimeline, mergeTimelines, pointOf } from "./timeline-point.ts";

/** What a baseline has of one test file under one engine. */
interface TestRecord {
  readonly test: BaselineTest | undefined;
  readonly findings: readonly BaselineEntry[];
}

const NO_RECORD: TestRecord = { test: undefined, findings: [] };

/**
 * Two checks began with the same baseline, `base`; each made its own of it, and `theirs` was written first. What only one of them recorded is in
 * the result. Where both recorded a test file, the run that got further counts, else `ours` as the later one; of the same content what either found
 * is known, as in `recordInto`. Undefined where the two cannot be compared: one of them would be lost. Pure.
 */
export function mergeBaselines(base: Baseline | undefined, ours: Baseline, theirs: Baseline): Baseline | undefined {
  if (incompatibility(theirs, ours.identity) !== undefined) return undefined;
  const isComparable = base !== undefined && incompatibility(base, ours.identity) === undefined;
  const before = isComparable ? recordsOf(base) : new Map<string, TestRecord>();
  const [own, others] = [recordsOf(ours), recordsOf(theirs)];
  const isSameContent = ours.content !== null && ours.content === theirs.content;
  const keys = [...new Set([...own.keys(), ...others.keys()])];
  const merged = keys.map((key) => {
    const inRecords = (records: ReadonlyMap<string, TestRecord>): TestRecord => records.get(key) ?? NO_RECORD;
    const [b, o, t] = [inRecords(before), inRecords(own), inRecords(others)];
    if (isEqual(t, b)) return o;
    if (isEqual(o, b)) return t;
    const [further, other] = o.test && t.test && reachedLess(o.test, t.test) ? [t, o] : [o, t];
    return isSameContent ? { test: further.test ?? other.test, findings: mergeEntries([...o.findings, ...t.findings], Math.max) } : further;
  });
  const tests = merged.flatMap(({ test }) => test ?? []);
  const next = {
    ...ours,
    tests: sortTests(tests),
    findings: sortEntries(merged.flatMap(({ findings }) => findings)),
    suppressed: [...mergeSuppressed(ours.suppressed, theirs.suppressed)],
    builds: mergeBuilds(ours.builds, theirs.builds),
    // Either was made by one build, and the findings now are of both.
    footprints: isSameContent ? (ours.footprints ?? theirs.footprints) : null,
    functions: [...new Set([...ours.functions, ...theirs.functions])].sort(compareText),
  };
  // Ours alone was never the baseline of the branch.
  return { ...next, timeline: extendTimeline(mergeTimelines(ours.timeline.slice(0, -1), theirs.timeline), pointOf(next)) };
}

function recordsOf(baseline: Baseline): ReadonlyMap<string, TestRecord> {
  const { tests, findings } = upgradeSignatures(baseline);
  const found = Map.groupBy(findings, keyOfEntry);
  const records = new Map<string, TestRecord>();
  for (const test of tests) {
    const key = keyOfTest(test);
    records.set(key, { test, findings: sortEntries(found.get(key) ?? []) });
  }
  return records;
}

function isEqual(a: TestRecord, b: TestRecord): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
