import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { causeOf } from "../../src/model/incomplete.ts";
import type { Report } from "../../src/report/report.ts";
import { Checkout, leak, testFile, testFiles } from "../support/checkout.ts";
import { assertExit } from "../support/command.ts";

const FLAGS = ["--tests", "test_zz_a test_zz_b"];
const SKIP = '[[skip]]\ntest = "test_zz_a"\nreason = "it ends its process"\n';

const causes = (report: Report) => testFiles(report).map(({ name, incomplete }) => [name, causeOf(incomplete)]);

suite("a test file that cannot be completed on the default branch", () => {
  let checkout: Checkout;
  before(async () => {
    checkout = await Checkout.open();
    checkout.add("Lib/test/test_zz_a.py", testFile("os._exit(3)"));
    checkout.add("Lib/test/test_zz_b.py", testFile(leak("list(range(3))")));
  });
  after(() => checkout.remove());

  test("a test file that cannot be completed is a problem on the first run, which shows what else it recorded", async () => {
    const { ran, report } = await checkout.check(FLAGS);
    assertExit(ran, 2);
    assert.deepEqual(causes(report), [
      ["test_zz_a", "exit:3"],
      ["test_zz_b", null],
    ]);
    assert.deepEqual(
      report.findings.map(({ status, test }) => [status, test.file]),
      [["recorded", "test_zz_b"]],
    );
    assert.match(ran.stdout, /lost: list, length 3, 1 reference/);
  });

  test("a test file that is incomplete on the default branch is not a problem in later runs", async () => {
    const { ran, report } = await checkout.check(FLAGS);
    assertExit(ran, 0);
    assert.deepEqual([report.verdict, report.problems, causes(report)[0]], ["clean", [], ["test_zz_a", "exit:3"]]);
  });

  test("a test file that cannot be completed is a problem again when it ends in another way", async () => {
    checkout.add("Lib/test/test_zz_a.py", testFile("os.kill(os.getpid(), signal.SIGABRT)"));
    const { ran, report } = await checkout.check(FLAGS);
    assertExit(ran, 2);
    assert.equal(report.problems.length, 1);
  });

  test("a test file that cannot be completed can be skipped by .memcheck.toml, which the report shows as added", async () => {
    checkout.add(".memcheck.toml", SKIP);
    const { ran, report } = await checkout.check(FLAGS);
    rmSync(join(checkout.source, ".memcheck.toml"));
    assertExit(ran, 0);
    assert.deepEqual(
      testFiles(report).map(({ name }) => name),
      ["test_zz_b"],
    );
    assert.deepEqual(
      report.skipped.map(({ test, engine, expires }) => [test, engine, expires]),
      [["test_zz_a", "memcheck", null]],
    );
    assert.deepEqual(report.relaxations, [{ kind: "skip", title: "test_zz_a", file: ".memcheck.toml", line: 1 }]);
  });
});

suite("a CPython whose array iterators are broken", () => {
  test("a CPython whose array iterators are broken is built and checked, since no build step needs multiprocessing", async () => {
    const checkout = await Checkout.open();
    try {
      // multiprocessing's fork server passes descriptors in an array, and waits forever.
      checkout.edit("Modules/arraymodule.c", "    it->index = 0;\n", "");
      const { ran, report } = await checkout.check(["--tests", "test_bisect"]);
      assertExit(ran, 0);
      assert.deepEqual(causes(report), [["test_bisect", null]]);
    } finally {
      checkout.remove();
    }
  });
});
