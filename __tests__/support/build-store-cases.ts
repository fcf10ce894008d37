// What every BuildStore does, wherever it keeps builds.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { BuildLookup, BuildStore } from "../../src/build/build-store.ts";
import { temporaryFolder } from "./folders.ts";

/** A place that keeps nothing yet. Each call gives the store as another run on that place has it. */
export type StorePlace = () => BuildStore;

/** A build that runs keep and restore. Its archive is at one path in all of them, as it is in a job. */
class Run {
  readonly archive = join(temporaryFolder(), "build.tar.zst");
  readonly #place: StorePlace;

  constructor(place: StorePlace) {
    this.#place = place;
  }

  async keep(key: string, content: Uint8Array | string): Promise<string> {
    writeFileSync(this.archive, content);
    const { kind } = await this.#place().keep(this.archive, key);
    rmSync(this.archive);
    return kind;
  }

  async restore(key: string, ...prefixes: readonly string[]): Promise<BuildLookup & { content?: string }> {
    const lookup = await this.#place().restore(this.archive, key, prefixes);
    return lookup.kind === "restored" ? { ...lookup, content: readFileSync(this.archive, "latin1") } : lookup;
  }
}

/** Declares the tests of a store; `open` makes a new place for each. */
export function testBuildStore(name: string, open: () => StorePlace | Promise<StorePlace>): void {
  const during = (sentence: string, body: (run: Run, place: StorePlace) => Promise<void>): void => {
    test(`${name}, as a store of builds, ${sentence}`, async () => {
      const place = await open();
      await body(new Run(place), place);
    });
  };

  suite(`${name}, as a store of builds`, { concurrency: true }, () => {
    during("has nothing at first, and writes no archive then", async (run) => {
      assert.deepEqual(await run.restore("build-a-1", "build-a-", "build-"), { kind: "none" });
      assert.equal(existsSync(run.archive), false);
    });

    during("gives another run the bytes that were kept under a key", async (run) => {
      const content = randomBytes(3_000_000);
      assert.equal(await run.keep("build-a-1", content), "kept");
      assert.deepEqual(await run.restore("build-a-1"), { kind: "restored", key: "build-a-1", content: content.toString("latin1") });
    });

    during("puts what it restores in the place of a file that is there", async (run) => {
      await run.keep("build-a-1", "kept");
      writeFileSync(run.archive, "a longer one, of a job before");
      assert.deepEqual(await run.restore("build-a-1"), { kind: "restored", key: "build-a-1", content: "kept" });
    });

    during("prefers the key to a newer build whose key begins like it", async (run) => {
      await run.keep("build-a-1", "exact");
      await run.keep("build-a-12", "longer");
      await run.keep("build-a-2", "newest");
      assert.deepEqual(await run.restore("build-a-1", "build-a-"), { kind: "restored", key: "build-a-1", content: "exact" });
    });

    during("does not take a key for a prefix", async (run) => {
      await run.keep("build-a-12", "longer");
      assert.deepEqual(await run.restore("build-a-1"), { kind: "none" });
      assert.deepEqual(await run.restore("build-a-1", "build-b-"), { kind: "none" });
    });

    during("gives the newest build whose key begins with a prefix, and its key", async (run) => {
      await run.keep("build-a-9", "older");
      await run.keep("build-a-1", "newer");
      await run.keep("build-b-1", "of another recipe");
      assert.deepEqual(await run.restore("build-a-5", "build-a-"), { kind: "restored", key: "build-a-1", content: "newer" });
    });

    during("goes by the order of the prefixes before it goes by age", async (run) => {
      await run.keep("build-a-1", "of the first prefix");
      await run.keep("build-b-1", "of the second");
      const found = await run.restore("build-a-5", "build-none-", "build-a-", "build-b-");
      assert.deepEqual(found, { kind: "restored", key: "build-a-1", content: "of the first prefix" });
    });

    during("never replaces what is kept", async (run) => {
      assert.equal(await run.keep("build-a-1", "first"), "kept");
      assert.equal(await run.keep("build-a-1", "second"), "exists");
      assert.deepEqual(await run.restore("build-a-1"), { kind: "restored", key: "build-a-1", content: "first" });
    });

    during("says why it cannot keep an archive that is not there, and keeps nothing", async (run, place) => {
      const keeping = await place().keep(run.archive, "build-a-1");
      assert.ok(keeping.kind === "failed" && keeping.reason !== "", keeping.kind);
      assert.deepEqual(await run.restore("build-a-1", "build-"), { kind: "none" });
      assert.equal(await run.keep("build-a-1", "later"), "kept");
    });
  });
}
