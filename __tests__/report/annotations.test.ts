import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Note } from "../../src/model/note.ts";
import { type Annotation, allAnnotations, annotationsOf } from "../../src/report/annotations.ts";
import { htmlReport } from "../../src/report/html/html-report.ts";
import { markdownReport } from "../../src/report/markdown.ts";
import { type Report, reportNote } from "../../src/report/report.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { AT_ROOT, VENDORED } from "../support/locate.ts";
import { failing, problem, report, reported } from "../support/reports.ts";

const at = (line: number, overrides: Partial<ReportedFinding> = {}): ReportedFinding =>
  reported("f", { site: { function: "f", file: "Modules/_x.c", line }, ...overrides });

const annotate = (shown: Report): readonly Annotation[] => annotationsOf(shown, AT_ROOT);

const many = (number: number): ReportedFinding[] => Array.from({ length: number }, (_, index) => at(index + 1));

function only(annotations: readonly Annotation[]): Annotation {
  assert.equal(annotations.length, 1);
  const [first] = annotations;
  assert.ok(first);
  return first;
}

suite("an annotation", () => {
  test("an annotation is at the site, and has the kind, amount, test, stack and a hint on how to reproduce the error", () => {
    const { level, title, message, file, line } = only(annotate(failing([at(702)])));
    assert.deepEqual([level, file, line], ["error", "Modules/_x.c", 702]);
    assert.equal(title, "New memory leak in f");
    for (const part of [
      "1 block, 24 bytes\n",
      "in test.test_x.Tests.test_one\n",
      "  f (Modules/_x.c:7)\n",
      "See the step summary or report.html to reproduce or suppress it.",
    ]) {
      assert.ok(message.includes(part), part);
    }
  });

  test("an annotation warns at the line of a change that hides errors", () => {
    const relaxations: Report["relaxations"] = [{ kind: "suppression", title: "csv", file: "Misc/valgrind-python.supp", line: 9 }];
    const { level, title, file, line } = only(annotationsOf(report({ relaxations }), VENDORED));
    assert.deepEqual([level, file, line], ["warning", "vendor/cpython/Misc/valgrind-python.supp", 9]);
    assert.match(title, /suppression csv/);
  });

  test("an annotation of kind warning is shown for a new warning, and fails nothing", () => {
    const { level, title } = only(annotate(report({ findings: [at(1, { status: "warning", kind: "FdLeftOpen" })] })));
    assert.deepEqual([level, title], ["warning", "New descriptor left open by a test file in f"]);
  });

  test("an annotation warns at a changed function that may have failed to release what another one allocated", () => {
    const leak = at(95, { status: "new", signature: "0123456789abcdef" });
    const functions = [{ name: "forgets", file: "Python/codegen.c", line: 4008 }];
    const suspects: Note = { code: "leak-suspects", signatures: [leak.signature], functions, cleanTests: 0 };
    const [, warning, ...more] = annotate({ ...failing([leak]), notes: [reportNote(suspects)] });
    assert.deepEqual([warning?.level, warning?.file, warning?.line, more], ["warning", "Python/codegen.c", 4008, []]);
    assert.equal(warning?.title, "New memory leak in f may come from forgets");
    assert.match(warning?.message ?? "", /^forgets changed, and runs in test\.test_x.*\n {2}f \(Modules\/_x\.c:95\)$/);
  });

  test("an annotation warns at a changed function also if its leak was merged into another finding", () => {
    const leak = at(95, { signature: "0123456789abcdef" });
    const [occurrence] = leak.occurrences;
    assert.ok(occurrence);
    const merged = { ...leak, occurrences: [occurrence, { ...occurrence, signature: "fedcba9876543210" }] };
    const functions = [{ name: "forgets", file: "Python/codegen.c", line: 4008 }];
    const suspects: Note = { code: "leak-suspects", signatures: ["fedcba9876543210"], functions, cleanTests: 0 };
    const [, warning] = annotate({ ...failing([merged]), notes: [reportNote(suspects)] });
    assert.equal(warning?.title, "New memory leak in f may come from forgets");
  });

  test("changed functions are not annotated if four or more of them may have caused a leak", () => {
    const leak = at(95, { status: "new", signature: "0123456789abcdef" });
    const functions = ["a", "b", "c", "d"].map((name) => ({ name, file: "Python/codegen.c", line: 1 }));
    const suspects: Note = { code: "leak-suspects", signatures: [leak.signature], functions, cleanTests: 0 };
    assert.equal(annotate({ ...failing([leak]), notes: [reportNote(suspects)] }).length, 1);
  });

  test("an annotation says that a known error grew", () => {
    const { title, message } = only(annotate(failing([at(1, { status: "grown", blocks: 5, blocksBefore: 2 })])));
    assert.equal(title, "Known memory leak grew in f");
    assert.match(message, /5 blocks \(2 in the baseline\)/);
  });

  test("an annotation is one for all errors of a site, led by the first of them", () => {
    const ids = ["a", "b", "c", "d", "e"].map((name) =>
      at(9, { test: { file: "test_x", id: name }, kind: name === "a" ? "InvalidWrite" : "InvalidRead" }),
    );
    const { title, message } = only(annotate(failing(ids)));
    assert.equal(title, "New invalid write in f");
    assert.match(message, /in a, b, c and 2 more/);
    assert.match(message, /4 more errors from here: invalid read\n/);
  });

  test("an annotation shows the lost object, and where a block used after free was freed", () => {
    const frames = ["free_it", "b", "c", "d", "e"].map((name) => ({
      function: name,
      file: null,
      line: null,
      object: "/usr/lib/libz.so.1",
      role: null,
    }));
    const objects = ["list", "str", "dict"].map((type) => ({ type, refcount: 1 }));
    const { message } = only(annotate(failing([at(1, { objects, further: [{ what: "Block was free'd at", frames }] })])));
    assert.match(message, /lost: list, 1 reference\nlost: str, 1 reference\nin test/);
    assert.match(message, /Block was free'd at\n {2}free_it \(libz\.so\.1\)\n {2}b .*\n {2}c .*\n {2}d .*\nSee the step summary/);
  });

  test("an annotation shows the stack around the site, where many functions pass an allocation on", () => {
    const frame = (name: string, line: number, role: "allocator" | "key") => ({
      function: name,
      file: "Objects/y.c",
      line,
      object: null,
      role,
    });
    const layers = Array.from({ length: 9 }, (_, index) => frame(`layer_${index}`, index, index < 2 ? "allocator" : "key"));
    const stack = [...layers, frame("f", 700, "key"), frame("caller", 800, "key")];
    const { message } = only(annotate(failing([reported("f", { stack, site: { function: "f", file: "Objects/y.c", line: 700 } })])));
    assert.deepEqual(message.match(/^ {2}\w+/gm), ["  layer_6", "  layer_7", "  layer_8", "  f", "  caller"]);
  });

  test("an annotation has the path that the repository knows if the project is in a folder of it", () => {
    assert.equal(only(annotationsOf(failing([at(7)]), VENDORED)).file, "vendor/cpython/Modules/_x.c");
    const nowhere = reported("f", { site: { function: "f", file: "malloc.c", line: 3 } });
    assert.equal(only(annotationsOf(failing([nowhere]), VENDORED)).file, null);
  });

  test("annotations of different functions, files and lines are separate", () => {
    const sites = [
      { function: "f", file: "a.c", line: 1 },
      { function: "g", file: "a.c", line: 1 },
      { function: "f", file: "b.c", line: 1 },
      { function: "f", file: "a.c", line: 2 },
    ];
    assert.equal(annotate(failing(sites.map((site) => reported("f", { site })))).length, 4);
  });

  test("an annotation has no line 0, which compilers give to code without a line", () => {
    const { file, line } = only(annotate(failing([at(0)])));
    assert.deepEqual([file, line], ["Modules/_x.c", null]);
  });

  test("an annotation has no place if none is known", () => {
    const { file, line } = only(annotate(failing([reported("f", { site: { function: "f", file: null, line: null } })])));
    assert.deepEqual([file, line], [null, null]);
  });

  test("an annotation is not longer than GitHub shows, and says that it was cut", () => {
    const site = { function: "🐍".repeat(1000), file: null, line: null };
    const { title, message } = only(annotate(failing([at(1, { kind: "InvalidRead", blocks: 0, what: "x🐍".repeat(5000), site })])));
    assert.ok(message.length <= 4096 && title.length <= 255);
    assert.match(message, /\(cut; all of it is in the step summary\)$/);
    assert.ok(message.isWellFormed() && title.isWellFormed());
  });

  test("an annotation shows names as they are, but nothing in them takes effect", () => {
    const name = "f\u001b[31m\u202e";
    const { title, message } = only(annotate(failing([at(1, { site: { function: name, file: null, line: null }, what: name })])));
    assert.doesNotMatch(`${title}${message.replaceAll("\n", "")}`, /[\p{Cc}\p{Cf}]/u);
  });
});

test("each annotation names an output that says how to reproduce its finding: the summary shows only the first ones in full", () => {
  const findings = many(30).map((finding, index) => ({ ...finding, reproduce: `reproduce ${index}.` }));
  const shown = failing(findings);
  assert.ok(!markdownReport(shown).includes("reproduce 29."));
  assert.ok(htmlReport(shown).includes("reproduce 29."));
  assert.match(allAnnotations(shown, AT_ROOT)[29]?.message ?? "", /See the step summary or report\.html to reproduce/);
});

suite("the annotations of a report", () => {
  test("a report has no annotations for known, fixed or uncompared findings", () => {
    const statuses = ["known", "fixed", "unrecorded"] as const;
    assert.deepEqual(annotate(report({ findings: statuses.map((status) => reported(status, { status })) })), []);
  });

  test("a report's annotations are errors for new findings, warnings for changed ones, notices for flaky ones", () => {
    const findings = (["flaky", "changed", "grown", "new"] as const).map((status, line) => at(line, { status }));
    assert.deepEqual(
      annotate(report({ verdict: "new-errors", findings, problems: [problem("test_y was killed.")] })).map(({ level, title }) => [
        level,
        title,
      ]),
      [
        ["error", "Known memory leak grew in f"],
        ["error", "New memory leak in f"],
        ["warning", "Not checked"],
        ["warning", "Changed, please verify: memory leak in f"],
        ["notice", "Flaky: memory leak in f"],
      ],
    );
  });

  test("a report's annotations are at most ten of a level: the last says how many more there are and where", () => {
    assert.equal(annotate(failing(many(10))).length, 10);
    const annotations = annotate(failing(many(25)));
    assert.equal(annotations.length, 10);
    const last = annotations.at(-1);
    assert.deepEqual([last?.level, last?.title, last?.file], ["error", "16 more error annotations", null]);
    assert.match(last?.message ?? "", /step summary.*report\.json:\nNew memory leak in f: 1 block, 24 bytes \(Modules\/_x\.c:10\)\n/);
    assert.equal(last?.message.split("\n").length, 17);
  });

  test("a report's annotations count those left out as annotations, not errors, since each may cover several", () => {
    const twice = [...many(11), ...many(11)];
    assert.equal(annotate(failing(twice)).at(-1)?.title, "2 more error annotations");
  });

  test("a report's annotations keep the order of the report, worst first", () => {
    assert.deepEqual(
      annotate(failing(many(12))).map(({ line }) => line),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, null],
    );
  });

  test("a report's annotations are at each line that hides errors, however much else a change makes them warn of", () => {
    const findings = Array.from({ length: 12 }, (_, line) => at(line + 1, { status: "warning", kind: "FdLeftOpen" }));
    const problems = Array.from({ length: 12 }, (_, index) => problem(`test_${index} was killed.`));
    const relaxations: Report["relaxations"] = [{ kind: "skip", title: "test_csv", file: ".memcheck.toml", line: 3 }];
    const places = annotate(report({ findings, problems, relaxations })).map(({ file, line }) => `${file}:${line}`);
    assert.equal(places[0], ".memcheck.toml:3");
  });

  test("a report's annotations have a warning for each problem, with a separate limit", () => {
    const problems = Array.from({ length: 12 }, (_, index) => problem(`test_${index} was killed.`, "Look at its log."));
    const annotations = annotate(report({ verdict: "new-errors", problems, findings: many(12) }));
    const warnings = annotations.filter(({ level }) => level === "warning");
    assert.deepEqual([annotations.length, warnings.length], [20, 10]);
    assert.deepEqual([warnings[0]?.message, warnings.at(-1)?.title], ["test_0 was killed. Look at its log.", "3 more warning annotations"]);
  });
});
