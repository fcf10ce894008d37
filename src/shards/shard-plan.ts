// A plan: what is checked, the baseline to compare with, and the test files of each shard.

import * as v from "valibot";
import { BaselineSchema, fieldName, type Identity, IdentitySchema, NamedBuildSchema } from "../findings/baseline.ts";
import { EngineNameSchema } from "../model/engine-name.ts";
import { NoteSchema } from "../model/note.ts";
import { LookupFailureSchema } from "../model/problem.ts";
import { MAX_SHARDS, shardName } from "../model/shard.ts";

/** Raise it with every change to the stored format of plans or shard results. */
export const PLAN_VERSION = 1;

const text = v.string();
const MAX_TESTS = 10_000;

const OriginSchema = v.strictObject({ commit: text, mergeBase: text, distance: v.number(), run: text });

/** Name of an artifact. */
const NameSchema = v.pipe(text, v.regex(/^[\w.-]{1,200}$/));

const shared = { where: text, name: v.exactOptional(NameSchema), notes: v.exactOptional(v.array(NoteSchema)) };

/** The baseline that the plan's job found, so that all parts compare with the same one. */
const LookupSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("found"), ...shared, baseline: BaselineSchema, origin: v.exactOptional(OriginSchema) }),
  v.strictObject({ kind: v.literal("none"), ...shared }),
  v.strictObject({ kind: v.literal("unreadable"), ...shared, detail: text }),
  v.strictObject({ kind: v.literal("unreachable"), ...shared, why: LookupFailureSchema }),
]);

/** The values that shards and the report must have in common with the plan. */
export const SubjectSchema = v.strictObject({
  /** Commit hash; null if the source is not a git checkout. */
  commit: v.nullable(text),
  /** Hash of the source and of everything that the build depends on. */
  content: text,
  build: text,
  identity: IdentitySchema,
  /** The settings that affect findings and verdict, as JSON. */
  settings: v.record(text, text),
  /** Hash of all suppressions, acceptances and skips, whose files may be outside of the source. */
  hiding: text,
});

export type Subject = v.InferOutput<typeof SubjectSchema>;

const TestSchema = v.strictObject({ engine: EngineNameSchema, name: text });

export const ShardPlanSchema = v.strictObject({
  planVersion: v.literal(PLAN_VERSION),
  /** Unique; the results of its shards refer to it. */
  id: v.pipe(text, v.uuid()),
  subject: SubjectSchema,
  /** `2027-03-01`: all parts use this date, even if one runs after midnight. */
  today: v.pipe(text, v.regex(/^\d{4}-\d\d-\d\d$/)),
  lookup: LookupSchema,
  /** Number of test files that the plan's machine would run in parallel. All machines use it for time limits, so that they choose the same files. */
  jobs: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Cached builds that the plan's job restored or saved. */
  builds: v.array(NamedBuildSchema),
  /** The test files that the suite collected, and those for memcheck; null if nothing was collected. */
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

/** JSON for `strategy.matrix` of a workflow. */
export function matrixOf(plan: Pick<ShardPlan, "shards">): string {
  return JSON.stringify({ shard: shardNames(plan) });
}

/** The first field that differs from the plan. The commit comes first because other fields depend on it. */
export interface Mismatch {
  readonly field: string;
  readonly planned: string;
  readonly current: string;
}

/** Undefined if nothing differs. Pure. */
export function mismatchOf(planned: Subject, current: Subject): Mismatch | undefined {
  const [before, now] = [fieldsOf(planned), fieldsOf(current)];
  const field = [...new Set([...before.keys(), ...now.keys()])].find((name) => before.get(name) !== now.get(name));
  return field === undefined ? undefined : { field, planned: before.get(field) ?? "(none)", current: now.get(field) ?? "(none)" };
}

function fieldsOf({ commit, content, build, identity, settings, hiding }: Subject): ReadonlyMap<string, string> {
  const named = (values: Readonly<Record<string, unknown>>): [string, string][] =>
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  const identityFields = Object.keys(identity) as (keyof Identity)[];
  const hashes = { content, build, "the hash of suppressions and .memcheck.toml": hiding };
  const fields = Object.fromEntries(identityFields.map((name) => [fieldName(name, identity), identity[name]]));
  return new Map([...named({ commit: commit ?? "(none)", ...settings, ...fields }), ...named(hashes)]);
}
