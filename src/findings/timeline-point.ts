// The trend of a branch: totals of its baseline after each of the last recordings. Pure.

import { MAX_KINDS, MAX_LEAKS, MAX_POINTS, type TimelinePoint } from "../model/timeline.ts";
import { type Baseline, type BaselineEntry, segmentOfEntry } from "./baseline.ts";
import { compareText } from "./make-finding.ts";

/** In characters. The name of a C++ template can fill pages. */
const MAX_NAME = 80;

/** A baseline's point on the timeline. */
export function pointOf({ recordedAt, sha, tests, findings }: Omit<Baseline, "timeline">): TimelinePoint {
  const leaks = leaksOf(findings);
  return {
    recordedAt,
    sha,
    kinds: kindsOf(findings),
    stages: stagesOf(tests),
    leaks: leaks.slice(0, MAX_LEAKS),
    moreLeaks: Math.max(0, leaks.length - MAX_LEAKS),
  };
}

/** Appends a point to a timeline. A point with the same time as the last one replaces it. */
export function extendTimeline(earlier: readonly TimelinePoint[], point: TimelinePoint): TimelinePoint[] {
  const before = earlier.at(-1)?.recordedAt === point.recordedAt ? earlier.slice(0, -1) : earlier;
  return [...before, point].slice(-MAX_POINTS);
}

/** Merges the timelines of two baselines with a common origin: sorted by time, without duplicates. */
export function mergeTimelines(ours: readonly TimelinePoint[], theirs: readonly TimelinePoint[]): TimelinePoint[] {
  const all = new Map([...theirs, ...ours].map((point) => [JSON.stringify(point), point]));
  return [...all.values()].toSorted((a, b) => compareText(a.recordedAt, b.recordedAt)).slice(-MAX_POINTS);
}

function kindsOf(findings: readonly BaselineEntry[]): TimelinePoint["kinds"] {
  const signatures = Map.groupBy(findings, ({ kind }) => kind);
  return [...signatures]
    .map(([kind, entries]) => ({ kind, errors: new Set(entries.map(({ signature }) => signature)).size }))
    .toSorted((a, b) => b.errors - a.errors || compareText(a.kind, b.kind))
    .slice(0, MAX_KINDS);
}

function stagesOf(tests: Baseline["tests"]): TimelinePoint["stages"] {
  return [...Map.groupBy(tests, ({ engine }) => engine)]
    .map(([engine, own]) => ({
      engine,
      tests: new Set(own.map(({ name }) => name)).size,
      seconds: Math.round(own.reduce((sum, { seconds }) => sum + seconds, 0) * 10) / 10,
    }))
    .toSorted((a, b) => compareText(a.engine, b.engine));
}

/** Blocks are summed over test files, but not over engines, which count the same blocks. */
function leaksOf(findings: readonly BaselineEntry[]): TimelinePoint["leaks"] {
  const bySignature = Map.groupBy(
    findings.filter(({ blocks }) => blocks > 0),
    ({ signature }) => signature,
  );
  return [...bySignature]
    .map(([signature, entries]) => ({ signature, function: nameOf(entries), blocks: mostBlocks(entries) }))
    .toSorted((a, b) => b.blocks - a.blocks || compareText(a.signature, b.signature));
}

function nameOf([entry]: readonly BaselineEntry[]): string {
  return (entry === undefined ? "" : (segmentOfEntry(entry)[0] ?? "")).slice(0, MAX_NAME).replace(/[\ud800-\udbff]$/, "");
}

function mostBlocks(entries: readonly BaselineEntry[]): number {
  const sums = [...Map.groupBy(entries, ({ engine }) => engine).values()].map((own) => own.reduce((sum, { blocks }) => sum + blocks, 0));
  return Math.max(...sums);
}
