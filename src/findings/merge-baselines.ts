import { withoutTests } from "../affected/footprints.ts";
import {
  type Baseline,
  type BaselineEntry,
  type BaselineTest,
  incompatibility,
  keyOfEntry,
  keyOfTest,
  sortEntries,
  sortTests,
  upgradeSignatures,
} from "./baseline.ts";
import { codesOf, joinEntries } from "./other-builds.ts";
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
  const sides = { ours: recordsOf(ours), theirs: recordsOf(theirs) };
  const isSameContent = ours.content !== null && ours.content === theirs.content;
  const keys = [...new Set([...sides.ours.keys(), ...sides.theirs.keys()])];
  const choices = keys.map((key) => {
    const inRecords = (records: ReadonlyMap<string, TestRecord>): TestRecord => records.get(key) ?? NO_RECORD;
    return { key, from: chooseSides(inRecords(before), inRecords(sides.ours), inRecords(sides.theirs), isSameContent) };
  });
  const entriesOf = (side: Side): readonly BaselineEntry[] =>
    choices.flatMap(({ key, from }) => (from.includes(side) ? (sides[side].get(key)?.findings ?? []) : []));
  const next: Baseline = {
    ...ours,
    tests: sortTests(choices.flatMap(({ key, from }) => from.flatMap((side) => sides[side].get(key)?.test ?? []).slice(0, 1))),
    ...joinEntries(
      [
        { entries: entriesOf("ours"), codes: codesOf(ours) },
        { entries: entriesOf("theirs"), codes: codesOf(theirs) },
      ],
      ours.functions.length === 0 ? theirs.functions : ours.functions,
    ),
    suppressed: [...mergeSuppressed(ours.suppressed, theirs.suppressed)],
    builds: mergeBuilds(ours.builds, theirs.builds),
    // Each was made by one build, but the merged findings are of both.
    footprints: isSameContent ? mergeFootprints(ours.footprints, theirs.footprints) : null,
  };
  // Our last point is dropped because our baseline alone was never the branch's.
  return { ...next, timeline: extendTimeline(mergeTimelines(ours.timeline.slice(0, -1), theirs.timeline), pointOf(next)) };
}

type Side = "ours" | "theirs";

/** Whose findings of a test file count; the first side's record of its run does. */
function chooseSides(before: TestRecord, ours: TestRecord, theirs: TestRecord, isSameContent: boolean): readonly Side[] {
  if (isEqual(theirs, before)) return ["ours"];
  if (isEqual(ours, before)) return ["theirs"];
  const isTheirsFurther = ours.test !== undefined && theirs.test !== undefined && reachedLess(ours.test, theirs.test);
  const order: readonly Side[] = isTheirsFurther ? ["theirs", "ours"] : ["ours", "theirs"];
  return isSameContent ? order : order.slice(0, 1);
}

/** A test file without a complete record in one of them has none. */
function mergeFootprints(ours: Baseline["footprints"], theirs: Baseline["footprints"]): Baseline["footprints"] {
  if (ours === null || theirs === null) return ours ?? theirs;
  return withoutTests(ours, new Set(ours.tests.filter((name) => !theirs.tests.includes(name))));
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

/** A recording also changes what it notes on records that it does not renew. */
function isEqual(a: TestRecord, b: TestRecord): boolean {
  const [one, other] = [a, b].map(({ test, findings }) => {
    const { outdated: _, ...record } = test ?? {};
    return JSON.stringify([record, findings.map(({ build: __, ...entry }) => entry)]);
  });
  return one === other;
}
