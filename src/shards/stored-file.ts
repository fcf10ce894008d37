import { gunzipSync, gzipSync } from "node:zlib";
import * as v from "valibot";
import type { StoredFault } from "../model/problem.ts";
import { messageOf } from "../model/user-error.ts";
import { PLAN_VERSION } from "./shard-plan.ts";

/** A shard's result usually unpacks to a few megabytes; a first run with all stacks to a few hundred. */
const MAX_UNPACKED = 512 * 1024 * 1024;

type Damaged = Extract<StoredFault, { code: "damaged" }>;

export function encodeStored(value: object): Uint8Array {
  return gzipSync(JSON.stringify(value));
}

/** Never throws: untrusted bytes give a value or the reason why they are damaged. */
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
    return damaged(`its format has version ${version.output.planVersion}, and this cpython-memcheck uses version ${PLAN_VERSION}`);
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return { value: parsed.output };
  const [issue] = parsed.issues;
  return damaged(`${v.getDotPath(issue) ?? "its content"} is not as expected (${issue.message})`);
}

function damaged(detail: string): Damaged {
  return { code: "damaged", detail: detail.slice(0, 500) };
}
