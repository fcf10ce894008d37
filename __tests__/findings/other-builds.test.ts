import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Baseline } from "../../src/findings/baseline.ts";
import { compare } from "../../src/findings/compare.ts";
import { evidenceOf } from "../../src/findings/other-builds.ts";
import { addInto, type Recording, recordInto } from "../../src/findings/record-baseline.ts";
import type { Finding } from "../../src/model/finding.ts";
import { baseline, findingFrom, IDENTITY, leak, recordedTest, stack } from "../support/builders.ts";

const lost = (text: string, file = "test_a"): Finding => findingFrom(leak(`malloc < ${text} < _PyEval_EvalFrameDefault`), file);

const words = (text: string): readonly string[] => text.split(" ");

/** A recording of one test file, by a build with these functions. */
function recording(file: string, functions: string, findings: readonly Finding[], overrides: Partial<Recording> = {}): Recording {
  const { latest: _, ...ran } = recordedTest({ name: file });
  const nothing = { sha: null, content: null, recordedAt: "2026-02-02T00:00:00.000Z", relaxations: [], suppressed: [] };
  return { ...nothing, identity: IDENTITY, tests: [ran], findings, functions: words(functions), ...overrides };
}

const MOVES = (from: string, to: string): ReadonlyMap<string, string> => new Map([[`Modules/${from}`, `Modules/${to}`]]);

/** How findings of a test file compare, in a build with these functions. */
function statuses(before: Baseline, functions: string, findings: readonly Finding[], moves: ReadonlyMap<string, string> = new Map()) {
  const [file = ""] = findings.map((one) => one.test.file);
  return compare(before, [file], findings, evidenceOf(before, new Set(words(functions)), moves)).compared.map(({ status }) => status);
}

const OLD = recordInto(undefined, recording("test_a", "old caller helper", [lost("old < caller")]));
const other = (functions: string, overrides: Partial<Recording> = {}): Recording =>
  recording("test_b", functions, [lost("caller", "test_b")], overrides);

suite("findings that later recordings did not renew", () => {
  test("findings of an older build are still known after a function is renamed and another recording has the new name", () => {
    const renamed = "fresh caller helper";
    assert.deepEqual(statuses(OLD, renamed, [lost("fresh < caller")]), ["known"]);
    const next = recordInto(OLD, other(renamed));
    assert.deepEqual(statuses(next, renamed, [lost("fresh < caller")]), ["known"]);
    assert.deepEqual(next.otherBuilds, [{ had: ["old"], lacked: ["fresh"], moves: [] }]);
  });

  test("findings of an older build are still known after several recordings with one rename each", () => {
    const once = recordInto(OLD, other("fresh caller helper"));
    const twice = recordInto(once, other("fresh caller2 helper"));
    assert.deepEqual(statuses(twice, "fresh caller2 helper", [lost("fresh < caller2")]), ["known"]);
    assert.deepEqual(twice.otherBuilds.length, 1);
  });

  test("findings of the newest build are not compared as if they were older", () => {
    const next = recordInto(OLD, other("fresh caller helper"));
    assert.deepEqual(statuses(next, "fresh caller helper", [lost("fresh < caller", "test_b")]), ["new"]);
    const clean = recordInto(OLD, other("helper caller fresh aid"));
    assert.deepEqual(statuses(clean, "helper caller fresh aid", [lost("helper < caller")]), ["new"]);
  });

  test("findings of an older build are still known after their file moved twice", () => {
    const inFile = (file: string): Finding =>
      findingFrom(
        leak(stack("malloc < exec < load").map((frame) => (frame.function === "exec" ? { ...frame, file } : frame))),
        "test_a",
        null,
        new Set(["exec"]),
      );
    const before = recordInto(undefined, recording("test_a", "exec load", [inFile("one.c")]));
    const next = recordInto(before, recording("test_b", "exec load", [lost("load", "test_b")], { moves: MOVES("one.c", "two.c") }));
    assert.deepEqual(next.otherBuilds, [{ had: [], lacked: [], moves: [{ from: "one.c", to: "two.c" }] }]);
    assert.deepEqual(statuses(next, "exec load", [inFile("two.c")]), ["known"]);
    assert.deepEqual(statuses(next, "exec load", [inFile("three.c")], MOVES("two.c", "three.c")), ["known"]);
    assert.deepEqual(statuses(next, "exec load", [inFile("four.c")], MOVES("two.c", "three.c")), ["new"]);
  });

  test("findings of an older build are of the newest one once they are recorded again", () => {
    const next = recordInto(OLD, other("fresh caller helper"));
    const renewed = recordInto(next, recording("test_a", "fresh caller helper", [lost("fresh < caller")]));
    assert.deepEqual([renewed.otherBuilds, renewed.findings.map(({ build }) => build)], [[], [undefined, undefined]]);
  });

  test("findings of an unknown build are compared by the evidence of the later builds only", () => {
    const before = { ...OLD, functions: [] };
    assert.deepEqual(recordInto(before, other("fresh caller helper")).otherBuilds, []);
    assert.deepEqual(recordInto(OLD, { ...other(""), functions: [] }).otherBuilds, []);
  });

  test("findings of the oldest of very many builds count as ones of a later build", () => {
    let last = OLD;
    for (let index = 0; index < 50; index++) {
      const name = `test_${index}`;
      last = recordInto(last, recording(name, `f${index} caller`, [lost("caller", name)]));
    }
    assert.equal(last.otherBuilds.length, 40);
    assert.equal(last.findings.length, 51);
    assert.ok(last.findings.every(({ build = 0 }) => build < 40));
    assert.ok(last.otherBuilds.every(({ had }) => !had.includes("old")));
  });
});

test("what is added to a baseline is compared by the functions of its own build", () => {
  const added = addInto(OLD, recording("test_b", "branch caller helper", [lost("branch < caller", "test_b")]));
  assert.deepEqual(added.functions, OLD.functions);
  const later = "renamed caller helper";
  assert.deepEqual(statuses(added, later, [lost("renamed < caller", "test_b")]), ["known"]);
  assert.deepEqual(statuses(added, "fresh caller helper", [lost("fresh < caller")]), ["known"]);
  const first = addInto(baseline({}, ["test_c"]), recording("test_b", "branch caller", [lost("caller", "test_b")]));
  assert.deepEqual([first.functions, first.otherBuilds], [["branch", "caller"], []]);
});

test("what one build adds to a baseline bit by bit takes the place of one build", () => {
  let last = addInto(OLD, recording("test_b", "branch caller helper", [lost("branch < caller", "test_b")]));
  for (let index = 0; index < 50; index++) {
    const name = `test_${index}`;
    last = addInto(last, recording(name, "later caller helper", [lost("later < caller", name)]));
  }
  assert.equal(last.otherBuilds.length, 2);
  assert.deepEqual(statuses(last, "renamed caller helper", [lost("renamed < caller", "test_b")]), ["known"]);
});

test("what is added to a baseline after a file moved is compared by the moves since the baseline's commit", () => {
  const inFile = (file: string, name: string): Finding =>
    findingFrom(
      leak(stack("malloc < exec < load").map((frame) => (frame.function === "exec" ? { ...frame, file } : frame))),
      name,
      null,
      new Set(["exec"]),
    );
  const before = recordInto(undefined, recording("test_a", "exec load", [lost("load")]));
  const added = addInto(before, recording("test_b", "exec load", [inFile("two.c", "test_b")], { moves: MOVES("one.c", "two.c") }));
  assert.deepEqual(statuses(added, "exec load", [inFile("two.c", "test_b")], MOVES("one.c", "two.c")), ["known"]);
  assert.deepEqual(statuses(added, "exec load", [inFile("three.c", "test_b")], MOVES("one.c", "three.c")), ["known"]);
});
