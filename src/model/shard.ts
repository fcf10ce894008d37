import * as v from "valibot";

/** One of so many parts of a check, from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** GitHub runs at most as many jobs of one matrix. */
export const MAX_SHARDS = 256;

/** As people give it: `3/8`. */
export const ShardNameSchema = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/),
  v.check((name) => parseShard(name) !== undefined, "a part of a whole, such as 3/8"),
);

export function shardName({ part, of }: Shard): string {
  return `${part}/${of}`;
}

/** Undefined for what is no part of a whole. */
export function parseShard(name: string): Shard | undefined {
  const [, part = "", of = ""] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(name) ?? [];
  const shard = { part: Number(part), of: Number(of) };
  return part !== "" && shard.part <= shard.of && shard.of <= MAX_SHARDS ? shard : undefined;
}
