import * as v from "valibot";
import { EngineNameSchema } from "../model/engine-name.ts";

const FrameSchema = v.strictObject({
  function: v.string(),
  file: v.nullable(v.string()),
  line: v.nullable(v.number()),
  object: v.nullable(v.string()),
  /** What it is to the signature: `key` where it is a part of it, else why not; null in stacks that have no part in it. */
  role: v.nullable(v.picklist(["key", "inlined", "allocator", "library", "call", "repeated", "caller", "beyond"])),
});

const SiteSchema = v.strictObject({ function: v.string(), file: v.nullable(v.string()), line: v.nullable(v.number()) });

/** A Python object that a leak lost, as far as it is known. */
const ObjectSchema = v.strictObject({
  type: v.string(),
  /** Null for an immortal object. */
  refcount: v.nullable(v.number()),
  length: v.optional(v.number()),
  repr: v.optional(v.string()),
  python: v.optional(v.array(v.string())),
});

const TestIdSchema = v.strictObject({ file: v.string(), id: v.nullable(v.string()) });

const OccurrenceSchema = v.strictObject({
  engine: EngineNameSchema,
  test: TestIdSchema,
  signature: v.string(),
  /** The functions that the signature is made of, innermost first. */
  path: v.array(v.string()),
  blocks: v.number(),
  bytes: v.number(),
  blocksBefore: v.nullable(v.number()),
});

export const FindingSchema = v.strictObject({
  /** `warning`: new, and of a kind that fails no check. `recorded`: part of the baseline since this run, and not compared with anything. `changed`: taken for a known one because it looks like it; a person should verify that. */
  status: v.picklist(["new", "grown", "warning", "known", "fixed", "flaky", "recorded", "unrecorded", "changed", "accepted"]),
  /** Of a new or grown one: whether it came back in a second run. */
  confirmed: v.boolean(),
  engine: EngineNameSchema,
  signature: v.string(),
  kind: v.string(),
  /** The engine's own sentence, where it says more than the kind; else empty. */
  what: v.string(),
  /** The worst occurrence's. */
  test: TestIdSchema,
  /** Whether only interpreters that the test started made it. */
  inChild: v.boolean(),
  site: SiteSchema,
  /** Whose shared objects are on the stack; `interpreter`: of no extension. */
  owner: v.picklist(["project", "extension", "interpreter", "unknown"]),
  /** The changed line nearest to the site, where the change is known and touches the stack's functions. */
  place: v.nullable(v.strictObject({ file: v.string(), line: v.number() })),
  /** Lines of the checked source around the site, the first of them by its number; null where they are not at hand. */
  excerpt: v.nullable(v.strictObject({ first: v.number(), lines: v.array(v.string()) })),
  stack: v.array(FrameSchema),
  /** Where the block was allocated or freed, for errors that tell. */
  further: v.array(v.strictObject({ what: v.string(), frames: v.array(FrameSchema) })),
  /** Of leaks, else 0; sums of all occurrences. Of `FdLeftOpen` the blocks are descriptors. */
  blocks: v.number(),
  bytes: v.number(),
  /** Of reference leaks and growth, else 0: how many references each run of the tests takes and keeps, or objects it adds. */
  references: v.number(),
  /** How many blocks the baseline has; null where it has none of it. */
  blocksBefore: v.nullable(v.number()),
  /** What the baseline has that this was taken for, and how; null where it has nothing. */
  match: v.nullable(
    v.strictObject({
      pass: v.picklist(["exact", "renamed", "moved", "similar"]),
      similarity: v.number(),
      signature: v.string(),
      segment: v.array(v.string()),
    }),
  ),
  /** Why the repository under test lives with it, and until when. */
  acceptance: v.nullable(v.strictObject({ reason: v.string(), expires: v.string() })),
  /** Of a burst of leaks from one test: what it is made of, worst first. Its own blocks and bytes are their sums. */
  roots: v.array(v.strictObject({ signature: v.string(), kind: v.string(), site: SiteSchema, blocks: v.number(), bytes: v.number() })),
  /** The same bug wherever it showed: one allocation site, kind and leaked type. The first is the one that is shown in full. */
  occurrences: v.array(OccurrenceSchema),
  /** Some of the lost objects. */
  objects: v.array(ObjectSchema),
  suppression: v.nullable(v.string()),
  reproduce: v.string(),
});

export type ReportedFinding = v.InferOutput<typeof FindingSchema>;
export type FindingStatus = ReportedFinding["status"];

/** A finding's stack as a person reads it: what is inlined from headers is a part of the function that it is inlined into. */
export function shownFrames({ stack }: Pick<ReportedFinding, "stack">): ReportedFinding["stack"] {
  return stack.filter(({ role }) => role !== "inlined");
}
