import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { NamedBuild } from "../findings/baseline.ts";
import type { BaselineLookup } from "../findings/baseline-store.ts";
import { messageOf } from "../model/user-error.ts";
import type { BuildKeeping, BuildLookup, BuildStore } from "./build-store.ts";

/** Maximum number of named builds to request from a store: it drops the oldest first. */
const MAX_ASKED = 3;

/**
 * A store of builds that is limited to the builds named by a baseline. A pull request has its own cache, where an earlier push could have left a
 * build that hides errors of the reviewed commit. So if the store may hold such builds, only those are restored whose hash was recorded by a run
 * on a trusted branch. Remembers the builds that this check saved or started from, for the baseline that it records.
 */
export class NamedBuilds implements BuildStore {
  readonly minSecondsToCache: number;
  readonly restoresAny: boolean;
  readonly #store: BuildStore;
  readonly #named: readonly NamedBuild[];
  readonly #used: NamedBuild[] = [];

  /** @param named builds, newest first. */
  constructor(store: BuildStore, named: readonly NamedBuild[]) {
    this.minSecondsToCache = store.minSecondsToCache;
    this.restoresAny = store.restoresAny;
    this.#store = store;
    this.#named = named;
  }

  /** The builds that this check saved or started from, newest first. */
  get used(): readonly NamedBuild[] {
    return this.#used;
  }

  async restore(archive: string, key: string, prefixes: readonly string[]): Promise<BuildLookup> {
    try {
      return this.restoresAny ? await this.#restoreAny(archive, key, prefixes) : await this.#restoreNamed(archive, key, prefixes);
    } catch (error) {
      return { kind: "failed", reason: messageOf(error) };
    }
  }

  async keep(archive: string, key: string): Promise<BuildKeeping> {
    const keeping = await this.#store.keep(archive, key);
    try {
      if (keeping.kind === "kept") this.#used.unshift({ key, sha256: await sha256Of(archive) });
      if (keeping.kind === "exists" && this.restoresAny) await this.#nameKept(`${archive}.kept`, key);
    } catch (error) {
      return { kind: "failed", reason: messageOf(error) };
    }
    return keeping;
  }

  async #restoreAny(archive: string, key: string, prefixes: readonly string[]): Promise<BuildLookup> {
    const lookup = await this.#store.restore(archive, key, prefixes);
    if (lookup.kind === "restored") this.#used.push({ key: lookup.key, sha256: await sha256Of(archive) });
    return lookup;
  }

  /** Another job was faster: later runs restore the build that it saved. */
  async #nameKept(archive: string, key: string): Promise<void> {
    await this.#restoreAny(archive, key, []);
    await rm(archive, { force: true });
  }

  async #restoreNamed(archive: string, key: string, prefixes: readonly string[]): Promise<BuildLookup> {
    const fitting = this.#named.filter((build) => build.key === key || prefixes.some((prefix) => build.key.startsWith(prefix)));
    if (fitting.length === 0) return { kind: "not-named" };
    const exactFirst = [...fitting.filter((build) => build.key === key), ...fitting.filter((build) => build.key !== key)];
    let outcome: BuildLookup = { kind: "none" };
    for (const build of exactFirst.slice(0, MAX_ASKED)) {
      outcome = await this.#restoreOne(archive, build);
      if (outcome.kind === "restored") return outcome;
    }
    return outcome;
  }

  async #restoreOne(archive: string, build: NamedBuild): Promise<BuildLookup> {
    const lookup = await this.#store.restore(archive, build.key, []);
    if (lookup.kind !== "restored") return lookup;
    if (lookup.key !== build.key || (await sha256Of(archive)) !== build.sha256) {
      await rm(archive, { force: true });
      return { kind: "other-hash", key: build.key };
    }
    this.#used.push(build);
    return lookup;
  }
}

/** The builds that a baseline vouches for. A baseline in a file may come from the change itself; one with an origin is from a trusted branch. */
export function buildsNamedBy(lookup: BaselineLookup): readonly NamedBuild[] {
  return lookup.kind === "found" && lookup.origin !== undefined ? lookup.baseline.builds : [];
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
