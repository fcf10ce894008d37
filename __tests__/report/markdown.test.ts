import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { markdownReport } from "../../src/report/markdown.ts";
import type { Report } from "../../src/report/report.ts";
import { CRASHED } from "../support/builders.ts";
import { failing, note, problem, report, reported, testOf } from "../support/reports.ts";

const MEBIBYTE = 1024 * 1024;
const firstLine = (markdown: string): string | undefined => markdown.split("\n")[0];

suite("the summary", () => {
  test("the summary has the verdict in its first line", () => {
    assert.equal(firstLine(markdownReport(report())), "## ✅ cpython-memcheck: Clean: 1 test file checked, nothing new.");
    assert.match(firstLine(markdownReport(failing([reported()]))) ?? "", /^## ❌ .*1 new error in 1 checked test file/);
    assert.match(firstLine(markdownReport(report({ verdict: "inconclusive", problems: [problem("x")] }))) ?? "", /^## ⚠️ .*not everything/);
  });

  test("the summary counts findings by their status, and incomplete test files", () => {
    const findings = (["new", "grown", "known", "known", "accepted", "changed"] as const).map((status) => reported("f", { status }));
    const tests = [testOf("test_x", { status: "crashed", incomplete: { ...CRASHED, message: "it crashed" } })];
    assert.equal(
      markdownReport({ ...failing(findings), tests }).split("\n\n")[1],
      "**1** new · **1** grown · **1** changed, please verify · **1** accepted · **2** known · **1** test file incomplete",
    );
  });

  test("the summary counts one warning as one", () => {
    const warnings = (number: number) => Array.from({ length: number }, () => reported("f", { status: "warning" }));
    assert.ok(markdownReport(report({ findings: warnings(1) })).includes("\n\n**1** warning\n"));
    assert.ok(markdownReport(report({ findings: warnings(2) })).includes("\n\n**2** warnings\n"));
  });

  test("the summary does not mention a baseline if there is none", () => {
    const markdown = markdownReport(
      report({ verdict: "inconclusive", baseline: null, findings: [reported("f", { status: "unrecorded" })] }),
    );
    assert.ok(markdown.includes("1 error not compared, since there was nothing to compare with"));
  });

  test("the summary has the findings of a first run, skipped test files, and changes that hide errors", () => {
    const markdown = markdownReport(
      report({
        baseline: null,
        findings: [reported("f", { status: "recorded" })],
        skipped: [{ test: "test_gdb", engine: "memcheck", reason: "`hangs`", expires: null }],
        relaxations: [{ kind: "accept", title: "0123456789abcdef", file: ".memcheck.toml", line: 3 }],
      }),
    );
    for (const part of [
      "### Recorded by this run (1)",
      "<b>memory leak</b> in <code>f</code>",
      "- test\\_gdb \\(memcheck\\): \\`hangs\\`",
      "- accepted finding 0123456789abcdef \\(.memcheck.toml:3\\)",
    ]) {
      assert.ok(markdown.includes(part), part);
    }
  });

  test("the summary shows problems below new findings, or first if they make it inconclusive", () => {
    const problems = [problem("test_a: it was killed.", "Look.")];
    const order = (shown: Report): string[] => [...markdownReport(shown).matchAll(/^###? (\w+)/gm)].map(([, title]) => title ?? "");
    assert.deepEqual(order(report({ verdict: "new-errors", problems, findings: [reported()], notes: [note("x")] })), [
      "New",
      "Not",
      "Notes",
    ]);
    const findings = [reported("f", { status: "flaky" })];
    assert.deepEqual(order(report({ verdict: "inconclusive", problems, findings })), ["Not", "Flaky"]);
    assert.ok(markdownReport(report({ verdict: "inconclusive", problems })).includes("- test\\_a: it was killed. Look."));
  });

  test("the summary shows the place, amount, test and stack of a new error, and how to reproduce and suppress it", () => {
    const further = [
      { what: "Block was alloc'd at", frames: [{ function: "maker", file: "Objects/x.c", line: 3, object: null, role: null }] },
    ];
    const markdown = markdownReport(failing([reported("f", { further, objects: [{ type: "str", refcount: 1, python: ["x.py:3"] }] })]));
    assert.ok(
      markdown.includes(
        "<b>memory leak</b> in <code>f</code>, <code>Modules/_x.c:7</code>, 1 block, 24 bytes (<code>test_x</code>)</summary>",
      ),
    );
    for (const part of [
      "in `test.test_x.Tests.test_one`, signature `",
      "    f (Modules/_x.c:7)",
      "Block was alloc'd at",
      "    maker (Objects/x.c:3)",
      "lost: str, 1 reference\n    x.py:3",
    ]) {
      assert.ok(markdown.includes(part), part);
    }
    assert.match(markdown, /Reproduce:\n\n```text\nvalgrind python -m test/);
    assert.match(markdown, /<summary>Suppression<\/summary>\n\n```text\n\{\n/);
  });

  test("the summary shows how the log of a test file ends that a problem is about", () => {
    const log = { log: "/runs/output.log", lastWords: ["```", "ImportError: <b>@user"] };
    const tests = [
      testOf("test_x", { status: "crashed", incomplete: { ...CRASHED, message: "it crashed" }, ...log }),
      testOf("test_y", { lastWords: ["OK"] }),
    ];
    const markdown = markdownReport(report({ verdict: "inconclusive", problems: [problem("test_x: it crashed.")], tests }));
    assert.ok(markdown.includes("<code>test_x</code></summary>\n\n````text\n```\nImportError: <b>@user\n````"));
    assert.ok(markdown.includes("`/runs/output.log`"));
    assert.ok(!markdown.includes("OK"));
  });

  test("the summary separates new and grown findings from flaky, fixed and known ones", () => {
    const findings = (["new", "grown", "flaky", "fixed", "known"] as const).map((status) => reported(`${status}_one`, { status }));
    const markdown = markdownReport(failing(findings));
    const titles = ["### New (1)", "### Grown (1)", "### Flaky (1)", "1 error fixed", "1 error known"];
    for (const title of titles) assert.ok(markdown.includes(title), title);
  });

  test("the summary opens the first new error only", () => {
    const markdown = markdownReport(failing([reported("f"), reported("g"), reported("h", { status: "grown" })]));
    assert.deepEqual(markdown.match(/<details open>.*/g)?.length, 1);
    assert.match(markdown, /### New \(2\)\n\n<details open><summary><b>memory leak<\/b> in <code>f</);
  });

  test("the summary shows a finding's match, why it is accepted, and what it includes", () => {
    const match = { pass: "similar", similarity: 0.8, signature: "0123456789abcdef", segment: ["a", "b", "c", "d"] } as const;
    const root = { signature: "0123456789abcdef", kind: "Leak_DefinitelyLost", site: reported().site, blocks: 1, bytes: 1 };
    const findings = [
      reported("f", { status: "changed", match: { ...match, segment: [...match.segment] } }),
      reported("g", { status: "accepted", acceptance: { reason: "immortal", expires: "2027-03-01" } }),
      reported("h", { roots: [root, root] }),
    ];
    const markdown = markdownReport(failing(findings));
    assert.match(markdown, /matched with a &lt; b &lt; c of the baseline \\\(similar\\\)/);
    assert.match(markdown, /accepted until 2027-03-01: immortal/);
    assert.match(markdown, /2 leaks from one test, reported as one\n\n```text\n.*\nroot: leaky \(Modules\/_x\.c:7\), 1 block, 1 byte\n/);
  });

  test("the summary folds notes if there are many", () => {
    const notes = ["a", "b", "c", "d", "e", "f"].map((name) => note(`test_${name} is not scanned: it makes no sense.`));
    assert.match(markdownReport(report({ notes: notes.slice(1) })), /### Notes\n\n- test\\_b/);
    assert.match(markdownReport(report({ notes })), /<details><summary>6 notes: .*<\/summary>\n\n- test\\_a/);
  });

  test("the summary shows where the time was spent", () => {
    const costs = { start: 9, leakChecks: 4, reading: 1 };
    const tests = [testOf("test_x", { seconds: 30, costs }), testOf("test_y", { seconds: 90 }), testOf("test_x", { engine: "scan" })];
    const markdown = markdownReport(report({ tests, build: { kind: "cold", seconds: 200 } }));
    assert.match(markdown, /Build \(cold\): 3 min 20 s\./);
    assert.match(markdown, /\| memcheck \| 9\.0 s \| 1 min 56 s \| 4\.0 s \| 1\.0 s \|\n\| scan \|/);
  });

  test("the summary lists a number of known errors and says how many more there are", () => {
    const known = Array.from({ length: 270 }, (_, index) => reported(`k${index}`, { status: "known" }));
    const markdown = markdownReport(report({ findings: known }));
    assert.equal(markdown.match(/- memory leak in `k/g)?.length, 200);
    assert.ok(markdown.includes("… and 50 more, in report.json"));
  });

  test("the summary has a row for each test file, with bars and code kept inside their cells", () => {
    const tests = [
      testOf("-c 'a|b'", { status: "crashed", incomplete: { ...CRASHED, message: "ended | by `SIGSEGV`" } }),
      testOf("test_b", { seconds: 61 }),
    ];
    const rows = markdownReport(report({ tests }))
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
    assert.deepEqual(rows.slice(1, 3), [
      "| `-c 'a\\|b'` | memcheck | crashed | 1.5 s | ended \\| by \\`SIGSEGV\\` |",
      "| `test_b` | memcheck | passed | 1 min 1 s |  |",
    ]);
  });

  test("the summary links the run that recorded the baseline if that is an address and nothing else", () => {
    const of = (run: string): string => {
      const origin = { commit: "c".repeat(40), mergeBase: "d".repeat(40), distance: 3, run };
      return markdownReport(report({ baseline: { sha: null, recordedAt: "", origin } }));
    };
    const said = "Compared with the baseline of cccccccccccc, 3 commits before the merge base dddddddddddd.";
    assert.ok(of("https://github.test/o/r/actions/runs/5").includes(`${said} [Its run](https://github.test/o/r/actions/runs/5).`));
    for (const run of ["javascript:alert(1)", "https://x)[y](https://z", ""]) {
      assert.ok(of(run).includes(said));
      assert.doesNotMatch(of(run), /Its run/);
    }
  });

  test("the summary names the tools and the baseline", () => {
    const last = markdownReport(report()).trimEnd().split("\n").at(-1) ?? "";
    for (const part of ["CPython 3.13.15", "valgrind 3.19.0", "gcc 12.2.0", "glibc 2.36", "baseline 0123456789abcdef"])
      assert.ok(last.includes(part), part);
  });

  test("the summary can be made of a verdict and problems alone", () => {
    const bare = report({
      verdict: "inconclusive",
      problems: [problem("no gcc")],
      toolchain: null,
      build: null,
      baseline: null,
      tests: [],
    });
    assert.match(markdownReport(bare), /^## ⚠️ .*Nothing was checked.*\n\n### Not checked\n\n- no gcc\n$/);
  });
});

suite("a summary that would be too long", () => {
  const findings = (number: number, name: string) => Array.from({ length: number }, (_, index) => reported(`${name}_${index}`));

  test("a summary that would be too long shows the first in full and the others as lines", () => {
    const markdown = markdownReport(failing(findings(100, "f")));
    assert.equal(markdown.match(/Reproduce:/g)?.length, 20);
    assert.equal(markdown.match(/^- memory leak in `f_\d+`/gm)?.length, 80);
  });

  test("a summary that would be too long stays below what GitHub takes with 20,000 errors", () => {
    const markdown = markdownReport(failing(findings(20_000, "function")));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
    assert.match(firstLine(markdown) ?? "", /20,000 new errors/);
  });

  test("a summary that would be too long keeps the verdict and every headline if memcheck's text is endless", () => {
    const markdown = markdownReport(failing(findings(50, "f").map((one) => ({ ...one, what: "x".repeat(100_000) }))));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
    assert.match(firstLine(markdown) ?? "", /50 new errors/);
    for (const { site } of findings(50, "f")) assert.ok(markdown.includes(site.function), site.function);
  });

  test("a summary that would be too long leaves out a part that is nearly as long as what GitHub takes", () => {
    const markdown = markdownReport(report({ verdict: "inconclusive", problems: [problem("x".repeat(MEBIBYTE + 1000))] }));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
    assert.match(firstLine(markdown) ?? "", /not everything/);
  });

  test("a summary that would be too long is measured in bytes", () => {
    const markdown = markdownReport(failing(Array.from({ length: 3000 }, () => reported("日本語".repeat(40)))));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
  });

  test("a summary that would be too long is cut if a single name is as long", () => {
    const name = `${"std::vector<".repeat(60_000)}int${">".repeat(60_000)}`;
    const markdown = markdownReport(failing([reported(name), reported("small")]));
    assert.ok(Buffer.byteLength(markdown) < MEBIBYTE);
    assert.match(firstLine(markdown) ?? "", /2 new errors/);
  });

  test("a summary that would be too long never ends inside a part: every block and fold that is open is closed", () => {
    const markdown = markdownReport(failing(Array.from({ length: 5000 }, (_, index) => reported(`function_${index}`))));
    assert.equal(markdown.match(/<details[ >]/g)?.length, markdown.match(/<\/details>/g)?.length);
    assert.equal((markdown.match(/^```/gm)?.length ?? 0) % 2, 0);
  });
});

test("hostile names stay text in the summary", () => {
  const name = "x`</details><script>|@user\u202e\n# heading\n```";
  const findings = [
    reported(name, { what: name, reproduce: name, suppression: name, objects: [{ type: name, refcount: 1 }] }),
    reported(name, { status: "fixed" }),
  ];
  const markdown = markdownReport(report({ verdict: "new-errors", problems: [problem(name, name)], notes: [note(name)], findings }));
  assert.doesNotMatch(markdown, /\u202e/);
  const withoutBlocks = markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
  assert.doesNotMatch(withoutBlocks, /^# heading/m);
  const withoutCode = withoutBlocks.replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
  assert.doesNotMatch(withoutCode, /<script>|@user/);
});
