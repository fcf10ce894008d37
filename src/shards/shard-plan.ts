// What a plan says: what is checked, with which baseline, and which machine runs which test files.

import * as v from "valibot";
import { BaselineSchema, IdentitySchema, NamedBuildSchema } from "../findings/baseline.ts";
import { EngineNameSchema } from "../model/engine-name.ts";
import { NoteSchema } from "../model/note.ts";
import { LookupFailureSchema } from "../model/problem.ts";
import { MAX_SHARDS, shardName } from "../model/shard.ts";

/** Goes up with every change of the stored forms of plans and of what shards found. */
export const PLAN_VERSION = 1;

const text = v.string();
const MAX_TESTS = 10_000;

const OriginSchema = v.strictObject({ commit: text, mergeBase: text, distance: v.number(), run: text });

/** Of an artifact. */
const NameSchema = v.pipe(text, v.regex(/^[\w.-]{1,200}$/));

const shared = { where: text, name: v.exactOptional(NameSchema), notes: v.exactOptional(v.array(NoteSchema)) };

/** The baseline that the plan's job found, so that all compare with the same one. */
const LookupSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("found"), ...shared, baseline: BaselineSchema, origin: v.exactOptional(OriginSchema) }),
  v.strictObject({ kind: v.literal("none"), ...shared }),
  v.strictObject({ kind: v.literal("unreadable"), ...shared, detail: text }),
  v.strictObject({ kind: v.literal("unreachable"), ...shared, why: LookupFailureSchema }),
]);

/** What shards and the report must find as the plan's job found it. */
export const SubjectSchema = v.strictObject({
  /** The commit; null where the source is no git checkout. */
  commit: v.nullable(text),
  /** A hash of the source, and of all that the build depends on. */
  content: text,
  build: text,
  identity: IdentitySchema,
  /** The settings that decide what is found, as JSON. */
  settings: v.record(text, text),
  /** A hash of all suppressions, acceptances and skips: their files may be outside of the source. */
  hiding: text,
});

export type Subject = v.InferOutput<typeof SubjectSchema>;

const TestSchema = v.strictObject({ engine: EngineNameSchema, name: text });

export const ShardPlanSchema = v.strictObject({
  planVersion: v.literal(PLAN_VERSION),
  /** Of this plan alone: what its shards found names it. */
  id: v.pipe(text, v.uuid()),
  subject: SubjectSchema,
  /** `2027-03-01`: a night may have two. */
  today: v.pipe(text, v.regex(/^\d{4}-\d\d-\d\d$/)),
  lookup: LookupSchema,
  /** How many test files the plan's machine would run at once: time limits allow as many test files on all machines. */
  jobs: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Kept builds that the plan's job began with or kept. */
  builds: v.array(NamedBuildSchema),
  /** The test files that a suite collected, and those for memcheck; null where none was collected. */
  suite: v.nullable(v.strictObject({ files: v.array(text), memcheck: v.array(text) })),
  shards: v.pipe(
    v.array(v.strictObject({ seconds: v.number(), tests: v.pipe(v.array(TestSchema), v.maxLength(MAX_TESTS)) })),
    v.minLength(1),
    v.maxLength(MAX_SHARDS),
  ),
});

export type ShardPlan = v.InferOutput<typeof ShardPlanSchema>;

/** The names of a plan's shards: `1/3`, `2/3`, `3/3`. */
export function shardNames({ shards }: Pick<ShardPlan, "shards">): readonly string[] {
  return shards.map((_, index) => shardName({ part: index + 1, of: shards.length }));
}

/** For `strategy.matrix` of a workflow. */
export function matrixOf(plan: Pick<ShardPlan, "shards">): string {
  return JSON.stringify({ shard: shardNames(plan) });
}

/** What of a subject differs from the planned one: the commit before what follows from it. */
export interface Mismatch {
  readonly field: string;
  readonly planned: string;
  readonly current: string;
}

/** Undefined where all is as planned. Pure. */
export function mismatchOf(planned: Subject, current: Subject): Mismatch | undefined {
  const [before, now] = [fieldsOf(planned), fieldsOf(current)];
  const field = [...new Set([...before.keys(), ...now.keys()])].find((name) => before.get(name) !== now.get(name));
  return field === undefined ? undefined : { field, planned: before.get(field) ?? "(none)", current: now.get(field) ?? "(none)" };
}

function fieldsOf({ commit, content, build, identity, settings, hiding }: Subject): ReadonlyMap<string, string> {
  const named = (values: Readonly<Record<string, unknown>>): [string, string][] =>
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  const hashes = { content, build, "the hash of suppressions and .memcheck.toml": hiding };
  return new Map([...named({ commit: commit ?? "(none)", ...settings, ...identity }), ...named(hashes)]);
}
