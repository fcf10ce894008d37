import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parsePart } from "../../src/settings/sharding.ts";

const parse = (raw: Readonly<Record<string, string>>) => parsePart((name) => raw[name]);

suite("the part of a check", () => {
  test("the part of a check is the whole check by default, or a plan, a shard or a report", () => {
    assert.deepEqual(parse({}), { kind: "check" });
    assert.deepEqual(parse({ shard: "3/8" }), { kind: "shard", shard: { part: 3, of: 8 } });
    assert.deepEqual(parse({ mode: "report" }), { kind: "report" });
    assert.deepEqual(parse({ mode: "plan", shards: "8" }), { kind: "plan", count: { kind: "number", shards: 8 } });
    assert.deepEqual(parse({ mode: "plan", "shard-time": "30m" }), { kind: "plan", count: { kind: "time", seconds: 1800 } });
  });

  const refused: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ mode: "merge" }, /`mode` is `merge`; allowed: `check`, `plan`, `report`/],
    [{ shard: "9/8" }, /`shard` is `9\/8`/],
    [{ shard: "0/8" }, /`shard` is `0\/8`/],
    [{ shard: "1/300" }, /`shard` is `1\/300`/],
    [{ mode: "report", shard: "1/2" }, /`shard` is allowed with `check` only/],
    [{ mode: "report", shards: "2" }, /`shards` is allowed with `plan` only/],
    [{ "shard-time": "5m" }, /`shard-time` is allowed with `plan` only, not with `check`/],
    [{ mode: "plan" }, /either `shards`.*or `shard-time`/],
    [{ mode: "plan", shards: "2", "shard-time": "5m" }, /either `shards`.*or `shard-time`/],
    [{ mode: "plan", shards: "257" }, /a whole number from 1 to 256/],
    [{ mode: "plan", "shard-time": "soon" }, /`shard-time` is `soon`/],
  ];
  for (const [raw, why] of refused)
    test(`the part of a check cannot be ${JSON.stringify(raw)}`, () => assert.throws(() => parse(raw), why));
});
