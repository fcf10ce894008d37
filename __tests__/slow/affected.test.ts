import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { DEFAULT_TESTS } from "../../src/build/tests.ts";
import type { Report } from "../../src/report/report.ts";
import { Checkout, fresh, testFile } from "../support/checkout.ts";
import { assertExit } from "../support/command.ts";

/** Reads past the end of a block, which no scan sees. */
const PLANTED = "char *planted = malloc(1);\n    volatile char behind = planted[1];\n    (void)behind;\n    free(planted);\n";

/** The only test file that uses sets in this way. The whole file would exceed memcheck's budget. */
const SETS = `${testFile("self.assertTrue({1}.isdisjoint({2}))", "self.assertEqual({1, 2} ^ {2, 3} - {4} & {3}, {1, 2, 3})", "{424242}.copy()")}
    def test_slow(self):
        time.sleep(5)
`;

suite("memcheck in a check of the test files that a change can reach", {
  skip: process.arch === "x64" ? false : "recording is for x86_64",
}, () => {
  let checkout: Checkout;

  before(async () => {
    checkout = await Checkout.open();
    checkout.keepTests(DEFAULT_TESTS);
    checkout.add("Lib/test/test_zz_json.py", testFile("import json", "json.dumps('\\u20ac')"));
    checkout.add("Lib/test/test_zz_set.py", SETS);
    const { ran } = await check();
    assertExit(ran, 0);
  });
  after(() => checkout.remove());

  const check = (...flags: readonly string[]) => checkout.check(["--scan", "all", "--affected", "auto", ...flags]);
  const looked = ({ tests }: Report): string[] => tests.flatMap(({ name, engine }) => (engine === "memcheck" ? [name] : [])).toSorted();

  test("memcheck runs a test file without a baseline, and finds the change's error in it", async () => {
    const before = "    kind = PyUnicode_KIND(pystr);\n\n    /* Compute the output size */\n";
    checkout.edit("Modules/_json.c", before, `    ${PLANTED}${before}`);
    const { ran, report } = await check();
    assertExit(ran, 1);
    assert.deepEqual(looked(report), ["test_zz_json"]);
    assert.deepEqual(
      fresh(report).map(({ kind, engine, test, site }) => [kind, engine, test.file, site.file]),
      [["InvalidRead", "memcheck", "test_zz_json", "Modules/_json.c"]],
    );
    // A check in a terminal records what its baseline lacks: not this, or the error would be known from now on.
    assertExit((await check()).ran, 1);
    assert.match(ran.stdout, /Memcheck checked test_zz_json, which reach/);
    checkout.restore();
  });

  test("memcheck runs the test file closest to a change that reaches all, without the tests for which there is no time", async () => {
    const before = "    Py_INCREF(key);\n\n  restart:\n";
    checkout.edit("Objects/setobject.c", before, `    if (hash == 424242) {\n    ${PLANTED}    }\n${before}`);
    const { ran, report } = await check();
    assertExit(ran, 1);
    assert.deepEqual(looked(report), [...DEFAULT_TESTS, "test_zz_set"].toSorted());
    assert.deepEqual(
      fresh(report).map(({ kind, engine, test, site }) => [kind, engine, test.file, site.function]),
      [["InvalidRead", "memcheck", "test_zz_set", "set_add_entry"]],
    );
    assert.deepEqual(
      report.notes.flatMap((note) => (note.code === "memcheck-partly" ? [[note.test, note.leftOut]] : [])),
      [["test_zz_set", 1]],
    );
    checkout.restore();
  });

  test("memcheck runs the one file of the quick set that the change can reach, and no other", async () => {
    checkout.edit("Modules/_bisectmodule.c", "    if (lo < 0) {\n", "    if (lo < 0 || hi < -2) {\n");
    const { ran, report } = await check();
    assertExit(ran, 0);
    assert.deepEqual(looked(report), ["test_bisect"]);
    checkout.restore();
  });

  test("memcheck runs nothing with `memcheck-budget: none`, also in the check that records", async () => {
    const { ran, report } = await check("--memcheck-budget", "none", "--record-baseline", "always");
    assertExit(ran, 0);
    assert.deepEqual(looked(report), []);
  });
});
