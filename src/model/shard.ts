import * as v from "valibot";

/** One part of a check: number `part`, counted from 1, of `of` parts. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** GitHub's limit for the jobs of one matrix. */
export const MAX_SHARDS = 256;

/** As in settings: `3/8`. */
export const ShardNameSchema = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/),
  v.check((name) => parseShard(name) !== undefined, "a shard, such as 3/8"),
);

export function shardName({ part, of }: Shard): string {
  return `${part}/${of}`;
}

/** Undefined for an invalid name, such as `0/8` or `9/8`. */
export function parseShard(name: string): Shard | undefined {
  const [, part = "", of = ""] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(name) ?? [];
  const shard = { part: Number(part), of: Number(of) };
  return part !== "" && shard.part <= shard.of && shard.of <= MAX_SHARDS ? shard : undefined;
}
