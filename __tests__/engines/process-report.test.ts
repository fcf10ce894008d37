import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ProcessReport } from "../../src/engines/process-report.ts";
import type { EngineEvent } from "../../src/model/memory-error.ts";
import { error, findingFrom, leak, stack } from "../support/builders.ts";
import { attributions, FINISHED, found, mark, PLANTED_EVENTS, RUNNING, readEvents, says } from "../support/events.ts";

const bad = (name: string): EngineEvent => found(error({ frames: stack(name) }));

suite("an error", () => {
  test("an error belongs to the running test, and to none between tests", () => {
    const reading = readEvents(
      "exit",
      RUNNING,
      bad("at_start"),
      mark("test-start", { id: "T.a" }),
      bad("in_a"),
      mark("test-stop", { id: "T.a" }),
      bad("between"),
      mark("test-start", { id: "T.b" }),
      bad("in_b"),
    );
    assert.deepEqual(attributions(reading), ["at_start in null", "in_a in T.a", "between in null", "in_b in T.b"]);
    assert.equal(reading.report.testsStarted, 2);
  });

  test("an error that memcheck reports at the end belongs to no test, even if the last one never stopped", () => {
    const reading = readEvents("exit", RUNNING, mark("test-start", { id: "T.a" }), FINISHED, bad("late"), found(leak("malloc < lost")));
    assert.deepEqual(attributions(reading), ["late in null", "lost in null"]);
  });

  test("an error that we planted is removed, and noted", () => {
    const { report, observed } = readEvents("exit", RUNNING, ...PLANTED_EVENTS);
    assert.deepEqual([observed, report.seen], [[], { leak: true, read: true }]);
  });

  test("an error that we planted proves nothing when it is of another kind than was planted", () => {
    const wrong = PLANTED_EVENTS.map((event) => (event.type === "error" ? found({ ...event.error, kind: "UninitValue" }) : event));
    const { report, observed } = readEvents("exit", RUNNING, ...wrong);
    assert.deepEqual([observed, report.seen], [[], { leak: false, read: false }]);
  });

  test("an error is kept if a function only has a name like ours", () => {
    assert.equal(readEvents("exit", bad("cpython_memcheck_planted_readers")).observed.length, 1);
  });
});

suite("a test file", () => {
  test("a test file is not complete if the probe could not watch it, also under memcheck, whose own report is", () => {
    const why = { code: "tests-in-other-processes" } as const;
    const { report } = readEvents("live", RUNNING, mark("watch-failed", { why }), FINISHED);
    report.end({ complete: true });
    assert.deepEqual(report.ending, { complete: false, fault: { code: "watch-failed", why } });
  });

  test("a test file reports its slowest tests", () => {
    const { report } = readEvents(
      "live",
      mark("slow-tests", {
        tests: [
          ["T.b", 2.5],
          ["T.a", 0.1],
        ],
      }),
    );
    assert.deepEqual(report.slowTests, [
      { id: "T.b", seconds: 2.5 },
      { id: "T.a", seconds: 0.1 },
    ]);
  });

  test("a test file has a result for each part that ended, with the number of tests if it is known", () => {
    const { report } = readEvents(
      "exit",
      mark("file-stop", { state: "PASSED", ran: 12 }),
      mark("file-stop", { state: "SKIPPED", ran: null }),
      mark("file-stop", { state: "FAILED" }),
    );
    assert.deepEqual(report.results, [
      { state: "PASSED", ran: 12 },
      { state: "SKIPPED", ran: null },
      { state: "FAILED", ran: null },
    ]);
  });

  test("a test file starts and finishes with its process", () => {
    const stages = [[], [RUNNING], [RUNNING, FINISHED]].map((events) => readEvents("none", ...events).report);
    assert.deepEqual(
      stages.map(({ started, finished }) => [started, finished]),
      [
        [false, false],
        [true, false],
        [true, true],
      ],
    );
  });

  test("a test file has the ending of its report", () => {
    const report = new ProcessReport("exit");
    assert.equal(report.ending, undefined);
    report.end({ complete: true });
    assert.deepEqual(report.ending, { complete: true });
  });
});

suite("messages that are not marks", () => {
  const messages = [
    "",
    "hello",
    'something {"event":"file-stop","state":"PASSED"}',
    ' cpython-memcheck {"event":"file-stop","state":"PASSED"}',
    "cpython-memcheck ",
    "cpython-memcheck {",
    'cpython-memcheck {"event":"file-stop"}',
    'cpython-memcheck {"event":"file-stop","state":7}',
    'cpython-memcheck {"event":"test-start"}',
    'cpython-memcheck {"event":"unheard-of"}',
    "cpython-memcheck null",
    'cpython-memcheck {"event":"leak-check","of":"everything"}',
  ];
  for (const text of messages) {
    test(`a message that is not ours is ignored: ${JSON.stringify(text)}`, () => {
      const { report, observed } = readEvents("live", says(text));
      assert.deepEqual([observed, report.results, report.testsStarted, report.started, report.finished], [[], [], 0, false, false]);
    });
  }
});

test("descriptors that a test file leaves open are one error for each target, whatever their number", () => {
  const observedOf = (fields: Readonly<Record<string, unknown>>) =>
    readEvents("live", mark("open-descriptor", { kind: "socket", path: null, count: 1, id: "test.test_x.T.test_it", ...fields })).observed;
  const [one] = observedOf({});
  assert.deepEqual([one?.error.kind, one?.testId], ["FdLeftOpen", "test.test_x.T.test_it"]);
  assert.deepEqual(one && findingFrom(one.error).segment, ["(socket)"]);
  const [several] = observedOf({ count: 2, kind: "file", path: "/dev/null", id: null });
  assert.equal(several?.error.leaked?.blocks, 2);
  assert.deepEqual(several && findingFrom(several.error).segment, ["(file /dev/null)"]);
});

suite("a reference that is never given back", () => {
  const errorsOf = (fields: Readonly<Record<string, unknown>>) =>
    readEvents("live", mark("growing-reference", { references: 2, type: "str", refcount: 9, ...fields })).observed.map(
      ({ error }) => error,
    );

  test("a reference that is never given back is an error of the object that stays, by its type and value", () => {
    const [error] = errorsOf({ repr: "'file.py'" });
    assert.deepEqual([error?.kind, error?.references], ["ReferenceLeak", 2]);
    assert.deepEqual(error && findingFrom(error).segment, ["(str 'file.py')"]);
    assert.deepEqual(error && findingFrom(error).site, { function: "(str 'file.py')", file: null, line: null });
  });

  test("a reference that is never given back has a signature by its object, whatever the number of references", () => {
    const signatures = [{ repr: "'a.b'" }, { repr: "'a.b'", references: 1, refcount: 4 }, { repr: "'a.c'" }, {}].map((fields) =>
      errorsOf(fields)
        .map((error) => findingFrom(error).signature)
        .join(),
    );
    assert.equal(signatures[0], signatures[1]);
    assert.equal(new Set(signatures).size, 3);
  });
});
