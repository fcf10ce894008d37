import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { inPool } from "../../src/system/pool.ts";

/** Turns of the event loop that each item takes. */
const work = fc.record({ turns: fc.array(fc.nat(4), { maxLength: 20 }), width: fc.integer({ min: 1, max: 8 }) });

async function wait(turns: number): Promise<void> {
  for (let left = turns; left > 0; left--) await turn();
}

suite("a pool", () => {
  test("a pool gives results in the order of items, works on each once, and on no more than its width at a time", async () => {
    await fc.assert(
      fc.asyncProperty(work, async ({ turns, width }) => {
        const started: number[] = [];
        let now = 0;
        let most = 0;
        const items = turns.map((count, index) => ({ count, index }));
        const results = await inPool(items, width, async ({ count, index }) => {
          started.push(index);
          most = Math.max(most, ++now);
          await wait(count);
          now--;
          return index * 2;
        });
        assert.deepEqual(
          results,
          items.map(({ index }) => index * 2),
        );
        assert.deepEqual(
          started,
          items.map(({ index }) => index),
        );
        assert.ok(most <= width);
        assert.equal(most, Math.min(width, items.length));
      }),
    );
  });

  test("a pool fails with the first failure and starts nothing after it", async () => {
    const started: number[] = [];
    const failing = inPool([0, 1, 2, 3, 4, 5, 6, 7], 2, async (item) => {
      started.push(item);
      await wait(item === 1 ? 1 : 3);
      if (item === 1) throw new Error("the second failed");
    });
    await assert.rejects(failing, /the second failed/);
    await wait(20);
    assert.deepEqual(started, [0, 1]);
  });

  test("a pool fails also when the work fails at once", async () => {
    await assert.rejects(
      inPool([1], 1, () => Promise.reject(new Error("at once"))),
      /at once/,
    );
  });
});
