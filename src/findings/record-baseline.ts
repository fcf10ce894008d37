import { type Footprints, withoutTests } from "../affected/footprints.ts";
import type { Finding } from "../model/finding.ts";
import type { TimelinePoint } from "../model/timeline.ts";
import {
  BASELINE_VERSION,
  type Baseline,
  type BaselineEntry,
  type BaselineTest,
  type Identity,
  keyOfEntry,
  keyOfTest,
  type NamedBuild,
  type Suppressed,
  sortTests,
} from "./baseline.ts";
import { amountOf, compareText, SIGNATURE_VERSION } from "./make-finding.ts";
import { codesOf, joinEntries, moveFiles } from "./other-builds.ts";
import { reachedLess } from "./reach.ts";
import { needsRepeats } from "./segment.ts";
import { mergeSuppressed } from "./suppressed.ts";
import { extendTimeline, pointOf } from "./timeline-point.ts";

/** A cache drops the oldest, so more names are useless. */
const MAX_BUILDS = 5;

/** With the slice of the run that found it. */
export type RecordedFinding = Finding & { readonly slice?: string };

export interface Recording {
  readonly identity: Identity;
  readonly sha: string | null;
  readonly content: string | null;
  readonly recordedAt: string;
  readonly tests: readonly Omit<BaselineTest, "latest">[];
  /** Whether a run that got less far also replaces one that got further. */
  readonly replaces?: boolean;
  /** Keys of tests whose record stays, while findings that need repeated runs are added to it. */
  readonly repeated?: ReadonlySet<string>;
  /** Records of test files that no longer exist, or are not listed any more. */
  readonly gone?: readonly Pick<BaselineTest, "engine" | "name">[];
  readonly findings: readonly RecordedFinding[];
  readonly functions: readonly string[];
  /** Files that moved since the older baseline's commit: new paths by old ones. */
  readonly moves?: ReadonlyMap<string, string>;
  readonly relaxations: readonly string[];
  readonly suppressed: readonly Suppressed[];
  /** The keys of builds saved or continued from, newest first. */
  readonly builds?: readonly NamedBuild[];
  readonly footprints?: Footprints | null;
  /** The timeline to continue if there is no comparable baseline. */
  readonly earlier?: readonly TimelinePoint[];
}

/**
 * The baseline after a recording. A run that got as far as the recorded one replaces it with its findings. A run that got less far only adds to it:
 * how it ended and, if it was watched to its end, its findings, which have been compared with the record and shown. Other tests stay. If the same
 * content was recorded before, findings of all its runs stay known: otherwise an intermittent error would be new again and again.
 */
export function recordInto(before: Baseline | undefined, recording: Recording): Baseline {
  const isRenewable = isCurrentFor(recording);
  const current = before && { ...before, tests: before.tests.filter(isRenewable) };
  const next = recordOver(current, recording, "now");
  const isOutdated = isOutdatedBy(recording, before);
  return { ...next, tests: next.tests.map((test) => (isOutdated(test) ? { ...test, outdated: true } : test)) };
}

/** @param build the one that the baseline's commit and functions are to be of. */
function recordOver(before: Baseline | undefined, recording: Recording, build: "before" | "now"): Baseline {
  const { identity, sha, content, recordedAt, replaces = false, repeated = new Set() } = recording;
  const isSame = before !== undefined && content !== null && before.content === content;
  const old = new Map(before?.tests.map((test) => [keyOfTest(test), test]));
  const updates = recording.tests.map((test) => updateTest(old.get(keyOfTest(test)), test, replaces));
  const updated = keysOf(updates);
  const replaced = new Set(updates.filter(({ latest }) => latest === null).map(keyOfTest));
  const shown = new Set(updates.filter(({ latest }) => latest === null || latest.cause === null).map(keyOfTest));
  const others = [...old.values()].filter((test) => !updated.has(keyOfTest(test)));
  const tests = [...others.map((test) => (repeated.has(keyOfTest(test)) ? { ...test, repeated: true as const } : test)), ...updates];
  const isThere = new Set(tests.map(keyOfTest));
  const isKept = (entry: BaselineEntry): boolean => !replaced.has(keyOfEntry(entry)) || (isSame && entry.build === undefined);
  const kept = before?.findings.filter((entry) => isThere.has(keyOfEntry(entry)) && isKept(entry)) ?? [];
  const fresh = recording.findings
    .map(entryOf)
    .filter((entry) => shown.has(keyOfEntry(entry)) || (repeated.has(keyOfEntry(entry)) && needsRepeats(entry.kind)));
  const next: Omit<Baseline, "timeline"> = {
    baselineVersion: BASELINE_VERSION,
    signatureVersion: SIGNATURE_VERSION,
    recordedAt,
    sha,
    content,
    identity,
    tests: sortTests(tests),
    ...joinFindings({ kept, fresh }, before, recording, build),
    relaxations: [...new Set(recording.relaxations)].sort(compareText),
    suppressed: [...recording.suppressed],
    builds: mergeBuilds(recording.builds ?? [], before?.builds ?? []),
    footprints: nextFootprints(recording, before, updates),
  };
  return { ...next, timeline: extendTimeline(before?.timeline ?? recording.earlier ?? [], pointOf(next)) };
}

/** The findings as a baseline of one of the two builds has them. */
function joinFindings(
  { kept, fresh }: Readonly<Record<"kept" | "fresh", readonly BaselineEntry[]>>,
  before: Baseline | undefined,
  { functions, moves = new Map() }: Recording,
  build: "before" | "now",
): Pick<Baseline, "findings" | "otherBuilds" | "functions"> {
  const older = before === undefined ? [] : codesOf(before);
  const newer = { functions: new Set(functions), moves: new Map() };
  // What was found after files moved is compared with a baseline of the commit before by their old names.
  const back = new Map([...moves].map(([from, to]) => [to, from]));
  const isBefore = build === "before" && before !== undefined;
  return joinEntries(
    [
      { entries: fresh, codes: [isBefore ? moveFiles(newer, back) : newer] },
      { entries: kept, codes: isBefore ? older : older.map((code) => moveFiles(code, moves)) },
    ],
    isBefore ? before.functions : [...newer.functions].sort(compareText),
  );
}

/**
 * The baseline with the test files that it lacks. All else stays as it was recorded: older findings are compared with the functions, commit and content
 * that they belong to, not with those of a later check.
 */
export function addInto(before: Baseline, recording: Recording): Baseline {
  const next = recordOver(before, recording, before.findings.length === 0 ? "now" : "before");
  const { sha, content, relaxations } = before;
  const added = new Set(recording.tests.flatMap(({ engine, name }) => (engine === "scan" ? [name] : [])));
  return {
    ...{ ...next, sha, content, relaxations },
    suppressed: [...mergeSuppressed(before.suppressed, recording.suppressed)],
    footprints: before.footprints && withoutTests(before.footprints, added),
  };
}

/** A recording without footprints drops those of runs that it replaces, since they are of another build. */
function nextFootprints(
  { footprints = null }: Recording,
  before: Baseline | undefined,
  updates: readonly BaselineTest[],
): Footprints | null {
  const recorded = keysOf(before?.tests ?? []);
  if (footprints === null) return updates.some((test) => recorded.has(keyOfTest(test))) ? null : (before?.footprints ?? null);
  // Of a run that got less far than an older one, only the older one's findings are kept.
  return withoutTests(
    footprints,
    new Set(updates.flatMap(({ name, engine, latest }) => (engine === "scan" && latest !== null ? [name] : []))),
  );
}

function updateTest(before: BaselineTest | undefined, now: Omit<BaselineTest, "latest">, replaces: boolean): BaselineTest {
  if (before === undefined || replaces || !reachedLess(now, before)) return { ...now, latest: null };
  const { status, ran, cause } = now;
  const { outdated, ...record } = before;
  const isOutdated = outdated === true && cause !== null;
  return { ...record, ...(isOutdated && { outdated }), latest: { status, ran, cause } };
}

/** Memcheck leaves out test files for lack of time, while the branch goes on. */
function isOutdatedBy({ content, tests }: Recording, before: Baseline | undefined): (test: BaselineTest) => boolean {
  const isSame = content !== null && before?.content === content;
  const ran = keysOf(tests.filter(({ engine }) => engine === "memcheck"));
  return (test) => test.engine === "memcheck" && !isSame && ran.size > 0 && !ran.has(keyOfTest(test));
}

/**
 * Whether later recordings can renew a record. Not if its test file is gone, or if the allocation sites of its slice are now divided into another
 * number of slices.
 */
function isCurrentFor({ gone = [], tests }: Recording): (test: BaselineTest) => boolean {
  const numbers = new Set(tests.filter((test) => test.engine === "torture").map((test) => slicesIn(test.slice)));
  // All slices of it.
  const dropped = keysOf(gone.map(({ engine, name }) => ({ engine, name })));
  return ({ engine, name, slice }) => {
    const isOtherSlice = engine === "torture" && numbers.size > 0 && !numbers.has(slicesIn(slice));
    return !isOtherSlice && !dropped.has(keyOfTest({ engine, name }));
  };
}

/** `3/14` is one of 14 slices. */
function slicesIn(slice = ""): string {
  return slice.slice(slice.indexOf("/") + 1);
}

function keysOf(tests: readonly Parameters<typeof keyOfTest>[0][]): ReadonlySet<string> {
  return new Set(tests.map(keyOfTest));
}

/** A recording that neither saved nor restored a build, since it was in the folder, keeps the named ones. */
export function mergeBuilds(now: readonly NamedBuild[], before: readonly NamedBuild[]): NamedBuild[] {
  const newest = new Map([...before, ...now.toReversed()].map((build) => [build.key, build]));
  const all = [...now, ...before].filter((build) => newest.get(build.key) === build);
  return all.slice(0, MAX_BUILDS);
}

function entryOf(finding: RecordedFinding): BaselineEntry {
  const { engine, slice, signature, kind, normalizedStack } = finding;
  const stack = normalizedStack.map((group) => [...group]);
  return { engine, test: finding.test.file, ...(slice && { slice }), signature, kind, stack, blocks: amountOf(finding) };
}
