import { gunzipSync, gzipSync } from "node:zlib";
import * as v from "valibot";
import type { StoredFault } from "../model/problem.ts";
import { messageOf } from "../model/user-error.ts";
import { PLAN_VERSION } from "./shard-plan.ts";

/** What a shard found unpacks to some megabytes, with all stacks of a first run to some hundred. */
const MAX_UNPACKED = 512 * 1024 * 1024;

type Damaged = Extract<StoredFault, { code: "damaged" }>;

export function encodeStored(value: object): Uint8Array {
  return gzipSync(JSON.stringify(value));
}

/** Whatever the bytes are, the answer is a value that says what is wrong with them. */
export function decodeStored<const Schema extends v.GenericSchema>(
  schema: Schema,
  packed: Uint8Array,
): { readonly value: v.InferOutput<Schema> } | Damaged {
  let value: unknown;
  try {
    value = JSON.parse(gunzipSync(packed, { maxOutputLength: MAX_UNPACKED }).toString("utf8"));
  } catch (error) {
    return damaged(`it is not gzipped JSON (${messageOf(error)})`);
  }
  const version = v.safeParse(v.object({ planVersion: v.number() }), value);
  if (version.success && version.output.planVersion !== PLAN_VERSION)
    return damaged(`its form has version ${version.output.planVersion}, and this is version ${PLAN_VERSION}`);
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return { value: parsed.output };
  const [issue] = parsed.issues;
  return damaged(`${v.getDotPath(issue) ?? "it"} has another form than it should (${issue.message})`);
}

function damaged(detail: string): Damaged {
  return { code: "damaged", detail: detail.slice(0, 500) };
}
