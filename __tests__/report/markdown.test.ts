import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { markdownReport } from "../../src/report/markdown.ts";
import { failing, report, reported, testOf } from "../support/reports.ts";

const MEBIBYTE = 1024 * 1024;
const firstLine = (markdown: string): string | undefined => markdown.split("\n")[0];

suite("the summary", () => {
  test("has the verdict in its first line", () => {
    assert.equal(firstLine(markdownReport(report())), "## ✅ cpython-memcheck: Clean: 1 test file checked, nothing new.");
    assert.match(firstLine(markdownReport(failing([reported()]))) ?? "", /^## ❌ .*1 new error in 1 checked test file/);
    assert.match(firstLine(markdownReport(report({ verdict: "inconclusive", reasons: ["x"] }))) ?? "", /^## ⚠️ .*not everything/);
  });

  test("says what was not checked before anything else", () => {
    const markdown = markdownReport(report({ verdict: "new-errors", reasons: ["test_a: it was killed."], findings: [reported()] }));
    assert.match(markdown.split("\n\n")[1] ?? "", /^### Not checked/);
    assert.ok(markdown.includes("- test\\_a: it was killed."));
  });

  test("shows of a new error what, where, how much, in which test, its stack, how to see it again and how to suppress it", () => {
    const further = [
      { what: "Block was alloc'd at", frames: [{ function: "maker", file: "Objects/x.c", line: 3, object: null, role: null }] },
    ];
    const markdown = markdownReport(failing([reported("f", { further, objects: [{ type: "str", refcount: 1, python: ["x.py:3"] }] })]));
    assert.ok(markdown.includes("**memory leak** in `f`, `Modules/_x.c:7`, 1 block, 24 bytes"));
    for (const part of [
      "in `test.test_x.Tests.test_one`",
      "    f (Modules/_x.c:7)",
      "Block was alloc'd at",
      "    maker (Objects/x.c:3)",
      "lost: str, 1 reference\n    x.py:3",
    ]) {
      assert.ok(markdown.includes(part), part);
    }
    for (const title of ["stack", "reproduce", "suppress"]) assert.ok(markdown.includes(`<summary>${title}</summary>`), title);
  });

  test("tells new and grown from flaky, fixed and known ones", () => {
    const findings = (["new", "grown", "flaky", "fixed", "known"] as const).map((status) => reported(`${status}_one`, { status }));
    const markdown = markdownReport(failing(findings));
    const titles = [
      "New and grown (2)",
      "Flaky: they did not come back in a second run and do not fail the check (1)",
      "Fixed: gone since the baseline (1)",
    ];
    for (const title of titles) assert.ok(markdown.includes(`### ${title}`), title);
    assert.ok(markdown.includes("1 known error that the baseline has too"));
  });

  test("lists fifty known errors at most and says how many more there are", () => {
    const known = Array.from({ length: 70 }, (_, index) => reported(`k${index}`, { status: "known" }));
    const markdown = markdownReport(report({ findings: known }));
    assert.equal(markdown.match(/- memory leak in `k/g)?.length, 50);
    assert.ok(markdown.includes("… and 20 more, in report.json"));
  });

  test("has a row for each test file, with bars and code kept inside their cells", () => {
    const tests = [testOf("-c 'a|b'", { status: "crashed", incomplete: "ended | by `SIGSEGV`" }), testOf("test_b", { seconds: 61 })];
    const rows = markdownReport(report({ tests }))
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
    assert.deepEqual(rows.slice(1), [
      "| `-c 'a\\|b'` | memcheck | crashed | 1.5 s | ended \\| by \\`SIGSEGV\\` |",
      "| `test_b` | memcheck | passed | 1 min 1 s |  |",
    ]);
  });

  test("names the tools and the baseline", () => {
    const last = markdownReport(report()).trimEnd().split("\n").at(-1) ?? "";
    for (const part of ["CPython 3.13.15", "valgrind 3.19.0", "gcc 12.2.0", "glibc 2.36", "baseline 0123456789abcdef"])
      assert.ok(last.includes(part), part);
  });

  test("is made of nothing but a verdict and reasons, too", () => {
    const bare = report({ verdict: "inconclusive", reasons: ["no gcc"], toolchain: null, build: null, baseline: null, tests: [] });
    assert.match(markdownReport(bare), /^## ⚠️ .*Nothing was checked.*\n\n### Not checked\n\n- no gcc\n$/);
  });
});

suite("a summary that would be too long", () => {
  const findings = (number: number, name: string) => Array.from({ length: number }, (_, index) => reported(`${name}_${index}`));

  test("shows the first in full and the others as lines", () => {
    const markdown = markdownReport(failing(findings(100, "f")));
    assert.equal(markdown.match(/<summary>stack<\/summary>/g)?.length, 20);
    assert.equal(markdown.match(/^- memory leak in `f_\d+`/gm)?.length, 80);
  });

  test("stays below what GitHub takes with 20,000 errors", () => {
    const markdown = markdownReport(failing(findings(20_000, "function")));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
    assert.match(firstLine(markdown) ?? "", /20,000 new errors/);
  });

  test("is cut where that is not enough, with the verdict first, and says so at its end", () => {
    const markdown = markdownReport(failing(findings(20_000, "a_function_with_a_name_that_is_longer_than_most_others")));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
    assert.match(firstLine(markdown) ?? "", /20,000 new errors/);
    assert.match(markdown, /\*\*This summary is cut: .*report\.json\.\*\*\n$/);
  });

  test("leaves out a part that is nearly as long as what GitHub takes", () => {
    const markdown = markdownReport(report({ verdict: "inconclusive", reasons: ["x".repeat(MEBIBYTE + 1000)] }));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
    assert.match(firstLine(markdown) ?? "", /not everything/);
  });

  test("is measured in bytes", () => {
    const markdown = markdownReport(failing(Array.from({ length: 3000 }, () => reported("日本語".repeat(40)))));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
  });

  test("is cut where a single name is as long", () => {
    const name = `${"std::vector<".repeat(60_000)}int${">".repeat(60_000)}`;
    const markdown = markdownReport(failing([reported(name), reported("small")]));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
    assert.match(firstLine(markdown) ?? "", /2 new errors/);
  });

  test("never ends inside a part: every block and fold that is open is closed", () => {
    const markdown = markdownReport(failing(Array.from({ length: 5000 }, (_, index) => reported(`function_${index}`))));
    assert.equal(markdown.match(/<details>/g)?.length, markdown.match(/<\/details>/g)?.length);
    assert.equal((markdown.match(/^```/gm)?.length ?? 0) % 2, 0);
  });
});

test("hostile names stay text", () => {
  const name = "x`</details><script>|@user\u202e\n# heading\n```";
  const findings = [
    reported(name, { what: name, reproduce: name, suppression: name, objects: [{ type: name, refcount: 1 }] }),
    reported(name, { status: "fixed" }),
  ];
  const markdown = markdownReport(report({ verdict: "new-errors", reasons: [name], notes: [name], findings }));
  assert.doesNotMatch(markdown, /\u202e/);
  const withoutBlocks = markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
  assert.doesNotMatch(withoutBlocks, /^# heading/m);
  const withoutCode = withoutBlocks.replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
  assert.doesNotMatch(withoutCode, /<script>|@user/);
});
