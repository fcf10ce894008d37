import * as v from "valibot";

const NodeSchema = v.looseObject({ type: v.string() });
const EntriesSchema = v.record(v.string(), v.unknown());

/** The values that samples have for each part of a schema, by the part itself: what is used in several places is one part. */
type Seen = Map<unknown, unknown[]>;

/**
 * What a schema allows and no sample has: options of variants and of picklists, null and another value where null is allowed, an item of an
 * array. Empty when the samples are complete.
 */
export function uncovered(schema: unknown, samples: readonly unknown[]): readonly string[] {
  const seen: Seen = new Map();
  for (const sample of samples) walk(schema, sample, seen);
  return [...seen].flatMap(([part, values]) => missingOf(part, values));
}

function walk(schema: unknown, value: unknown, seen: Seen): void {
  seen.set(schema, [...(seen.get(schema) ?? []), value]);
  const node = v.parse(NodeSchema, schema);
  switch (node.type) {
    case "variant": {
      const option = optionsOf(schema).find((one) => codeOf(one) === codeIn(value));
      if (option === undefined) throw new Error(`${JSON.stringify(value)} is not one of the options`);
      walk(option, value, seen);
      return;
    }
    case "object":
      for (const [name, entry] of Object.entries(v.parse(EntriesSchema, node.entries)))
        walk(entry, v.parse(EntriesSchema, value)[name], seen);
      return;
    case "nullable":
      if (value !== null) walk(node.wrapped, value, seen);
      return;
    case "array":
      for (const item of v.parse(v.array(v.unknown()), value)) walk(node.item, item, seen);
      return;
  }
}

function missingOf(schema: unknown, values: readonly unknown[]): readonly string[] {
  const node = v.parse(NodeSchema, schema);
  switch (node.type) {
    case "variant":
      return optionsOf(schema)
        .map(codeOf)
        .filter((code) => !values.some((value) => codeIn(value) === code));
    case "picklist":
      return v.parse(v.array(v.string()), node.options).filter((option) => !values.includes(option));
    case "nullable":
      return [values.includes(null) ? [] : ["null"], values.some((value) => value !== null) ? [] : ["not null"]].flat();
    case "array":
      return values.some((value) => v.parse(v.array(v.unknown()), value).length > 0) ? [] : ["an item"];
    default:
      return [];
  }
}

/** The objects that a variant is one of. */
export function optionsOf(schema: unknown): readonly unknown[] {
  return v.parse(v.looseObject({ options: v.array(v.unknown()) }), schema).options;
}

/** The code of an option. */
export function codeOf(option: unknown): string {
  return v.parse(v.object({ entries: v.object({ code: v.object({ literal: v.string() }) }) }), option).entries.code.literal;
}

function codeIn(value: unknown): string {
  return v.parse(v.object({ code: v.string() }), value).code;
}
