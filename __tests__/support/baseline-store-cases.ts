import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { BaselineLookup, BaselineStore } from "../../src/findings/baseline-store.ts";
import { baseline, entry } from "./builders.ts";

/** A place for baselines, empty at first. */
export interface BaselinePlace {
  /** The store as the next check of the place opens it. */
  next(): BaselineStore | Promise<BaselineStore>;
  /** Replaces the last recording by bytes that are not a baseline. */
  damage(): void | Promise<void>;
  /** Makes it unreadable from now on. */
  close(): void | Promise<void>;
}

const ONE = baseline({ findings: [entry("f", { blocks: 2 })] });
const OTHER = baseline({ findings: [entry("g")], recordedAt: "2026-02-02T00:00:00.000Z" }, ["test_a", "test_b"]);

/** What every store of baselines has to do. */
export function testBaselineStore(name: string, open: () => BaselinePlace | Promise<BaselinePlace>): void {
  suite(`${name}, as a store of baselines`, () => {
    test(`${name}, as a store of baselines, has none at first, and says where it looked`, async () => {
      const lookup = await (await (await open()).next()).load();
      assert.equal(lookup.kind, "none");
      assert.notEqual(lookup.where, "");
    });

    test(`${name}, as a store of baselines, gives the next check the recorded baseline unchanged`, async () => {
      const place = await open();
      const recording = await (await place.next()).record(ONE);
      assert.equal(recording.kind, "recorded");
      assert.deepEqual(found(await (await place.next()).load()), ONE);
      assert.deepEqual(found(await (await place.next()).load()), ONE);
    });

    test(`${name}, as a store of baselines, gives the latest recording`, async () => {
      const place = await open();
      for (const one of [ONE, OTHER]) {
        const store = await place.next();
        await store.load();
        assert.equal((await store.record(one)).kind, "recorded");
      }
      assert.deepEqual(found(await (await place.next()).load()), OTHER);
    });

    test(`${name}, as a store of baselines, reports an invalid baseline as unreadable, and neither as missing nor empty`, async () => {
      const place = await open();
      await (await place.next()).record(ONE);
      await place.damage();
      const lookup = await (await place.next()).load();
      assert.equal(lookup.kind, "unreadable");
      assert.notEqual(lookup.kind === "unreadable" ? lookup.detail : "", "");
    });

    test(`${name}, as a store of baselines, can be recorded to after it was unreadable`, async () => {
      const place = await open();
      await (await place.next()).record(ONE);
      await place.damage();
      const store = await place.next();
      await store.load();
      await store.record(OTHER);
      assert.deepEqual(found(await (await place.next()).load()), OTHER);
    });

    test(`${name}, as a store of baselines, never says that there is none if it cannot look`, async () => {
      const place = await open();
      await (await place.next()).record(ONE);
      await place.close();
      const store = await place.next();
      const kind = await store.load().then(
        (lookup) => lookup.kind,
        (error: unknown) => (error instanceof Error ? error.name : ""),
      );
      assert.ok(["unreachable", "UserError"].includes(kind), kind);
    });
  });
}

function found(lookup: BaselineLookup): unknown {
  assert.equal(lookup.kind, "found");
  return lookup.kind === "found" ? lookup.baseline : undefined;
}
