import * as v from "valibot";

/** The probe's description of a leaked Python object, made without running the object's code. */
export const LeakedObjectSchema = v.object({
  type: v.string(),
  /** Null for an immortal object. */
  refcount: v.nullable(v.number()),
  length: v.optional(v.number()),
  /** The beginning of its value, for built-in types. */
  repr: v.optional(v.string()),
  /** Where Python code allocated it, innermost last; with `python-stacks`. */
  python: v.optional(v.array(v.string())),
});

export type LeakedObject = v.InferOutput<typeof LeakedObjectSchema>;
