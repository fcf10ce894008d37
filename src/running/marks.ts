import * as v from "valibot";
import { MARK } from "../probe/provide.ts";

/** What the probe says of a leaked Python object, as far as it is known without running the object's code. */
export const LeakedObjectSchema = v.object({
  type: v.string(),
  /** Null for an immortal object. */
  refcount: v.nullable(v.number()),
  length: v.optional(v.number()),
  /** The head of it, for built-in types. */
  repr: v.optional(v.string()),
  /** Where Python code allocated it, innermost last; with `python-stacks`. */
  python: v.optional(v.array(v.string())),
});

export type LeakedObject = v.InferOutput<typeof LeakedObjectSchema>;

/** The lines that the runner writes into the report. */
const MarkSchema = v.variant("event", [
  v.object({ event: v.literal("file-start") }),
  v.object({ event: v.literal("file-stop"), state: v.string(), ran: v.nullish(v.number()) }),
  v.object({ event: v.literal("test-start"), id: v.string() }),
  v.object({ event: v.literal("test-stop"), id: v.string() }),
  v.object({ event: v.literal("leaked-object"), record: v.number(), ...LeakedObjectSchema.entries }),
  v.object({ event: v.literal("immortal-strings"), record: v.number(), blocks: v.number(), bytes: v.number() }),
  v.object({ event: v.literal("growing-reference"), references: v.number(), ...LeakedObjectSchema.entries }),
  v.object({
    event: v.literal("leak-check"),
    of: v.picklist(["fork", "file", "class", "test"]),
    id: v.optional(v.string()),
    seconds: v.optional(v.number()),
  }),
]);

export type Mark = v.InferOutput<typeof MarkSchema>;

/** Undefined for a message that is not ours: every program may send some. */
export function parseMark(text: string): Mark | undefined {
  if (!text.startsWith(MARK)) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), MarkSchema), text.slice(MARK.length));
  return parsed.success ? parsed.output : undefined;
}
