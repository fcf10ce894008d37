// What a branch's baseline held each time it was recorded: the trend that reports draw.

import * as v from "valibot";
import { EngineNameSchema } from "./engine-name.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The oldest recordings are dropped. */
export const MAX_POINTS = 50;
/** Of one recording, those with the most blocks. */
export const MAX_LEAKS = 50;
/** Of one recording. Memcheck has some twenty kinds. */
export const MAX_KINDS = 50;

/** The baseline right after one recording. */
export const TimelinePointSchema = v.strictObject({
  recordedAt: v.string(),
  sha: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))),
  /** Known errors of each kind; one that several test files or engines show counts once. */
  kinds: v.pipe(v.array(v.strictObject({ kind: v.string(), errors: count })), v.maxLength(MAX_KINDS)),
  /** Test files that each engine has a record of, and the seconds that these took, added up over what ran side by side. */
  stages: v.pipe(v.array(v.strictObject({ engine: EngineNameSchema, tests: count, seconds: v.number() })), v.maxLength(10)),
  /** Known leaks, most blocks first; `blocks`: of the engine that counted the most. */
  leaks: v.pipe(v.array(v.strictObject({ signature: v.string(), function: v.string(), blocks: count })), v.maxLength(MAX_LEAKS)),
  /** How many leaks did not fit. */
  moreLeaks: count,
});

export type TimelinePoint = v.InferOutput<typeof TimelinePointSchema>;

/** The last recordings of a branch, oldest first. */
export const TimelineSchema = v.pipe(v.array(TimelinePointSchema), v.maxLength(MAX_POINTS));
