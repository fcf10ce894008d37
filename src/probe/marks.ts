import * as v from "valibot";
import { LeakedObjectSchema } from "../model/leaked-object.ts";
import { MARK } from "./provide.ts";

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
