import type { StoredFault } from "../model/problem.ts";

/** What a look for something stored gives. */
export type StoredLookup =
  | { readonly kind: "found"; readonly packed: Uint8Array; readonly where: string }
  | { readonly kind: "none"; readonly why: StoredFault; readonly where: string };

/** Keeps plans, and what shards found, from one job of a run to the next. */
export interface ShardStore {
  load(name: string): Promise<StoredLookup>;
  /** @throws UserError where it cannot be kept. */
  keep(name: string, packed: Uint8Array): Promise<void>;
  /** Takes away what an earlier attempt of the same job kept: what counts is the newest one, even if it comes to nothing. @throws UserError */
  drop(name: string): Promise<void>;
}

export const PLAN_NAME = "plan";

/** @param shard `3/8` */
export function nameOfShard(shard: string): string {
  return `shard-${shard.replace("/", "-of-")}`;
}
