import assert from "node:assert/strict";
import { test } from "node:test";
import { type Finished, isDone, parseState, secondsLeft, stateLine } from "../../../eval/history/state.ts";
import { finished } from "./finished.ts";

test("finished rows are read back as they were written", () => {
  const rows: readonly Finished[] = [finished({ key: "fixes a" }), finished({ key: "fixes b", outcome: { code: "quiet" } })];
  assert.deepEqual([...parseState(rows.map(stateLine).join("")).values()], rows);
});

test("the last line of a row replaces earlier ones", () => {
  const again = finished({ outcome: { code: "missed", why: "nothing-new", detail: "" } });
  assert.deepEqual([...parseState(stateLine(finished()) + stateLine(again)).values()], [again]);
});

test("a truncated line loses only its own row", () => {
  const cut = stateLine(finished({ key: "fixes a" })).slice(0, -9);
  assert.deepEqual([...parseState(cut + stateLine(finished({ key: "fixes b" }))).keys()], ["fixes b"]);
  assert.equal(parseState("").size, 0);
});

test("a row is finished unless the repository could not check it out", () => {
  const failed = (why: "no-commit" | "not-built") => finished({ outcome: { code: "not-reached", why, detail: "" } });
  assert.deepEqual([undefined, failed("no-commit"), failed("not-built"), finished()].map(isDone), [false, false, true, true]);
});

test("the time left is estimated from checked rows", () => {
  const rows = [
    finished({ baseSeconds: 100, seconds: 20 }),
    finished({ baseSeconds: 60, seconds: 20 }),
    finished({ baseSeconds: null, seconds: null }),
  ];
  assert.equal(secondsLeft(rows, 3), 300);
  assert.equal(secondsLeft([], 3), undefined);
});
