// What one machine found, as its shard stores it for the report.

import * as v from "valibot";
import { NoteSchema } from "../model/note.ts";
import { ProblemSchema, StopSchema } from "../model/problem.ts";
import { ShardNameSchema } from "../model/shard.ts";
import { TortureTotalsSchema } from "../model/torture-totals.ts";
import { PLAN_VERSION, SubjectSchema } from "./shard-plan.ts";
import { StoredFootprintsSchema } from "./stored-footprints.ts";
import { type CrashDetail, CrashDetailSchema, type StoredRun, StoredRunSchema } from "./stored-run.ts";

/** What one machine's runs came to. */
export const YieldSchema = v.strictObject({
  runs: v.array(StoredRunSchema),
  crashes: v.array(CrashDetailSchema),
  /** Null where nothing was recorded, or not of all its test files. */
  footprints: v.nullable(StoredFootprintsSchema),
  /** Null where nothing was tortured. */
  torture: v.nullable(TortureTotalsSchema),
});

export interface Yield extends Omit<v.InferOutput<typeof YieldSchema>, "runs" | "crashes"> {
  readonly runs: readonly StoredRun[];
  readonly crashes: readonly CrashDetail[];
}

export const ShardResultSchema = v.strictObject({
  planVersion: v.literal(PLAN_VERSION),
  /** The plan's `id`. */
  plan: v.string(),
  shard: ShardNameSchema,
  subject: v.nullable(SubjectSchema),
  found: YieldSchema,
  /** Engines that could not run, or the check itself. */
  failures: v.array(ProblemSchema),
  /** What stopped it before its end. */
  stopped: v.nullable(StopSchema),
  notes: v.array(NoteSchema),
});

export interface ShardResult extends Omit<v.InferOutput<typeof ShardResultSchema>, "found"> {
  readonly found: Yield;
}
