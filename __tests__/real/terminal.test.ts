import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { problemInWords } from "../../src/report/describe.ts";
import type { ReportedProblem } from "../../src/report/report.ts";
import { Checkout, fresh, testFile } from "../support/checkout.ts";
import { assertExit, readReport, run, runCommand, WORK_DIR, withDefaults } from "../support/command.ts";
import { byClass, readPage } from "../support/page.ts";

/** Empty for a process that is gone by now. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** The test file that a problem is about, and why it is incomplete; else the problem's code. */
function causeIn(problem: ReportedProblem): readonly unknown[] {
  return problem.code === "test-incomplete" ? [problem.test, problem.incomplete] : [problem.code];
}

suite("npm run check on a release", () => {
  const baseline = join(WORK_DIR, `test-baseline-${process.pid}.json.gz`);
  const path = `${baseline}.report.json`;
  const flags = [
    "--python-version",
    "3.13",
    "--scan",
    "none",
    "--tests",
    "test_bisect",
    "--baseline",
    baseline,
    "--report",
    path,
    "--work-dir",
    WORK_DIR,
  ];

  test("npm run check on a release fetches and builds it, and records a first baseline", async () => {
    assertExit(await runCommand(["check", ...flags]), 0);
    const report = readReport(path);
    assert.equal(report.verdict, "clean");
    assert.equal(report.baseline, null);
    assert.equal(report.tests[0]?.status, "passed");
    assert.deepEqual(
      report.notes.map(({ code }) => code).filter((code) => code !== "unconfined"),
      ["first-comparison", "baseline-recorded"],
    );
    assert.ok(existsSync(baseline));
  });

  test("npm run check on a release takes the build as it is the second time, and finds nothing new", async () => {
    assertExit(await runCommand(["check", ...flags]), 0);
    const report = readReport(path);
    assert.equal(report.build?.kind, "restored");
    assert.deepEqual(fresh(report), []);
  });

  test("npm run check on a release keeps what every interpreter leaves behind at exit quiet", async () => {
    const exit = ["--leak-check", "exit", "--baseline", `${baseline}.exit`];
    assertExit(await runCommand(["check", ...withDefaults(flags, exit)]), 0);
    assertExit(await runCommand(["check", ...withDefaults(flags, exit)]), 0);
    const report = readReport(path);
    assert.ok(report.findings.length > 0, "a check at exit has known leaks");
    assert.deepEqual([...new Set(report.findings.map(({ status }) => status))], ["known"]);
  });

  test("npm run check on a release does not compare a check with a baseline of another kind, and leaves that as it is", async () => {
    const kept = readFileSync(baseline);
    assertExit(await runCommand(["check", ...flags, "--leak-check", "none"]), 2);
    const [problem] = readReport(path).problems;
    assert.ok(problem?.code === "nothing-compared" && problem.why.code === "baseline-incompatible", JSON.stringify(problem));
    assert.deepEqual(problem.why.why, { code: "other-identity", field: "leakCheck", recorded: "live", current: "none" });
    assert.deepEqual(readFileSync(baseline), kept);
  });
});

suite("npm run check on a checkout", () => {
  let checkout: Checkout;
  before(async () => {
    checkout = await Checkout.open();
    // test_csv itself takes half a minute under memcheck.
    checkout.add("Lib/test/test_zz_csv.py", testFile("import csv", "self.assertEqual(list(csv.reader(['one,two'])), [['one', 'two']])"));
    assertExit((await checkout.check(["--tests", "test_bisect test_zz_csv"])).ran, 0);
  });
  after(() => checkout.remove());

  test("npm run check finds a leak that a change adds, and says where, in which test and how to see it again", async () => {
    checkout.edit(
      "Modules/_csv.c",
      "        Py_DECREF(field);\n        return -1;\n    }\n    Py_DECREF(field);\n    return 0;",
      "        Py_DECREF(field);\n        return -1;\n    }\n    return 0;",
    );
    const { ran, report } = await checkout.check(["--tests", "test_zz_csv"]);
    assertExit(ran, 1);
    assert.equal(report.build?.kind, "warm");
    const leak = fresh(report).find(({ site }) => site.function === "parse_save_field");
    assert.ok(leak);
    assert.match(leak.kind, /^Leak_/);
    assert.equal(leak.site.file, "Modules/_csv.c");
    const line = readFileSync(join(checkout.source, "Modules/_csv.c"), "utf8").split("\n")[(leak.site.line ?? 0) - 1];
    assert.match(line ?? "", /PyUnicode_FromKindAndData/);
    assert.equal(leak.test.file, "test_zz_csv");
    assert.ok(leak.blocks > 0 && leak.bytes > 0);
    assert.match(leak.reproduce, /valgrind .* look test_zz_csv$/);
    assert.match((await run("sh", ["-c", leak.reproduce])).stderr, /definitely lost[\s\S]*parse_save_field/);
    assert.match(ran.stdout, /new memory leak in parse_save_field/);
    assert.equal(leak.excerpt?.lines[(leak.site.line ?? 0) - leak.excerpt.first], line);
    const page = readPage(readFileSync(join(checkout.folder, "report.html"), "utf8"));
    assert.match(byClass(page, "hit")[0]?.text ?? "", /PyUnicode_FromKindAndData/);
    assert.deepEqual(
      report.timeline.map(({ stages }) => stages.map(({ engine, tests }) => [engine, tests])),
      [
        [
          ["lifecycle", 3],
          ["memcheck", 2],
        ],
      ],
    );
  });

  test("npm run check is quiet about a leak once the suppressions that it offers are pasted into a file", async () => {
    const file = join(checkout.folder, "pasted.supp");
    const { report } = await checkout.check(["--tests", "test_zz_csv"]);
    writeFileSync(
      file,
      fresh(report)
        .map(({ suppression }) => suppression ?? "")
        .join(""),
    );
    const { ran, report: quiet } = await checkout.check(["--tests", "test_zz_csv", "--suppressions", file]);
    assertExit(ran, 0);
    assert.deepEqual(fresh(quiet), []);
  });

  test("npm run check finds nothing new when lines only moved", async () => {
    checkout.restore();
    checkout.edit("Modules/_csv.c", "#include ", `${"/* a comment */\n".repeat(30)}#include `);
    const { ran, report } = await checkout.check(["--tests", "test_zz_csv"]);
    assertExit(ran, 0);
    assert.equal(report.build?.kind, "warm");
    checkout.restore();
  });

  test("npm run check names the test during which memory was read that should not be", async () => {
    checkout.edit(
      "Modules/_bisectmodule.c",
      "return internal_bisect_left(a, x, lo, hi, key);",
      "{ char *volatile p = malloc(8); volatile char c = p[8]; (void)c; free(p); }\n    return internal_bisect_left(a, x, lo, hi, key);",
    );
    const { ran, report } = await checkout.check(["--tests", "test_bisect"]);
    assertExit(ran, 1);
    assert.ok(fresh(report).length > 0);
    for (const finding of fresh(report)) {
      assert.equal(finding.kind, "InvalidRead");
      assert.equal(finding.site.file, "Modules/_bisectmodule.c");
      assert.match(finding.test.id ?? "", /^test\.test_bisect\.\w+\.test_\w+$/);
      assert.match(finding.further.map(({ what }) => what).join("\n"), /0 bytes after a block of size 8 alloc'd/);
    }
    checkout.restore();
  });

  test("npm run check never calls a crash clean", async () => {
    checkout.edit(
      "Modules/_bisectmodule.c",
      "return internal_bisect_left(a, x, lo, hi, key);",
      "*(volatile int *)0 = 0;\n    return internal_bisect_left(a, x, lo, hi, key);",
    );
    const { ran, report } = await checkout.check(["--tests", "test_bisect"]);
    assertExit(ran, 2);
    assert.equal(report.tests[0]?.status, "crashed");
    assert.deepEqual(report.problems.map(causeIn), [["test_bisect", { code: "crashed", signal: "SIGSEGV", exit: null }]]);
    checkout.restore();
  });

  test("npm run check shows the compiler's words when the change does not build, and leaves the baseline alone", async () => {
    const before = readFileSync(checkout.baseline);
    checkout.edit("Modules/_bisectmodule.c", "return internal_bisect_left(", "return no_such_function(");
    const { ran, report } = await checkout.check(["--tests", "test_bisect"]);
    assertExit(ran, 2);
    assert.match(report.problems.map(problemInWords).join("\n"), /_bisectmodule\.c:\d+.*error:.*no_such_function/s);
    assert.deepEqual(readFileSync(checkout.baseline), before);
    checkout.restore();
  });

  test("npm run check stops a test file that takes too long, and leaves no process behind", async () => {
    const { ran, report } = await checkout.check(["--tests", "test_struct", "--test-timeout", "2s"]);
    assertExit(ran, 2);
    assert.equal(report.tests[0]?.status, "timeout");
    assert.deepEqual(report.problems.map(causeIn), [["test_struct", { code: "timeout", seconds: 2 }]]);
    const left = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandLine(name).includes(join(WORK_DIR, "runs")));
    assert.deepEqual(left.map(commandLine), []);
  });

  test("npm run check calls a test file incomplete that ends its process before it is over", async () => {
    checkout.add("Lib/test/test_zz_exit.py", "import os, unittest\nclass T(unittest.TestCase):\n    def test_a(self): os._exit(0)\n");
    checkout.add("Lib/test/test_zz_import.py", "raise RuntimeError('broken')\n");
    const { ran, report } = await checkout.check(["--tests", "test_zz_exit test_zz_import"]);
    assertExit(ran, 2);
    assert.deepEqual(report.problems.map(causeIn), [
      ["test_zz_exit", { code: "crashed", signal: null, exit: 0 }],
      ["test_zz_import", { code: "no-test-ran" }],
    ]);
  });

  const command = (words: string) => checkout.check(["--command", words, "--baseline", join(checkout.folder, "command.json.gz")]);

  test("npm run check runs the user's command instead of test files, and counts its tests", async () => {
    const { ran, report } = await command("-m unittest test.test_bisect.TestBisectC");
    assertExit(ran, 0);
    assert.deepEqual([report.tests[0]?.status, report.tests[0]?.name], ["passed", "test.test_bisect"]);
    assert.ok((report.tests[0]?.ran ?? 0) > 10);
  });

  test("npm run check does not call a command clean that ran no test in the process that is watched", async () => {
    for (const words of [
      "-c pass",
      '-c \'import subprocess, sys; subprocess.run([sys.executable, "-m", "unittest", "test.test_bisect"])\'',
    ]) {
      const { ran, report } = await command(words);
      assertExit(ran, 2);
      assert.deepEqual(
        report.tests.map(({ incomplete }) => incomplete?.code),
        ["no-test-watched"],
      );
    }
  });
});
