import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MAX_STORED } from "../../model/limits.ts";
import { messageOf, systemCodeOf, writingTo } from "../../model/user-error.ts";
import type { ShardStore, StoredLookup } from "../../shards/shard-store.ts";
import { writeAtomically } from "../../system/atomic-write.ts";

/** A plan, and what its shards found, as files of one directory, which may be copied from machine to machine. */
export class PlanFolder implements ShardStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async load(name: string): Promise<StoredLookup> {
    const where = this.#pathOf(name);
    try {
      const status = await stat(where);
      if (!status.isFile()) return { kind: "none", where, why: { code: "damaged", detail: "it is not a regular file" } };
      if (status.size > MAX_STORED)
        return { kind: "none", where, why: { code: "damaged", detail: `it is larger than ${MAX_STORED} bytes` } };
      return { kind: "found", where, packed: await readFile(where) };
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return { kind: "none", where, why: { code: "missing" } };
      return { kind: "none", where, why: { code: "damaged", detail: messageOf(error) } };
    }
  }

  async keep(name: string, packed: Uint8Array): Promise<void> {
    const path = this.#pathOf(name);
    await writingTo("What was planned or found", path, async () => {
      await mkdir(this.#folder, { recursive: true });
      await writeAtomically(path, packed);
    });
  }

  async drop(name: string): Promise<void> {
    const path = this.#pathOf(name);
    await writingTo("What a shard found before", path, () => rm(path, { force: true }));
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}.json.gz`);
  }
}
