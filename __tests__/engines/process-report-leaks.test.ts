import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { leak } from "../support/builders.ts";
import { attributions, FINISHED, found, leaked, mark, PLANTED_EVENTS, RUNNING, tell } from "../support/events.ts";

const START = mark("file-start");

suite("leaks", () => {
  const LIVE = [START, leaked("one", 1), leaked("two", 2)] as const;

  test("leaks are all reported when they are looked for at the end, and none when they are not looked for", () => {
    const events = [RUNNING, FINISHED, found(leak("malloc < f")), found({ ...leak("malloc < g"), kind: "Leak_PossiblyLost" })];
    assert.equal(tell("exit", ...events).observed.length, 2);
    assert.equal(tell("none", ...events).observed.length, 0);
  });

  test("leaks of a live check are reported with its mark, in the test that it names", () => {
    assert.deepEqual(tell("live", ...LIVE).observed, []);
    assert.deepEqual(attributions(tell("live", ...LIVE, mark("leak-check", { of: "test", id: "T.a" }))), ["one in T.a", "two in T.a"]);
    assert.deepEqual(attributions(tell("live", ...LIVE, mark("leak-check", { of: "file" }))), ["one in null", "two in null"]);
  });

  test("leaks of a live check have the objects that were lost, by the number of their record", () => {
    const objects = [
      mark("leaked-object", { record: 2, type: "str", refcount: 1, length: 3, repr: "'abc'" }),
      mark("leaked-object", { record: 2, type: "int", refcount: null }),
      mark("leaked-object", { record: 7, type: "list", refcount: 1 }),
    ];
    const { observed } = tell("live", ...LIVE, ...objects, mark("leak-check", { of: "file" }));
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

  test("leaks of interpreters that the test started are marked as theirs, and are in no way the end of the file's", () => {
    const events = [...LIVE, mark("leak-check", { of: "child", id: "T.a" }), leaked("three", 3), mark("leak-check", { of: "file" })];
    const { observed, report } = tell("live", ...events);
    assert.deepEqual(
      observed.map(({ isInChild, testId }) => [isInChild, testId]),
      [
        [true, "T.a"],
        [true, "T.a"],
        [false, null],
      ],
    );
    assert.equal(report.finished, true);
    assert.equal(tell("live", ...events.slice(0, 4)).report.finished, false);
  });

  test("interpreters that the test started are counted by what stood in the way of a look", () => {
    const counts = { started: 3, looked: 1, missed: [{ why: "killed", count: 2 }], others: 4 } as const;
    assert.deepEqual(tell("live", START, mark("children", counts)).report.children, counts);
    const unknown = mark("children", { ...counts, missed: [{ why: "tired", count: 2 }] });
    assert.equal(tell("live", START, unknown).report.children, undefined);
  });

  test("leaks of a live check are reported without immortal strings, and not at all if nothing else is lost", () => {
    const [one, two] = [leak("malloc < f", 5), leak("malloc < g", 3)];
    const events = [
      found({ ...one, record: 1 }),
      found({ ...two, record: 2 }),
      mark("immortals", { record: 2, blocks: 3, bytes: 72 }),
      mark("immortals", { record: 1, blocks: 3, bytes: 70 }),
    ];
    const { observed } = tell("live", START, ...events, mark("leak-check", { of: "file" }));
    assert.deepEqual(
      observed.map(({ error: { frames, leaked: lost } }) => [frames[1]?.function, lost]),
      [["f", { blocks: 2, bytes: 50 }]],
    );
  });

  test("leaks of a live check are those between the file's start and its last check, and definitely lost", () => {
    const told = tell(
      "live",
      leaked("before_the_file", 1),
      START,
      found({ ...leak("malloc < alive"), kind: "Leak_PossiblyLost" }),
      leaked("in_it", 2),
      mark("leak-check", { of: "file" }),
      FINISHED,
      leaked("said_again", 3),
      mark("leak-check", { of: "file" }),
    );
    assert.deepEqual(attributions(told), ["in_it in null"]);
  });

  test("leaks of one live check are not reported again by the next", () => {
    const told = tell(
      "live",
      ...LIVE,
      mark("leak-check", { of: "test", id: "T.a" }),
      leaked("three", 1),
      mark("leak-check", { of: "file" }),
    );
    assert.deepEqual(attributions(told), ["one in T.a", "two in T.a", "three in null"]);
  });
});

suite("a live check", () => {
  test("a live check starts with the file's mark and finishes with the check of the file, whatever the process does", () => {
    const check = mark("leak-check", { of: "file" });
    const stages = [[RUNNING], [RUNNING, START], [START, mark("leak-check", { of: "test", id: "T.a" })], [START, FINISHED], [START, check]];
    assert.deepEqual(
      stages.map((events) => tell("live", ...events).report).map(({ started, finished }) => [started, finished]),
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
    assert.deepEqual(tell("live", ...PLANTED_EVENTS, START).report.seen, { leak: false, read: false });
    assert.deepEqual(tell("live", START, ...PLANTED_EVENTS).report.seen, { leak: true, read: true });
  });
});
