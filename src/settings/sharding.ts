import { MAX_SHARDS, parseShard, type Shard } from "../model/shard.ts";
import { UserError } from "../model/user-error.ts";
import { bad, choiceOf, parseDuration } from "./setting-values.ts";
import type { SettingName } from "./settings-table.ts";

/** Number of shards: given, or as many as are needed to keep each within a time limit. */
export type ShardCount = { readonly kind: "number"; readonly shards: number } | { readonly kind: "time"; readonly seconds: number };

/** The part of a check that a process runs. */
export type Part =
  | { readonly kind: "check" }
  | { readonly kind: "plan"; readonly count: ShardCount }
  | { readonly kind: "shard"; readonly shard: Shard }
  | { readonly kind: "report" };

type Given = (name: SettingName) => string | undefined;

/** @throws UserError, also for a setting that the mode does not use. */
export function parsePart(given: Given): Part {
  const kind = choiceOf("mode", given("mode"));
  const shard = given("shard");
  if (kind !== "check" && shard !== undefined) throw new UserError(`\`shard\` is allowed with \`check\` only, not with \`${kind}\`.`);
  const foreign = (["shards", "shard-time"] as const).find((name) => kind !== "plan" && given(name) !== undefined);
  if (foreign !== undefined) throw new UserError(`\`${foreign}\` is allowed with \`plan\` only, not with \`${kind}\`.`);
  if (kind === "plan") return { kind, count: parseCount(given("shards"), given("shard-time")) };
  if (kind === "report" || shard === undefined) return { kind };
  return { kind: "shard", shard: shardOf(shard) };
}

function parseCount(shards: string | undefined, time: string | undefined): ShardCount {
  if ((shards === undefined) === (time === undefined))
    throw new UserError("`plan` needs either `shards`, such as `8`, or `shard-time`, such as `30m`.");
  if (time !== undefined) return { kind: "time", seconds: parseDuration("shard-time", time) };
  const count = /^[1-9]\d{0,2}$/.test(shards ?? "") ? Number(shards) : 0;
  if (count < 1 || count > MAX_SHARDS) throw bad("shards", shards ?? "", `a whole number from 1 to ${MAX_SHARDS}`);
  return { kind: "number", shards: count };
}

function shardOf(value: string): Shard {
  const shard = parseShard(value);
  if (shard === undefined) throw bad("shard", value, "a shard of a plan, such as `3/8`");
  return shard;
}
