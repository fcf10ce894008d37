import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { mergeBaselines } from "../../src/findings/merge-baselines.ts";
import { recordInto } from "../../src/findings/record-baseline.ts";
import { extendTimeline, mergeTimelines, pointOf } from "../../src/findings/timeline-point.ts";
import { MAX_LEAKS, MAX_POINTS, TimelinePointSchema, TimelineSchema } from "../../src/model/timeline.ts";
import { baseline, entry, finding, IDENTITY, recordedTest } from "../support/builders.ts";
import { point } from "../support/reports.ts";

const dates = (points: readonly { readonly recordedAt: string }[]): readonly string[] => points.map(({ recordedAt }) => recordedAt);
const at = (number: number): string => new Date(Date.UTC(2026, 0, 1, number)).toISOString();

suite("a point of the timeline", () => {
  test("a point of the timeline counts an error once, even if several test files and engines show it", () => {
    const findings = [
      entry("f", { test: "test_a" }),
      entry("f", { test: "test_b" }),
      entry("f", { test: "test_a", engine: "scan" }),
      entry("g", { kind: "InvalidRead", blocks: 0 }),
    ];
    assert.deepEqual(pointOf(baseline({ findings })).kinds, [
      { kind: "InvalidRead", errors: 1 },
      { kind: "Leak_DefinitelyLost", errors: 1 },
    ]);
  });

  test("a point of the timeline adds up the blocks of a leak over test files, and takes the engine with the most", () => {
    const findings = [
      entry("f", { test: "test_a", blocks: 2 }),
      entry("f", { test: "test_b", blocks: 3 }),
      entry("f", { test: "test_a", blocks: 4, engine: "scan" }),
      entry("g", { blocks: 9 }),
      entry("h", { kind: "InvalidRead", blocks: 0 }),
    ];
    const { leaks, moreLeaks } = pointOf(baseline({ findings }));
    assert.deepEqual(
      leaks.map((leak) => [leak.function, leak.blocks]),
      [
        ["g", 9],
        ["f", 5],
      ],
    );
    assert.equal(moreLeaks, 0);
  });

  test("a point of the timeline has the seconds and test files of each engine", () => {
    const tests = [
      recordedTest({ name: "test_a", engine: "scan", seconds: 1.25 }),
      recordedTest({ name: "test_b", engine: "scan", seconds: 2 }),
      recordedTest({ name: "test_a", engine: "torture", slice: "1/2", seconds: 5 }),
      recordedTest({ name: "test_a", engine: "torture", slice: "2/2", seconds: 5 }),
    ];
    assert.deepEqual(pointOf(baseline({ tests })).stages, [
      { engine: "scan", tests: 2, seconds: 3.3 },
      { engine: "torture", tests: 1, seconds: 10 },
    ]);
  });

  test("a point of the timeline has a limited size, and counts the leaks that it leaves out", () => {
    const findings = Array.from({ length: 200 }, (_, index) =>
      entry(`f${index}${"x".repeat(5000)}`, { kind: `Leak_${index}`, blocks: index + 1 }),
    );
    const one = pointOf(baseline({ findings }));
    assert.deepEqual(v.parse(TimelinePointSchema, one), one);
    assert.equal(one.moreLeaks, 200 - MAX_LEAKS);
    assert.equal(one.leaks[0]?.blocks, 200);
    assert.ok(JSON.stringify(one).length < 20_000);
  });
});

suite("a timeline", () => {
  test("a timeline keeps the last recordings", () => {
    let points = extendTimeline([], point({ recordedAt: at(0) }));
    for (let number = 1; number < MAX_POINTS + 3; number++) points = extendTimeline(points, point({ recordedAt: at(number) }));
    assert.equal(points.length, MAX_POINTS);
    assert.deepEqual([points[0]?.recordedAt, points.at(-1)?.recordedAt], [at(3), at(MAX_POINTS + 2)]);
    assert.deepEqual(v.parse(TimelineSchema, points), points);
  });

  test("merged timelines contain each recording once, in order of time", () => {
    const [a, b, c] = [point({ recordedAt: at(1) }), point({ recordedAt: at(2) }), point({ recordedAt: at(3) })];
    assert.deepEqual(dates(mergeTimelines([a, c], [a, b])), [at(1), at(2), at(3)]);
    fc.assert(
      fc.property(fc.array(fc.nat(80)), fc.array(fc.nat(80)), (ours, theirs) => {
        const [mine, others] = [ours, theirs].map((list) => list.map((number) => point({ recordedAt: at(number) })));
        const merged = dates(mergeTimelines(mine ?? [], others ?? []));
        assert.deepEqual(merged, [...new Set([...ours, ...theirs].map(at))].sort().slice(-MAX_POINTS));
      }),
    );
  });
});

suite("the timeline of a baseline", () => {
  const recording = { content: null, functions: [], relaxations: [], suppressed: [], identity: IDENTITY, sha: null };
  const { latest: _, ...ran } = recordedTest();

  test("the timeline of a baseline gets a point for each recording, which describes the whole baseline", () => {
    const before = baseline({ timeline: [point({ recordedAt: at(1) })] }, ["test_a"]);
    const next = recordInto(before, { ...recording, recordedAt: at(2), tests: [ran], findings: [finding("f")] });
    assert.deepEqual(dates(next.timeline), [at(1), at(2)]);
    assert.deepEqual(next.timeline[1]?.stages, [{ engine: "memcheck", tests: 2, seconds: 3 }]);
    assert.deepEqual(next.timeline[1]?.kinds, [{ kind: "Leak_DefinitelyLost", errors: 1 }]);
  });

  test("the timeline of a baseline continues even if the previous baseline can't be compared", () => {
    const earlier = [point({ recordedAt: at(1) })];
    assert.deepEqual(dates(recordInto(undefined, { ...recording, recordedAt: at(2), tests: [ran], findings: [], earlier }).timeline), [
      at(1),
      at(2),
    ]);
  });

  test("the timeline of two merged baselines ends with a point for the merged baseline", () => {
    const base = baseline({ timeline: [point({ recordedAt: at(1) })] }, ["test_a"]);
    const of = (name: string, recordedAt: string) =>
      recordInto(base, {
        ...recording,
        recordedAt,
        tests: [{ ...ran, name }],
        findings: [finding(name, { test: { file: name, id: null } })],
      });
    const merged = mergeBaselines(base, of("test_c", at(3)), of("test_b", at(2)));
    assert.deepEqual(dates(merged?.timeline ?? []), [at(1), at(2), at(3)]);
    assert.deepEqual(merged?.timeline.at(-1)?.kinds, [{ kind: "Leak_DefinitelyLost", errors: 2 }]);
  });
});
