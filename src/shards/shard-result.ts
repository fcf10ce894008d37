// The result of one shard, as stored for the report.

import * as v from "valibot";
import { NoteSchema } from "../model/note.ts";
import { ProblemSchema, StopSchema } from "../model/problem.ts";
import { ShardNameSchema } from "../model/shard.ts";
import { TortureTotalsSchema } from "../model/torture-totals.ts";
import { PLAN_VERSION, SubjectSchema } from "./shard-plan.ts";
import { StoredFootprintsSchema } from "./stored-footprints.ts";
import { type CrashDetail, CrashDetailSchema, type StoredRun, StoredRunSchema } from "./stored-run.ts";

/** Results of one machine's runs. */
export const RunResultsSchema = v.strictObject({
  runs: v.array(StoredRunSchema),
  crashes: v.array(CrashDetailSchema),
  /** Null if nothing was recorded, or if the record lacks some of its test files. */
  footprints: v.nullable(StoredFootprintsSchema),
  /** Null if torture did not run. */
  torture: v.nullable(TortureTotalsSchema),
});

export interface RunResults extends Omit<v.InferOutput<typeof RunResultsSchema>, "runs" | "crashes"> {
  readonly runs: readonly StoredRun[];
  readonly crashes: readonly CrashDetail[];
}

export const ShardResultSchema = v.strictObject({
  planVersion: v.literal(PLAN_VERSION),
  /** The plan's `id`. */
  plan: v.string(),
  shard: ShardNameSchema,
  subject: v.nullable(SubjectSchema),
  found: RunResultsSchema,
  /** Engines that could not run, or why the whole shard failed. */
  failures: v.array(ProblemSchema),
  /** What stopped the shard before its end. */
  stopped: v.nullable(StopSchema),
  notes: v.array(NoteSchema),
});

export interface ShardResult extends Omit<v.InferOutput<typeof ShardResultSchema>, "found"> {
  readonly found: RunResults;
}
