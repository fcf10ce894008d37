import type { StoredFault } from "../model/problem.ts";

/** Result of loading a plan or a shard's result. `where` names the file or artifact. */
export type StoredLookup =
  | { readonly kind: "found"; readonly packed: Uint8Array; readonly where: string }
  | { readonly kind: "none"; readonly why: StoredFault; readonly where: string };

/** Passes plans and shard results from one job of a run to the next. */
export interface ShardStore {
  load(name: string): Promise<StoredLookup>;
  /** @throws UserError if it cannot be stored. */
  keep(name: string, packed: Uint8Array): Promise<void>;
  /** Deletes what an earlier attempt of the same job stored: only the newest attempt counts, even if it fails. @throws UserError */
  drop(name: string): Promise<void>;
}

export const PLAN_NAME = "plan";

/** @param shard `3/8` */
export function nameOfShard(shard: string): string {
  return `shard-${shard.replace("/", "-of-")}`;
}
