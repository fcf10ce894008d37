// Totals of a branch's baseline each time it was recorded: the trend that reports draw.

import * as v from "valibot";
import { EngineNameSchema } from "./engine-name.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Recordings kept; older ones are dropped. */
export const MAX_POINTS = 50;
/** Leaks kept of one recording: those with the most blocks. */
export const MAX_LEAKS = 50;
/** Kinds kept of one recording. Memcheck has about twenty. */
export const MAX_KINDS = 50;

/** Totals of the baseline right after one recording. */
export const TimelinePointSchema = v.strictObject({
  recordedAt: v.string(),
  sha: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))),
  /** Number of known errors of each kind. An error that several test files or engines found counts once. */
  kinds: v.pipe(v.array(v.strictObject({ kind: v.string(), errors: count })), v.maxLength(MAX_KINDS)),
  /** Number of recorded test files of each engine, and the sum of their seconds, even if they ran in parallel. */
  stages: v.pipe(v.array(v.strictObject({ engine: EngineNameSchema, tests: count, seconds: v.number() })), v.maxLength(10)),
  /** Known leaks, most blocks first. If several engines found a leak, `blocks` is the largest count. */
  leaks: v.pipe(v.array(v.strictObject({ signature: v.string(), function: v.string(), blocks: count })), v.maxLength(MAX_LEAKS)),
  /** Number of leaks that were dropped. */
  moreLeaks: count,
});

export type TimelinePoint = v.InferOutput<typeof TimelinePointSchema>;

/** The last recordings of a branch, oldest first. */
export const TimelineSchema = v.pipe(v.array(TimelinePointSchema), v.maxLength(MAX_POINTS));
