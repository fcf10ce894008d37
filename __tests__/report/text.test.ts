import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { type Report, reportProblem } from "../../src/report/report.ts";
import { COLOURED, PLAIN } from "../../src/report/style.ts";
import { textReport } from "../../src/report/text.ts";
import { CRASHED } from "../support/builders.ts";
import { failing, note, problem, report, reported, testOf } from "../support/reports.ts";

const text = (shown: Report): string => textReport(shown, PLAIN);
const lastLines = (shown: Report): string[] => text(shown).trimEnd().split("\n\n").at(-1)?.split("\n") ?? [];

suite("the report in a terminal", () => {
  test("the report in a terminal ends with the verdict and the counts", () => {
    const findings = (["new", "grown", "known", "known", "fixed", "flaky"] as const).map((status) => reported(status, { status }));
    assert.deepEqual(lastLines(failing(findings)), [
      "1 new error and 1 grown leak in 1 checked test file.",
      "1 new · 1 grown · 2 known · 1 fixed · 1 flaky · build restored, 0.2 s",
    ]);
  });

  test("the report in a terminal shows the end of a log that a problem is about, and where the whole log is", () => {
    const log = { log: "/runs/output.log", lastWords: ["ImportError: no module", "\u001b[2Jend"] };
    const crashed = testOf("test_x", { status: "crashed", incomplete: { ...CRASHED, message: "it crashed" }, ...log });
    const failed = testOf("test_y", { status: "failed", ...log, lastWords: ["FAILED"] });
    const shown = report({ verdict: "inconclusive", problems: [problem("test_x crashed.")], tests: [crashed, failed] });
    for (const part of ["The log of test_x", "    ImportError: no module\n    \\u{1b}[2Jend", "/runs/output.log"]) {
      assert.ok(text(shown).includes(part), part);
    }
    assert.ok(!text(shown).includes("FAILED"));
    assert.ok(
      text({ ...shown, problems: [reportProblem({ code: "test-failed", test: "test_y", engine: "memcheck" })] }).includes("FAILED"),
    );
  });

  test("the report in a terminal names problems below the verdict, and counts the test files", () => {
    const tests = [testOf("test_x", { status: "crashed", incomplete: { ...CRASHED, message: "it was killed" } })];
    const lines = lastLines(report({ verdict: "inconclusive", problems: [problem("test_x was killed.", "Look.")], tests }));
    assert.equal(lines[1], "  test_x was killed. Look.");
    assert.match(lines[2] ?? "", /1 test file incomplete/);
  });

  test("the report in a terminal shows everything about a new error that a person needs", () => {
    const further = [
      { what: "Block was alloc'd at", frames: [{ function: "maker", file: null, line: null, object: "/lib/libz.so.1", role: null }] },
    ];
    const shown = text(failing([reported("f", { further, suppression: "{\n   name\n}\n" })]));
    for (const part of [
      "new memory leak in f  Modules/_x.c:7",
      "test.test_x.Tests.test_one · 1 block, 24 bytes",
      "    f Modules/_x.c:7",
      "Block was alloc'd at",
      "    maker /lib/libz.so.1",
      "  reproduce:\n    valgrind python",
      "  suppress:\n    {\n       name\n    }",
    ]) {
      assert.ok(shown.includes(part), part);
    }
  });

  test("the report in a terminal shows a leak's lost objects, and the Python code that allocated them", () => {
    const objects = [
      { type: "str", refcount: 1, repr: "'abc'", python: ["x.py:3", "y.py:9"] },
      { type: "int", refcount: null },
    ];
    const shown = text(failing([reported("f", { objects })]));
    assert.ok(shown.includes("  lost: str 'abc', 1 reference\n    x.py:3\n    y.py:9\n  lost: int, immortal\n"), shown);
  });

  test("the report in a terminal shows the findings of a first run like new errors, and counts them", () => {
    const shown = report({ baseline: null, findings: [reported("f", { status: "recorded" })] });
    for (const part of ["Recorded by this run: 1 error", "memory leak in f  Modules/_x.c:7", "  reproduce:"])
      assert.ok(text(shown).includes(part), part);
    assert.match(lastLines(shown)[0] ?? "", /^First run: 1 error recorded/);
    assert.match(lastLines(shown)[1] ?? "", /1 recorded/);
  });

  test("the report in a terminal lists skipped test files, and changes that hide errors", () => {
    const skipped: Report["skipped"] = [{ test: "test_gdb", engine: "scan", reason: "hangs", expires: "2027-03-01" }];
    const relaxations: Report["relaxations"] = [{ kind: "suppression", title: "csv", file: "a.supp", line: 3 }];
    const suppressed: Report["suppressed"] = [{ engine: "memcheck", name: "libz", tests: 3, testsBefore: 1 }];
    const shown = text(report({ skipped, relaxations, suppressed }));
    for (const part of [
      "test_gdb (scan) until 2027-03-01: hangs",
      "suppression csv  a.supp:3",
      "libz (memcheck): hid errors in 3 test files, in the baseline 1",
    ])
      assert.ok(shown.includes(part), part);
  });

  test("the report in a terminal does not present problems as new findings", () => {
    const shown = report({ verdict: "new-errors", findings: [reported("f")], problems: [problem("test_y was killed.")] });
    assert.equal(lastLines(shown)[1], "  not checked: test_y was killed.");
  });

  test("the report in a terminal shows warnings as warnings, and counts them beside a clean verdict", () => {
    const shown = report({ findings: [reported("(socket)", { status: "warning", kind: "FdLeftOpen", blocks: 0 })] });
    assert.match(text(shown), /^warning: new descriptor left open by a test file in \(socket\)/m);
    assert.equal(lastLines(shown)[0], "Clean: 1 test file checked, no new errors, 1 new warning.");
    assert.match(lastLines(shown)[1] ?? "", / 1 warning /);
  });

  test("the report in a terminal counts changed and accepted findings, if there are any", () => {
    const findings = (["changed", "changed", "accepted"] as const).map((status) => reported(status, { status }));
    assert.match(lastLines(report({ findings })).at(-1) ?? "", /0 flaky · 2 changed, please verify · 1 accepted · build/);
  });

  test("the report in a terminal has the same counts as the summary", () => {
    const findings = (["warning", "warning", "unrecorded"] as const).map((status) => reported(status, { status }));
    assert.match(lastLines(report({ findings })).at(-1) ?? "", /0 flaky · 2 warnings · 1 not compared · build/);
    assert.match(lastLines(report({ findings: findings.slice(1) })).at(-1) ?? "", /0 flaky · 1 warning · 1 not compared · build/);
  });

  test("the report in a terminal shows forty errors in full and the others as lines", () => {
    const shown = text(failing(Array.from({ length: 45 }, (_, index) => reported(`f${index}`))));
    assert.equal(shown.match(/reproduce:/g)?.length, 40);
    assert.match(shown, /More that are new, all in report\.json: 5\n {2}memory leak in f40 /);
  });

  test("the report in a terminal cuts long stacks and says so", () => {
    const frames = Array.from({ length: 15 }, (_, index) => ({ function: `f${index}`, file: null, line: null, object: null, role: null }));
    const shown = text(failing([reported("f", { stack: frames })]));
    assert.ok(shown.includes("f11") && !shown.includes("f12"));
    assert.ok(shown.includes("… 3 more frames"));
  });

  test("the report in a terminal lists ten of the flaky and of the fixed ones, and says how many more there are", () => {
    const fixed = Array.from({ length: 13 }, (_, index) => reported(`gone_${index}`, { status: "fixed" }));
    const shown = text(report({ findings: fixed }));
    assert.ok(shown.includes("Fixed: 13"));
    assert.ok(shown.includes("gone_9") && !shown.includes("gone_10"));
    assert.ok(shown.includes("… 3 more"));
  });

  test("the report in a terminal shows known errors by their number only", () => {
    assert.doesNotMatch(text(report({ findings: [reported("known_one", { status: "known" })] })), /known_one/);
  });

  test("the report in a terminal has the same words with colours and without", () => {
    const shown = failing([reported("f"), reported("g", { status: "flaky" })]);
    assert.equal(stripVTControlCharacters(textReport(shown, COLOURED)), text(shown));
    assert.notEqual(textReport(shown, COLOURED), text(shown));
  });
});

test("no name in a report can control the terminal, in any place", () => {
  const name = fc.constantFrom("\u001b[2J", "\u0007bell", "\r overwritten", "\u202egnp.x", "\u009b31m");
  const status = fc.constantFrom("new", "grown", "flaky", "fixed", "unrecorded");
  fc.assert(
    fc.property(name, status, (evil, chosen) => {
      const frame = { function: evil, file: evil, line: 1, object: evil, role: null };
      const finding = reported("f", {
        status: chosen,
        kind: evil,
        what: evil,
        test: { file: evil, id: chosen === "grown" ? null : evil },
        site: { function: evil, file: evil, line: 1 },
        stack: [frame, { ...frame, file: null }],
        further: [{ what: evil, frames: [frame] }],
        objects: [{ type: evil, refcount: 1, repr: evil, python: [evil] }],
        suppression: evil,
        reproduce: evil,
      });
      const shown = text(report({ verdict: "new-errors", findings: [finding], problems: [problem(evil, evil)], notes: [note(evil)] }));
      assert.doesNotMatch(shown.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
    }),
  );
});
