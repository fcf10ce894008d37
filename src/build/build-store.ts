/** What a look for a kept build gives. None of the three is a failure of the check: without a kept build it builds from scratch. */
export type BuildLookup =
  /** `key` is the one that it was kept under. */
  { readonly kind: "restored"; readonly key: string } | { readonly kind: "none" } | { readonly kind: "failed"; readonly reason: string };

/** What became of a build that was to be kept. `exists`: another run has kept one under this key. `refused`: this run may not. */
export type BuildKeeping =
  | { readonly kind: "kept" }
  | { readonly kind: "exists" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** Keeps packed builds from one run to the next, each in one file. Its methods never throw. */
export interface BuildStore {
  /** Writes the build that was kept under `key` to the file `archive`; else the newest whose key begins with the first prefix that any does. */
  restore(archive: string, key: string, prefixes: readonly string[]): Promise<BuildLookup>;
  /** Keeps the file `archive` under a key. What is kept is never replaced. */
  keep(archive: string, key: string): Promise<BuildKeeping>;
  /**
   * A build is worth keeping that took more seconds to make: what took less is made again before it would be packed, sent, fetched and unpacked, and
   * stores are small. Infinite where no later run could have it.
   */
  readonly minSecondsToCache: number;
  /** Whether all that it holds is trusted here; else only builds that a baseline names. */
  readonly restoresAny: boolean;
}
