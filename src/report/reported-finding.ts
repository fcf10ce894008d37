import * as v from "valibot";
import { EngineNameSchema } from "../model/engine-name.ts";

const FrameSchema = v.strictObject({
  function: v.string(),
  file: v.nullable(v.string()),
  line: v.nullable(v.number()),
  object: v.nullable(v.string()),
  /** The frame's role in the signature: `key`, or why it is left out; null in stacks that are not part of it. */
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
  /** The functions in the signature, innermost first. */
  path: v.array(v.string()),
  blocks: v.number(),
  bytes: v.number(),
  blocksBefore: v.nullable(v.number()),
});

export const FindingSchema = v.strictObject({
  /**
   * `warning`: new, of a kind that does not fail the check. `recorded`: part of the baseline since this run, and not compared with anything.
   * `changed`: matched by similarity only; a person should verify that.
   */
  status: v.picklist(["new", "grown", "warning", "known", "fixed", "flaky", "recorded", "unrecorded", "changed", "accepted"]),
  /** For a new or grown finding: whether a second run showed it again. */
  confirmed: v.boolean(),
  engine: EngineNameSchema,
  signature: v.string(),
  kind: v.string(),
  /** The engine's own message, if it says more than the kind; else empty. */
  what: v.string(),
  /** From the worst occurrence. */
  test: TestIdSchema,
  /** Whether it was found only in interpreters that the test started. */
  inChild: v.boolean(),
  site: SiteSchema,
  /** Whose shared objects are on the stack; `interpreter`: no extension's. */
  owner: v.picklist(["project", "extension", "interpreter", "unknown"]),
  /** The changed line nearest to the site, if the change is known and touches functions on the stack. */
  place: v.nullable(v.strictObject({ file: v.string(), line: v.number() })),
  /** Lines of the checked source around the site. `first` is the number of the first line. Null if the source is not available. */
  excerpt: v.nullable(v.strictObject({ first: v.number(), lines: v.array(v.string()) })),
  stack: v.array(FrameSchema),
  /** Where the block was allocated or freed, for errors with that information. */
  further: v.array(v.strictObject({ what: v.string(), frames: v.array(FrameSchema) })),
  /** For leaks, else 0; sums of all occurrences. For `FdLeftOpen`, blocks are descriptors. */
  blocks: v.number(),
  bytes: v.number(),
  /** For reference leaks and growth, else 0: references taken and not released, or objects added, in each run of the tests. */
  references: v.number(),
  /** Number of blocks in the baseline; null if it is not in the baseline. */
  blocksBefore: v.nullable(v.number()),
  /** Its match in the baseline, and how it was matched; null if there is none. */
  match: v.nullable(
    v.strictObject({
      pass: v.picklist(["exact", "renamed", "moved", "similar"]),
      similarity: v.number(),
      signature: v.string(),
      segment: v.array(v.string()),
    }),
  ),
  /** Why the repository accepts it, and until when. */
  acceptance: v.nullable(v.strictObject({ reason: v.string(), expires: v.string() })),
  /** For a burst of leaks from one test: the single leaks, worst first. Its blocks and bytes are their sums. */
  roots: v.array(v.strictObject({ signature: v.string(), kind: v.string(), site: SiteSchema, blocks: v.number(), bytes: v.number() })),
  /** All occurrences of the bug: one allocation site, kind and leaked type. The first is the one shown in full. */
  occurrences: v.array(OccurrenceSchema),
  /** Some of the lost objects. */
  objects: v.array(ObjectSchema),
  suppression: v.nullable(v.string()),
  reproduce: v.string(),
});

export type ReportedFinding = v.InferOutput<typeof FindingSchema>;
export type FindingStatus = ReportedFinding["status"];

/** A finding's stack for readers: functions inlined from headers are part of the function that contains them. */
export function shownFrames({ stack }: Pick<ReportedFinding, "stack">): ReportedFinding["stack"] {
  return stack.filter(({ role }) => role !== "inlined");
}
