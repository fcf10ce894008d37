import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Report } from "../../src/report/report.ts";
import { Checkout, fresh, leak, testFile } from "../support/checkout.ts";
import { assertExit, type Ran, runCommand } from "../support/command.ts";

/** Few are enough, and soon done. */
const KEPT = ["test_bisect", "test_heapq", "test_pow", "test_shlex", "test_struct"];

const OF_CSV = testFile("import csv", "csv.field_size_limit(9)", "self.assertEqual(list(csv.reader(['one,two'])), [['one', 'two']])");

const KNOWN_LEAK = testFile(leak("'known ' + str(len(sys.argv))"));

/** Runs the given code in an interpreter that it starts. */
const STARTS = testFile(
  "subprocess.run([sys.executable, '-c', 'import csv; csv.field_size_limit(9)'], check=True, env={})",
  "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
  "os.stat('/')",
);

suite("a check of all test files", { skip: process.arch === "x64" ? false : "recording is for x86_64" }, () => {
  let checkout: Checkout;

  before(async () => {
    checkout = await Checkout.open();
    checkout.keepTests(KEPT);
    checkout.add("Lib/test/test_zz_csv.py", OF_CSV);
    checkout.add("Lib/test/test_zz_known.py", KNOWN_LEAK);
    checkout.add("Lib/test/test_zz_starts.py", STARTS);
    checkout.commit();
    const { ran, report } = await check();
    assertExit(ran, 0);
    assert.equal(report.affected, null);
    assert.equal(scanned(report).length, KEPT.length + 3);
  });
  after(() => checkout.remove());

  const check = (...more: readonly string[]) => checkout.check(["--scan", "all", "--affected", "auto", "--tests", "test_bisect", ...more]);
  const scanned = ({ tests }: Report): string[] => tests.filter(({ engine }) => engine === "scan").map(({ name }) => name);
  const affected = (report: Report): string[] => report.affected?.map(({ test }) => test) ?? [];
  const explain = (name: string): Promise<Ran> => runCommand(["explain", name, "--report", join(checkout.folder, "report.json")]);

  test("a selected scan runs the test files that a changed module can reach, also through a started program, and finds its leak", async () => {
    checkout.edit(
      "Modules/_csv.c",
      "        Py_DECREF(field);\n        return -1;\n    }\n    Py_DECREF(field);\n",
      "        return -1;\n    }\n",
    );
    const { ran, report } = await check();
    assertExit(ran, 1);
    assert.deepEqual(affected(report), ["test_zz_csv"]);
    assert.deepEqual(scanned(report), ["test_zz_csv"]);
    assert.ok(fresh(report).every(({ test }) => test.file === "test_zz_csv"));
    assert.match(ran.stdout, /This change can reach 1 of 8 test files/);
    // What was not run is neither fixed nor missing.
    assert.deepEqual(
      report.findings.filter(({ status }) => status === "fixed"),
      [],
    );
    assert.match((await explain("test_zz_csv")).stdout, /it runs _csv\.c:parse_save_field/);
    assert.match((await explain("test_pow")).stdout, /was left out/);
    checkout.restore();
    checkout.edit("Modules/_csv.c", "if (!PyLong_CheckExact(new_limit)) {", "if (new_limit == Py_None || !PyLong_CheckExact(new_limit)) {");
    const started = await check();
    assertExit(started.ran, 0);
    assert.deepEqual(affected(started.report), ["test_zz_csv", "test_zz_starts"]);
    checkout.restore();
  });

  test("a selected scan attributes a leak to the changed function that did not release it if another one allocated it", async () => {
    const before =
      "    PyList_SET_ITEM(heap, 0, Py_NewRef(item));\n    if (siftup_func((PyListObject *)heap, 0)) {\n        Py_DECREF(returnitem);";
    checkout.edit("Modules/_heapqmodule.c", before, before.replace("\n", "\n    Py_INCREF(returnitem);\n"));
    const { ran, report } = await check();
    assertExit(ran, 1);
    const suspects = report.notes.flatMap((note) => (note.code === "leak-suspects" ? note.functions : []));
    const line =
      readFileSync(join(checkout.source, "Modules", "_heapqmodule.c"), "utf8")
        .split("\n")
        .indexOf("    Py_INCREF(returnitem);") + 1;
    assert.deepEqual(
      suspects.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      ["_heapq__heapreplace_max", "_heapq_heapreplace"].map((name) => ({ name, file: "Modules/_heapqmodule.c", line })),
    );
    checkout.restore();
  });

  test("torture of a change makes its allocations fail, and reports errors as new each time", async () => {
    const faulty = [
      "char *kept = PyMem_Malloc(77);",
      "if (kept == NULL) { return PyErr_NoMemory(); }",
      "PyObject *other = PyList_New(0);",
      "if (other == NULL) { return NULL; }",
      "Py_DECREF(other);",
      "PyMem_Free(kept);",
    ];
    const limit = "    if (new_limit != NULL) {\n        if (!PyLong_CheckExact(new_limit)) {\n";
    checkout.edit("Modules/_csv.c", limit, `${faulty.map((line) => `    ${line}\n`).join("")}${limit}`);
    for (const _ of ["a check", "the same again"]) {
      const { ran, report } = await check("--torture", "changed");
      assertExit(ran, 1);
      assert.deepEqual(
        fresh(report).map(({ engine, kind, site, confirmed }) => [engine, kind, site.function, site.file, confirmed]),
        [["torture", "ErrorPathLeak", "_csv_field_size_limit", "Modules/_csv.c", true]],
      );
      assert.match(ran.stdout, /Torture made allocations fail in 1 changed function, in test_/);
    }
    checkout.restore();
  });

  test("a selected scan runs test files that open a changed file, and none for a comment in C", async () => {
    checkout.edit("Lib/csv.py", "import types\n", "import types\ntypes\n");
    checkout.edit("Objects/listobject.c", '#include "Python.h"\n', '/* A comment. */\n\n#include "Python.h"\n');
    const { ran, report } = await check();
    assertExit(ran, 0);
    assert.deepEqual(affected(report), ["test_zz_csv", "test_zz_starts"]);
    checkout.restore();
  });

  test("a selected scan runs all test files if the change reaches their common start, and says why", async () => {
    checkout.edit(
      "Objects/listobject.c",
      "PyList_New(Py_ssize_t size)\n{\n",
      "PyList_New(Py_ssize_t size)\n{\n    if (size == 123456789) {\n        return NULL;\n    }\n",
    );
    const { ran, report } = await check();
    assertExit(ran, 0);
    assert.equal(scanned(report).length, KEPT.length + 3);
    assert.equal(report.affected, null);
    assert.match(ran.stdout, /All 8 test files were run: each of them runs PyList_New, which changed/);
    checkout.restore();
  });
});
