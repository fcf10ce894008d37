// The interpreters that a test file started, and how many of them were checked before they ended.

import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Why a child was not checked (children.c, cpython_memcheck_children.py). */
export const ObstacleSchema = v.picklist([
  /** Other allocators than malloc. */
  "allocator",
  /** It disabled the garbage collector, or set its debug flags or callbacks. */
  "collector",
  /** It executed another program. */
  "exec",
  /** `os._exit()` */
  "exit",
  /** It cleared its exit functions. */
  "exit-functions",
  "killed",
  /** It ended before it ran code: `--version`. */
  "no-code",
  /** It ran as another user, or with limited memory. */
  "not-entered",
  /** It outlived its test file. */
  "running",
  /** The leak sanitizer could not stop it: a debugger was attached, ptrace is forbidden, or its resources were limited. */
  "traced",
]);

export type Obstacle = v.InferOutput<typeof ObstacleSchema>;

export const ChildCountsSchema = v.object({
  started: count,
  looked: count,
  missed: v.array(v.object({ why: ObstacleSchema, count })),
  /** Programs other than the checked interpreter. Interpreters that they start are unknown. */
  others: count,
});

/** For one test file, or for several. */
export type ChildCounts = v.InferOutput<typeof ChildCountsSchema>;

/** Undefined if no test file was followed. */
export function addChildCounts(all: readonly (ChildCounts | undefined)[]): ChildCounts | undefined {
  const known = all.filter((counts) => counts !== undefined);
  if (known.length === 0) return undefined;
  const sum = (of: (counts: ChildCounts) => number): number => known.reduce((total, counts) => total + of(counts), 0);
  const missed = ObstacleSchema.options.map((why) => ({ why, count: sum((counts) => missedFor(counts, why)) }));
  return {
    started: sum(({ started }) => started),
    looked: sum(({ looked }) => looked),
    missed: missed.filter((one) => one.count > 0),
    others: sum(({ others }) => others),
  };
}

function missedFor({ missed }: ChildCounts, why: Obstacle): number {
  return missed.reduce((total, one) => total + (one.why === why ? one.count : 0), 0);
}
