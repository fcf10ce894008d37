import * as v from "valibot";

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
