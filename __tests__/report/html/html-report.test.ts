import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import { Script } from "node:vm";
import fc from "fast-check";
import { sampleReport } from "../../../bench/sample-report.ts";
import { htmlReport } from "../../../src/report/html/html-report.ts";
import { PAGE_STYLE } from "../../../src/report/html/page-style.ts";
import { failedReport, type Report, reportProblem } from "../../../src/report/report.ts";
import type { ReportedFinding } from "../../../src/report/reported-finding.ts";
import { hostileText } from "../../support/hostile-text.ts";
import { byClass, byId, byTag, type Element, elements, readPage, skeletonOf } from "../../support/page.ts";
import { failing, note, point, problem, report, reported, testOf } from "../../support/reports.ts";

const pageOf = (shown: Report): Element => readPage(htmlReport(shown));

/** A report with the text in every place that the checked code or its repository can fill. */
function saying(text: string): Report {
  const site = { function: text, file: text, line: 7 };
  const finding = reported("f", {
    ...{ kind: text, what: text, site, suppression: text, reproduce: text, test: { file: text, id: text }, signature: text },
    excerpt: { first: 6, lines: [text, text] },
    objects: [{ type: text, refcount: 1, repr: text, python: [text] }],
    match: { pass: "similar", similarity: 0.8, signature: text, segment: [text] },
    acceptance: { reason: text, expires: text },
  });
  return report({
    problems: [problem(text, text)],
    notes: [note(text)],
    tests: [testOf(text, { status: "failed", log: text, lastWords: [text] })],
    skipped: [{ test: text, engine: "scan", reason: text, expires: text }],
    relaxations: [{ kind: "skip", title: text, file: text, line: 1 }],
    findings: [finding],
    timeline: [point({ recordedAt: text, kinds: [{ kind: text, errors: 1 }], leaks: [{ signature: text, function: text, blocks: 1 }] })],
  });
}

suite("report.html", () => {
  test("report.html is well-formed for any report", () => {
    for (const one of [report(), failedReport({ code: "nothing-checked" }), failing([reported("f")]), sampleReport(120)]) pageOf(one);
  });

  test("report.html loads nothing, and its policy allows its own style and script only", () => {
    const page = pageOf(sampleReport(20));
    const policy = elements(page, ({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy")[0]?.attributes.content ?? "";
    const hashes = ["style", "script"].map((tag) => {
      const [element, ...others] = byTag(page, tag);
      assert.deepEqual([others.length, Object.keys(element?.attributes ?? { none: "" })], [0, []]);
      return createHash("sha256")
        .update(element?.text ?? "")
        .digest("base64");
    });
    assert.equal(
      policy,
      `default-src 'none'; style-src 'sha256-${hashes[0]}'; script-src 'sha256-${hashes[1]}'; base-uri 'none'; form-action 'none'`,
    );
    for (const { tag, attributes } of elements(page)) {
      assert.deepEqual(
        Object.keys(attributes).filter((name) => name === "src" || name === "style" || name.startsWith("on")),
        [],
        tag,
      );
      assert.match(attributes.href ?? "#", /^#[\w-]*$/);
      assert.ok(!["link", "img", "iframe", "object", "base", "a:"].includes(tag), tag);
    }
    assert.doesNotMatch(htmlReport(sampleReport(20)), /https?:|url\(|@import/);
  });

  test("report.html has the same elements for any names and texts in the report", () => {
    const expected = skeletonOf(pageOf(saying("x")));
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = htmlReport(saying(`x${text}`));
        assert.equal(skeletonOf(readPage(page)), expected);
        assert.doesNotMatch(page, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
      { numRuns: 300 },
    );
  });

  test("report.html has the same elements for any hint of a shard that failed", () => {
    const pageWith = (hint: string): Element =>
      pageOf(report({ problems: [reportProblem({ code: "shard-failed", shard: "1/2", detail: "It failed.", hint, tests: 1 })] }));
    assert.equal(skeletonOf(pageWith("`x` y `z`")), skeletonOf(pageWith("x")));
    assert.ok(byId(pageWith("x".repeat(5000)), "problems").text.length < 2000);
  });

  test("report.html shows the verdict first, then the problems with their remedies", () => {
    const page = pageOf(report({ verdict: "inconclusive", problems: [problem("test_x was killed.", "Raise `test-timeout`.")] }));
    assert.match(byTag(page, "h1")[0]?.text ?? "", /Inconclusive/);
    const [first] = byTag(page, "section");
    assert.equal(first?.attributes.id, "problems");
    assert.match(first?.text ?? "", /test_x was killed\.\s*Raise `test-timeout`\./);
  });

  test("the script of report.html has no syntax error", () => {
    assert.doesNotThrow(() => new Script(byTag(pageOf(report()), "script")[0]?.text ?? "("));
  });

  test("report.html of thousands of findings has a limited size", () => {
    const bytes = (number: number): number => Buffer.byteLength(htmlReport(sampleReport(number)));
    assert.ok(bytes(0) < 250_000, `${bytes(0)}`);
    assert.ok(bytes(2000) < 3_500_000, `${bytes(2000)}`);
  });
});

suite("the findings of report.html", () => {
  const torture: Partial<ReportedFinding> = {
    ...{ engine: "torture", kind: "ErrorPathLeak", what: "24 bytes in 1 blocks are definitely lost after one allocation failed" },
    further: [
      {
        what: "What is lost was allocated here",
        frames: [{ function: "make_row", file: "Modules/_csv.c", line: 3, object: null, role: null }],
      },
      {
        what: "The allocation that failed",
        frames: [{ function: "grow_field", file: "Modules/_csv.c", line: 9, object: null, role: null }],
      },
    ],
  };

  test("the findings of report.html are complete without a script: stacks, objects, command and suppression", () => {
    const objects = [{ type: "str", refcount: 1, repr: "'x'", python: ["Lib/csv.py:116"] }];
    const [card] = byClass(pageOf(failing([reported("parse", { ...torture, objects })])), "finding");
    assert.equal(card?.tag, "details");
    for (const word of [
      "leak in an error path in parse",
      "make_row",
      "grow_field",
      "The allocation that failed",
      "lost: str 'x', 1 reference",
      "Lib/csv.py:116",
      "# parse",
      "fun:parse",
    ])
      assert.ok(card?.text.includes(word), word);
  });

  test("the findings of report.html show numbered source lines, and mark the line of the site and the changed one", () => {
    const excerpt = { first: 6, lines: ["{", "\tfield = f();", "}"] };
    const [source] = byClass(pageOf(failing([reported("f", { excerpt, place: { file: "Modules/_x.c", line: 8 } })])), "source");
    assert.deepEqual(
      byClass(source ?? pageOf(report()), "hit").map(({ text }) => text),
      ["7    field = f();\n"],
    );
    assert.deepEqual(
      byClass(source ?? pageOf(report()), "changed").map(({ text }) => text),
      ["8}\n"],
    );
  });

  test("the findings of report.html wrap the path above source lines, of which a phone would show only the start", () => {
    assert.match(PAGE_STYLE, /^figcaption \{[^}]*overflow-wrap: anywhere/m);
  });

  test("the findings of report.html are grouped by status, with new and grown ones open", () => {
    const statuses = ["known", "fixed", "grown", "new"] as const;
    const page = pageOf(failing(statuses.map((status) => reported(status, { status }))));
    const groups = byClass(page, "group").map(({ attributes }) => [attributes.id, "open" in attributes]);
    assert.deepEqual(groups, [
      ["new", true],
      ["grown", true],
      ["fixed", false],
      ["known", false],
    ]);
    assert.deepEqual(
      byClass(page, "finding").map(({ attributes }) => [attributes["data-s"], "open" in attributes]),
      [
        ["new", true],
        ["grown", true],
        ["fixed", false],
        ["known", false],
      ],
    );
  });

  test("the findings of report.html have filters for status, kind, engine and test file, hidden until the script runs", () => {
    const findings = [
      reported("f", { engine: "scan", test: { file: "test_b", id: null } }),
      reported("g", { kind: "InvalidRead", status: "known", test: { file: "test_a", id: null } }),
    ];
    const page = pageOf(failing(findings));
    const filters = byId(page, "filters");
    assert.ok("hidden" in filters.attributes);
    const choices = byTag(filters, "select").map((select) =>
      byTag(select, "option")
        .slice(1)
        .map(({ attributes, text }) => [attributes.value, text]),
    );
    assert.deepEqual(choices, [
      [
        ["new", "New"],
        ["known", "Known"],
      ],
      [
        ["0", "invalid read"],
        ["1", "memory leak"],
      ],
      [
        ["memcheck", "memcheck"],
        ["scan", "scan"],
      ],
      [
        ["0", "test_a"],
        ["1", "test_b"],
      ],
    ]);
    assert.deepEqual(
      byClass(page, "finding").map(({ attributes: a }) => [a["data-s"], a["data-k"], a["data-e"], a["data-t"]]),
      [
        ["new", "1", "scan", " 1 "],
        ["known", "0", "memcheck", " 0 "],
      ],
    );
  });

  test("the findings of report.html after the first hundreds are complete, too, with few elements", () => {
    const findings = Array.from({ length: 400 }, (_, index) => reported(`f${index}`, { ...torture, status: "known" }));
    const cards = byClass(pageOf(failing(findings)), "finding");
    const [first, last] = [cards[0], cards.at(-1)];
    assert.ok(first && last);
    for (const word of ["make_row", "grow_field", "The allocation that failed", "# f399", "fun:f399", findings.at(-1)?.signature ?? ""])
      assert.ok(last.text.includes(word), word);
    assert.ok(elements(last).length < 12 && elements(first).length > 30);
  });

  test("the findings of report.html after the first hundreds say why they are accepted, and what they match in the baseline", () => {
    const match = { pass: "similar", similarity: 0.8, signature: "0123456789abcdef", segment: ["clone"] } as const;
    const accepted = reported("late", {
      status: "accepted",
      acceptance: { reason: "immortal: gh-1", expires: "2027-03-01" },
      match: { ...match, segment: ["clone"] },
    });
    const page = pageOf(failing([...Array.from({ length: 300 }, (_, index) => reported(`f${index}`)), accepted]));
    const last = byClass(page, "finding").at(-1);
    for (const word of ["accepted: until 2027-03-01: immortal: gh-1", "0123456789abcdef of the baseline: similar", "test: test.test_x"])
      assert.ok(last?.text.includes(word), `${word}: ${last?.text}`);
  });

  test("the findings of report.html have one anchor for each signature", () => {
    const page = pageOf(failing([reported("f"), reported("f", { status: "known" })]));
    const [first] = byClass(page, "finding");
    assert.equal(byId(page, `f-${reported("f").signature}`), first);
  });
});

suite("the coverage tree in report.html", () => {
  test("the coverage tree has each test file by engine and outcome, and the reason if one is incomplete", () => {
    const incomplete = { code: "timeout", seconds: 9, message: "it took longer than 9 s and was killed" } as const;
    const tests = [
      testOf("test_a"),
      testOf("test_b", { status: "timeout", incomplete, lastWords: ["test_slow ..."] }),
      testOf("test_c", { engine: "scan" }),
    ];
    const tree = byId(pageOf(report({ tests })), "coverage");
    assert.deepEqual(
      byClass(tree, "engine").map(({ children }) => children[0]?.text.replace(/\s+/g, " ")),
      ["Memcheck 2 runs, 3.0 s 1 incomplete 1 passed", "Leak scan 1 run, 1.5 s 1 passed", "Build restored, 0.2 s"]
        .slice(0, 2)
        .concat(["Build"]),
    );
    for (const word of ["it took longer than 9 s and was killed", "test_slow ...", "test_a", "test_c"])
      assert.ok(tree.text.includes(word), word);
  });

  test("the coverage tree has the test files that did not run, with their reasons", () => {
    const shown = report({
      skipped: [{ test: "test_gdb", engine: "scan", reason: "hangs", expires: "2027-03-01" }],
      notes: [
        {
          code: "left-out",
          test: "test_faulthandler",
          engine: "memcheck",
          reason: "crashes on purpose",
          message: "test_faulthandler crashes on purpose.",
        },
        { code: "memcheck-budget", seconds: 60, looked: 1, leftOut: ["test_late"], message: "No time." },
      ],
      affected: [{ test: "test_csv", causes: [{ code: "function", name: "parse" }] }],
    });
    const tree = byId(pageOf(shown), "coverage");
    for (const word of [
      "test_gdb (scan) until 2027-03-01: hangs",
      "test_faulthandler crashes on purpose.",
      "test_late",
      "it runs parse, which changed",
    ])
      assert.ok(tree.text.includes(word), word);
  });
});
