import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { leak } from "../support/builders.ts";
import { attributions, FINISHED, found, leaked, mark, PLANTED_EVENTS, RUNNING, readEvents } from "../support/events.ts";

const START = mark("file-start");

suite("leaks", () => {
  const LIVE = [START, leaked("one", 1), leaked("two", 2)] as const;

  test("all leaks are reported if they are looked for at the end, and none if they are not looked for", () => {
    const events = [RUNNING, FINISHED, found(leak("malloc < f")), found({ ...leak("malloc < g"), kind: "Leak_PossiblyLost" })];
    assert.equal(readEvents("exit", ...events).observed.length, 2);
    assert.equal(readEvents("none", ...events).observed.length, 0);
  });

  test("leaks of a live check are reported with its mark, in the test that it names", () => {
    assert.deepEqual(readEvents("live", ...LIVE).observed, []);
    assert.deepEqual(attributions(readEvents("live", ...LIVE, mark("leak-check", { of: "test", id: "T.a" }))), [
      "one in T.a",
      "two in T.a",
    ]);
    assert.deepEqual(attributions(readEvents("live", ...LIVE, mark("leak-check", { of: "file" }))), ["one in null", "two in null"]);
  });

  test("leaks of a live check have the objects that were lost, by the number of their record", () => {
    const objects = [
      mark("leaked-object", { record: 2, type: "str", refcount: 1, length: 3, repr: "'abc'" }),
      mark("leaked-object", { record: 2, type: "int", refcount: null }),
      mark("leaked-object", { record: 7, type: "list", refcount: 1 }),
    ];
    const { observed } = readEvents("live", ...LIVE, ...objects, mark("leak-check", { of: "file" }));
    assert.deepEqual(
      observed.map((one) => one.objects),
      [
        [],
        [
          { type: "str", refcount: 1, length: 3, repr: "'abc'" },
          { type: "int", refcount: null },
        ],
      ],
    );
  });

  test("leaks of interpreters that the test started are marked as such, and do not end the test file's report", () => {
    const events = [...LIVE, mark("leak-check", { of: "child", id: "T.a" }), leaked("three", 3), mark("leak-check", { of: "file" })];
    const { observed, report } = readEvents("live", ...events);
    assert.deepEqual(
      observed.map(({ isInChild, testId }) => [isInChild, testId]),
      [
        [true, "T.a"],
        [true, "T.a"],
        [false, null],
      ],
    );
    assert.equal(report.finished, true);
    assert.equal(readEvents("live", ...events.slice(0, 4)).report.finished, false);
  });

  test("interpreters that the test started are counted by why they were not checked", () => {
    const counts = { started: 3, looked: 1, missed: [{ why: "killed", count: 2 }], others: 4 } as const;
    assert.deepEqual(readEvents("live", START, mark("children", counts)).report.children, counts);
    const unknown = mark("children", { ...counts, missed: [{ why: "tired", count: 2 }] });
    assert.equal(readEvents("live", START, unknown).report.children, undefined);
  });

  test("leaks of a live check are reported without immortal strings, and not at all if nothing else is lost", () => {
    const [one, two] = [leak("malloc < f", 5), leak("malloc < g", 3)];
    const events = [
      found({ ...one, record: 1 }),
      found({ ...two, record: 2 }),
      mark("immortals", { record: 2, blocks: 3, bytes: 72 }),
      mark("immortals", { record: 1, blocks: 3, bytes: 70 }),
    ];
    const { observed } = readEvents("live", START, ...events, mark("leak-check", { of: "file" }));
    assert.deepEqual(
      observed.map(({ error: { frames, leaked: lost } }) => [frames[1]?.function, lost]),
      [["f", { blocks: 2, bytes: 50 }]],
    );
  });

  test("leaks of a live check are blocks definitely lost between the file's start and its last check", () => {
    const reading = readEvents(
      "live",
      leaked("before_the_file", 1),
      START,
      found({ ...leak("malloc < alive"), kind: "Leak_PossiblyLost" }),
      leaked("in_it", 2),
      mark("leak-check", { of: "file" }),
      FINISHED,
      leaked("repeated", 3),
      mark("leak-check", { of: "file" }),
    );
    assert.deepEqual(attributions(reading), ["in_it in null"]);
  });

  test("leaks of one live check are not reported again by the next", () => {
    const reading = readEvents(
      "live",
      ...LIVE,
      mark("leak-check", { of: "test", id: "T.a" }),
      leaked("three", 1),
      mark("leak-check", { of: "file" }),
    );
    assert.deepEqual(attributions(reading), ["one in T.a", "two in T.a", "three in null"]);
  });
});

suite("a live check", () => {
  test("a live check starts with the file's mark and finishes with the check of the file, whatever the process does", () => {
    const check = mark("leak-check", { of: "file" });
    const stages = [[RUNNING], [RUNNING, START], [START, mark("leak-check", { of: "test", id: "T.a" })], [START, FINISHED], [START, check]];
    assert.deepEqual(
      stages.map((events) => readEvents("live", ...events).report).map(({ started, finished }) => [started, finished]),
      [
        [false, false],
        [true, false],
        [true, false],
        [true, false],
        [true, true],
      ],
    );
  });

  test("a live check is proved only by errors planted in the file's own process, after it started", () => {
    assert.deepEqual(readEvents("live", ...PLANTED_EVENTS, START).report.seen, { leak: false, read: false });
    assert.deepEqual(readEvents("live", START, ...PLANTED_EVENTS).report.seen, { leak: true, read: true });
  });
});
