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

/** The baseline's record of one test file under one engine. */
interface TestRecord {
  readonly test: BaselineTest | undefined;
  readonly findings: readonly BaselineEntry[];
}

const NO_RECORD: TestRecord = { test: undefined, findings: [] };

/**
 * Merges two baselines that were both made from `base`; `theirs` was written first. Test files that only one of them recorded are kept. If both
 * recorded a test file, the run that got further counts, else `ours` as the later one; for the same content, findings of both are known, as in
 * `recordInto`. Undefined if the two can't be compared: one of them would be lost. Pure.
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
    // Each was made by one build, but the merged findings are of both.
    footprints: isSameContent ? (ours.footprints ?? theirs.footprints) : null,
    functions: [...new Set([...ours.functions, ...theirs.functions])].sort(compareText),
  };
  // Our last point is dropped because our baseline alone was never the branch's.
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
