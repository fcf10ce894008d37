/** The result of looking up a cached build. None of these fails the check: without a cached build it builds from scratch. */
export type BuildLookup =
  /** `key` is the key that it was saved under. */
  | { readonly kind: "restored"; readonly key: string }
  | { readonly kind: "none" }
  /** Only builds that a baseline names are trusted, and it names none of this recipe. */
  | { readonly kind: "not-named" }
  /** Its hash is not the one in the baseline. */
  | { readonly kind: "other-hash"; readonly key: string }
  /** The store's complaint. */
  | { readonly kind: "failed"; readonly reason: string };

/** The result of saving a build. `exists`: another run saved one under this key. `refused`: this run is not allowed to. */
export type BuildKeeping =
  | { readonly kind: "kept" }
  | { readonly kind: "exists" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** Saves packed builds from one run to the next, one file each. Its methods never throw. */
export interface BuildStore {
  /** Writes the build that was saved under `key` to the file `archive`, or else the newest one whose key begins with the first matching prefix. */
  restore(archive: string, key: string, prefixes: readonly string[]): Promise<BuildLookup>;
  /** Saves the file `archive` under a key. Saved builds are never replaced. */
  keep(archive: string, key: string): Promise<BuildKeeping>;
  /**
   * Minimum build time in seconds for a build to be saved: a faster build takes less time than packing, sending, fetching and unpacking it,
   * and stores are small. Infinite if no later run could restore it.
   */
  readonly minSecondsToCache: number;
  /** Whether all builds in it are trusted here, or only those that a baseline names. */
  readonly restoresAny: boolean;
}
