import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  amountInWords,
  confidenceInWords,
  objectsInWords,
  occurrencesInWords,
  originInWords,
  verdictInWords,
} from "../../src/report/describe.ts";
import { count, kindInWords, placeInWords, secondsInWords } from "../../src/report/format.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { failing, report, reported, testOf } from "../support/reports.ts";

test("kinds of errors are described in words, and unknown ones by name", () => {
  assert.equal(kindInWords("Leak_DefinitelyLost"), "memory leak");
  assert.equal(kindInWords("UninitCondition"), "conditional jump depends on uninitialised value");
  assert.equal(kindInWords("FdBadClose"), "double close of a file descriptor");
  assert.equal(kindInWords("FdBadUse"), "use of a bad file descriptor");
  for (const unknown of ["SomethingNew", "constructor", "toString", "__proto__", ""]) assert.equal(kindInWords(unknown), unknown);
  fc.assert(fc.property(fc.string(), (kind) => assert.equal(typeof kindInWords(kind), "string")));
});

test("counts have plurals, and commas in large numbers", () => {
  assert.deepEqual([count(0, "error"), count(1, "error"), count(2, "error")], ["0 errors", "1 error", "2 errors"]);
  assert.equal(count(1_234_567, "byte"), "1,234,567 bytes");
});

suite("an amount", () => {
  test("an amount has blocks and bytes, and those in the baseline", () => {
    assert.equal(
      amountInWords({ kind: "Leak_DefinitelyLost", blocks: 1, bytes: 96, references: 0, blocksBefore: null }),
      "1 block, 96 bytes",
    );
    assert.equal(
      amountInWords({ kind: "Leak_DefinitelyLost", blocks: 3, bytes: 1, references: 0, blocksBefore: 2 }),
      "3 blocks (2 in the baseline), 1 byte",
    );
    assert.equal(
      amountInWords({ kind: "Leak_DefinitelyLost", blocks: 3000, bytes: 3000, references: 0, blocksBefore: 2000 }),
      "3,000 blocks (2,000 in the baseline), 3,000 bytes",
    );
  });

  test("the amount of a reference leak is how many references each run keeps", () => {
    const references = (number: number) =>
      amountInWords({ kind: "ReferenceLeak", blocks: 0, bytes: 0, references: number, blocksBefore: null });
    assert.equal(references(1), "1 more reference after each run of the tests");
    assert.equal(references(2), "2 more references after each run of the tests");
  });

  test("the amount of growth is how many objects each run adds", () => {
    const amount = { kind: "Growth", blocks: 0, bytes: 0, references: 2, blocksBefore: null };
    assert.equal(amountInWords(amount), "2 more objects after each run of the tests");
  });

  test("the amount of descriptors left open is their number", () => {
    const amount = { kind: "FdLeftOpen", blocks: 2, bytes: 0, references: 0, blocksBefore: 1 };
    assert.equal(amountInWords(amount), "2 descriptors (1 in the baseline)");
  });

  test("an amount is empty for findings without one", () => {
    assert.equal(amountInWords({ kind: "Leak_DefinitelyLost", blocks: 0, bytes: 0, references: 0, blocksBefore: null }), "");
  });
});

test("a lost object is described by what is known about it, with the Python lines that allocated it", () => {
  const shown = (object: ReportedFinding["objects"][number], kind = "Leak_DefinitelyLost") =>
    objectsInWords({ kind, objects: [object] })[0];
  const text = { type: "str", refcount: 1, length: 9, repr: "'planted 1'" };
  assert.deepEqual(shown(text), ["lost: str 'planted 1', length 9, 1 reference", []]);
  assert.deepEqual(shown({ type: "int", refcount: null, repr: "1" }), ["lost: int 1, immortal", []]);
  assert.deepEqual(shown({ type: "Thing", refcount: 2, python: ["x.py:1"] }, "Growth"), ["kept: Thing, 2 references", ["x.py:1"]]);
});

test("equal lost objects are described once, with their number", () => {
  const entry = { type: "symtable entry", refcount: 1 };
  const shown = objectsInWords({ kind: "Leak_DefinitelyLost", objects: [entry, { type: "int", refcount: 1, repr: "1" }, entry, entry] });
  assert.deepEqual(
    shown.map(([text]) => text),
    ["lost: symtable entry, 1 reference (and 2 alike)", "lost: int 1, 1 reference"],
  );
});

test("other occurrences of a bug have test, blocks, signature, and the part of the path that differs from the first", () => {
  const at = (...path: string[]) => ({
    engine: "memcheck" as const,
    test: { file: "test_x", id: null },
    bytes: 96,
    blocksBefore: null,
    path,
    blocks: 2,
    signature: "3fa0c1",
  });
  const shown = occurrencesInWords({ occurrences: [at("f", "g", "h"), at("f", "g", "k"), at("e"), at("f", "g")] });
  assert.deepEqual(shown, ["test_x · 2 blocks · … < k · 3fa0c1", "test_x · 2 blocks · e · 3fa0c1", "test_x · 2 blocks · 3fa0c1"]);
});

test("a place is named by its file and line, as far as they are known", () => {
  assert.equal(placeInWords({ file: "Modules/_csv.c", line: 702 }), "Modules/_csv.c:702");
  assert.equal(placeInWords({ file: "Modules/_csv.c", line: null }), "Modules/_csv.c");
  assert.equal(placeInWords({ file: "Modules/_csv.c", line: 0 }), "Modules/_csv.c");
  assert.equal(placeInWords({ file: null, line: 7 }), "(no source file)");
});

test("a time is shown in seconds, minutes or hours, by its length", () => {
  const table = [0, 0.04, 9.94, 9.96, 10.4, 59.4, 59.6, 60, 61.5, 119.9, 3599.4, 3599.6, 5400].map(secondsInWords);
  const words = [
    "0.0 s",
    "0.0 s",
    "9.9 s",
    "10 s",
    "10 s",
    "59 s",
    "1 min 0 s",
    "1 min 0 s",
    "1 min 2 s",
    "2 min 0 s",
    "59 min 59 s",
    "1 h 0 min",
    "1 h 30 min",
  ];
  assert.deepEqual(table, words);
});

test("findings of the scan alone show how certain they are", () => {
  assert.match(confidenceInWords(reported("f", { engine: "scan" })), /confirmed by two scans, not seen by memcheck/);
  assert.match(confidenceInWords(reported("f", { engine: "scan", kind: "ReferenceLeak" })), /memcheck can't detect reference leaks/);
  for (const other of [reported("f"), reported("f", { engine: "scan", status: "known" })]) assert.equal(confidenceInWords(other), "");
});

suite("the verdict in one line", () => {
  test("the verdict in one line says how much was checked when it is clean", () => {
    assert.equal(verdictInWords(report()), "Clean: 1 test file checked, nothing new.");
  });

  test("the one-line verdict distinguishes scan and memcheck, and counts a test file that both ran once", () => {
    const tests = [testOf("test_x", { engine: "scan" }), testOf("test_y", { engine: "scan" }), testOf("test_x")];
    assert.equal(verdictInWords(report({ tests })), "Clean: 2 test files scanned, 1 checked under memcheck, nothing new.");
    assert.equal(verdictInWords({ ...failing([reported("f")]), tests }), "1 new error in 2 checked test files.");
  });

  test("the verdict in one line does not say that nothing was checked if torture alone ran", () => {
    const tortured = testOf("test_x", { engine: "torture" });
    assert.equal(verdictInWords(report({ tests: [tortured] })), "Clean: 1 test file tortured, nothing new.");
    assert.equal(verdictInWords(report({ tests: [testOf("test_x"), tortured] })), "Clean: 1 test file checked, 1 tortured, nothing new.");
  });

  test("the verdict in one line does not count interpreters that start and end as test files", () => {
    const tests = [testOf("test_x"), testOf("lifecycle.interpreter", { engine: "lifecycle" })];
    assert.equal(verdictInWords(report({ tests })), "Clean: 1 test file checked, start and shutdown checked, nothing new.");
    assert.equal(verdictInWords({ ...failing([reported("f")]), tests }), "1 new error in 1 checked test file.");
  });

  test("the verdict in one line does not count test files of a missing shard as checked", () => {
    const left = testOf("test_y", {
      status: "stopped",
      incomplete: { code: "stopped", hadStarted: false, message: "the check ended before it ran" },
    });
    assert.equal(verdictInWords({ ...failing([reported("f")]), tests: [testOf("test_x"), left] }), "1 new error in 1 checked test file.");
  });

  test("the verdict in one line does not read like a comparison if nothing was compared", () => {
    assert.doesNotMatch(verdictInWords(report({ baseline: null })), /[Cc]lean|nothing new/);
  });

  test("the verdict in one line counts new errors and grown leaks as all other counts do, and nothing else", () => {
    const findings = [
      reported("f"),
      reported("g", { status: "grown" }),
      reported("h", { status: "flaky" }),
      reported("i", { status: "known" }),
    ];
    assert.equal(verdictInWords(failing(findings)), "1 new error and 1 grown leak in 1 checked test file.");
    assert.equal(verdictInWords(failing(findings.slice(1))), "1 grown leak in 1 checked test file.");
  });

  test("the verdict in one line says that not everything, or nothing at all, was checked", () => {
    assert.match(verdictInWords(report({ verdict: "inconclusive" })), /not everything/);
    assert.match(verdictInWords(report({ verdict: "inconclusive", tests: [] })), /[Nn]othing was checked/);
    assert.match(verdictInWords(report({ tests: [testOf("a"), testOf("b")] })), /2 test files/);
  });
});

test("a baseline is described by its commit and its distance to the merge base, if there were several", () => {
  const [commit, mergeBase, run] = ["c".repeat(40), "d".repeat(40), "https://github.test/o/r/actions/runs/5"];
  const described = (distance: number) =>
    originInWords(report({ baseline: { sha: null, recordedAt: "", origin: { commit, mergeBase, distance, run } } }));
  assert.equal(described(0), "Compared with the baseline of the merge base dddddddddddd.");
  assert.equal(described(1), "Compared with the baseline of cccccccccccc, 1 commit before the merge base dddddddddddd.");
  assert.deepEqual([originInWords(report()), originInWords(report({ baseline: null }))], [undefined, undefined]);
});
