import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Countdown } from "../../src/engines/countdown.ts";

const jobs = (count: number): { readonly name: string }[] => Array.from({ length: count }, (_, index) => ({ name: `test_${index}` }));
const durations = (list: readonly { readonly name: string }[], seconds: number) => new Map(list.map(({ name }) => [name, seconds]));
const secondsLeft = (clock: Countdown): number | undefined => {
  const { left } = clock.position();
  return left === undefined ? undefined : Math.round(left);
};

suite("the time left", () => {
  test("the remaining time is the recorded time of unfinished test files, divided by the parallel runs", () => {
    const list = jobs(4);
    const clock = new Countdown(list, 2, durations(list, 60));
    assert.equal(secondsLeft(clock), 120);
    for (const job of list.slice(0, 2)) clock.start(job);
    for (const job of list.slice(0, 2)) clock.stop(job);
    assert.deepEqual([secondsLeft(clock), clock.position().done], [60, 2]);
  });

  test("the remaining time is at least that of the longest test file, which can't be divided", () => {
    const list = jobs(2);
    assert.equal(
      secondsLeft(
        new Countdown(
          list,
          2,
          new Map([
            ["test_0", 100],
            ["test_1", 10],
          ]),
        ),
      ),
      100,
    );
  });

  test("the remaining time is not shown if a time is not recorded, until ten test files have ended", () => {
    const list = jobs(20);
    const clock = new Countdown(list, 2, new Map());
    for (const [index, job] of list.entries()) {
      assert.equal(secondsLeft(clock), index < 10 ? undefined : 0);
      clock.start(job);
      clock.stop(job);
    }
  });
});
