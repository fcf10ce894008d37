import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Annotation, annotationsOf } from "../../src/report/annotations.ts";
import type { ReportedFinding } from "../../src/report/report.ts";
import { failing, report, reported } from "../support/reports.ts";

const at = (line: number, overrides: Partial<ReportedFinding> = {}): ReportedFinding =>
  reported("f", { site: { function: "f", file: "Modules/_x.c", line }, ...overrides });

const many = (number: number): ReportedFinding[] => Array.from({ length: number }, (_, index) => at(index + 1));

function only(annotations: readonly Annotation[]): Annotation {
  assert.equal(annotations.length, 1);
  const [first] = annotations;
  assert.ok(first);
  return first;
}

suite("an annotation", () => {
  test("stands at the site, and says what, how much, in which test, where from and how to see it again", () => {
    const { level, title, message, file, line } = only(annotationsOf(failing([at(702)])));
    assert.deepEqual([level, file, line], ["error", "Modules/_x.c", 702]);
    assert.equal(title, "New memory leak in f");
    for (const part of [
      "definitely lost",
      "1 block, 24 bytes",
      "test.test_x.Tests.test_one",
      "f (Modules/_x.c:7)",
      "reproduce: valgrind",
    ]) {
      assert.ok(message.includes(part), part);
    }
  });

  test("says that a known error grew", () => {
    const { title, message } = only(annotationsOf(failing([at(1, { status: "grown", blocks: 5, blocksBefore: 2 })])));
    assert.equal(title, "More of a known memory leak in f");
    assert.match(message, /5 blocks \(2 in the baseline\)/);
  });

  test("is one for all errors of a site, led by the first of them", () => {
    const ids = ["a", "b", "c", "d", "e"].map((name) =>
      at(9, { test: { file: "test_x", id: name }, kind: name === "a" ? "InvalidWrite" : "InvalidRead" }),
    );
    const { title, message } = only(annotationsOf(failing(ids)));
    assert.equal(title, "New invalid write in f");
    assert.match(message, /in a, b, c and 2 more/);
    assert.match(message, /4 more errors from here/);
  });

  test("tells sites apart by function, file and line", () => {
    const sites = [
      { function: "f", file: "a.c", line: 1 },
      { function: "g", file: "a.c", line: 1 },
      { function: "f", file: "b.c", line: 1 },
      { function: "f", file: "a.c", line: 2 },
    ];
    assert.equal(annotationsOf(failing(sites.map((site) => reported("f", { site })))).length, 4);
  });

  test("has no place where none is known", () => {
    const { file, line } = only(annotationsOf(failing([reported("f", { site: { function: "f", file: null, line: null } })])));
    assert.deepEqual([file, line], [null, null]);
  });

  test("is not longer than GitHub shows, and says that it was cut", () => {
    const { message } = only(annotationsOf(failing([at(1, { what: "x".repeat(10_000) })])));
    assert.ok(message.length <= 4096);
    assert.match(message, /\(cut; all of it is in the step summary\)$/);
  });

  test("shows names as they are, but nothing that acts", () => {
    const name = "f\u001b[31m\u202e";
    const { title, message } = only(annotationsOf(failing([at(1, { site: { function: name, file: null, line: null }, what: name })])));
    assert.doesNotMatch(`${title}${message.replaceAll("\n", "")}`, /[\p{Cc}\p{Cf}]/u);
  });
});

suite("the annotations of a report", () => {
  test("are of new and grown errors only", () => {
    const statuses = ["known", "fixed", "flaky", "unrecorded"] as const;
    assert.deepEqual(annotationsOf(report({ findings: statuses.map((status) => reported(status, { status })) })), []);
  });

  test("are at most ten of a level: the last says how many more there are and where", () => {
    assert.equal(annotationsOf(failing(many(10))).length, 10);
    const annotations = annotationsOf(failing(many(25)));
    assert.equal(annotations.length, 10);
    const last = annotations.at(-1);
    assert.deepEqual([last?.level, last?.title, last?.file], ["error", "16 more errors", null]);
    assert.match(last?.message ?? "", /step summary.*report\.json/);
  });

  test("keep the order of the report, worst first", () => {
    assert.deepEqual(
      annotationsOf(failing(many(12))).map(({ line }) => line),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, null],
    );
  });

  test("have a warning for each thing that was not checked, with a limit of their own", () => {
    const reasons = Array.from({ length: 12 }, (_, index) => `test_${index}: it was killed.`);
    const annotations = annotationsOf(report({ verdict: "new-errors", reasons, findings: many(12) }));
    const warnings = annotations.filter(({ level }) => level === "warning");
    assert.deepEqual([annotations.length, warnings.length], [20, 10]);
    assert.deepEqual([warnings[0]?.message, warnings.at(-1)?.title], ["test_0: it was killed.", "3 more warnings"]);
  });
});
