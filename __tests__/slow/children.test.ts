import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Report } from "../../src/report/report.ts";
import { Checkout, fresh, leak, testFiles } from "../support/checkout.ts";
import { assertExit, run } from "../support/command.ts";

const FLAGS = ["--tests", "test_bisect", "--scan", "test_zz_a test_zz_b test_zz_c"];
const WITH_CHILDREN = [...FLAGS, "--children", "yes"];

/** A test file whose tests start interpreters with these arguments. */
function startingChildren(children: Readonly<Record<string, string>>): string {
  const tests = Object.entries(children).map(([name, call]) => `    def test_${name}(self):\n        ${call}\n`);
  return `import multiprocessing, os, subprocess, sys, unittest\nfrom multiprocessing.resource_tracker import _resource_tracker as tracker\nclass T(unittest.TestCase):\n${tests.join("")}`;
}

/** A child must not see any effect of the check. */
const child = (code: string, more = ""): string =>
  `self.assertEqual(subprocess.run([sys.executable, '-c', ${JSON.stringify(code)}]${more}, capture_output=True).stderr, b'')`;

const LEAKING = `import ctypes; ${leak("list(range(3))")}`;

const HEALTHY = {
  plain: child("class A: pass\na = A(); a.a = a; b = [a]; del a, b"),
  cleaned: child("import os, json; assert not {'LD_PRELOAD', 'LSAN_OPTIONS', 'CPYTHON_MEMCHECK_CHILDREN'} & {*os.environ}", ", env={}"),
  isolated: `subprocess.run([sys.executable, '-I', '-S', '-c', 'import sys; assert "atexit" not in sys.modules'], check=True)`,
  // The resource tracker is another interpreter.
  spawned:
    "p = multiprocessing.get_context('spawn').Process(target=print); p.start(); p.join(); self.assertEqual(p.exitcode, 0); tracker._stop()",
  posix: "os.waitpid(os.posix_spawn(sys.executable, [sys.executable, '-c', 'pass'], os.environ), 0)",
  grandchild: child("import subprocess, sys; subprocess.run([sys.executable, '-c', 'pass'])"),
  left: child("import os; os._exit(0)"),
  killed: "subprocess.run([sys.executable, '-c', 'import os; os.kill(os.getpid(), 9)'])",
  version: "subprocess.run([sys.executable, '-V'], stdout=subprocess.DEVNULL)",
  replaced: child("import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'pass'])"),
  uncollected: child("import gc; gc.disable()"),
  forgetful: child("import atexit; atexit._clear()"),
  limited: "subprocess.run([sys.executable, '-c', 'pass'], preexec_fn=limit)",
  running: "os.posix_spawn(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)'], os.environ)",
  another: "subprocess.run(['/bin/sh', '-c', ':'])",
} as const;

const LIMIT = "import resource\ndef limit(): resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\n";

const REGISTERING = child("import csv; csv.register_dialect('a', delimiter=';')");

const childrenOf = (report: Report) => testFiles(report).find(({ name, engine }) => name === "test_zz_a" && engine === "scan")?.children;

suite("interpreters that tests start", () => {
  let checkout: Checkout;
  before(async () => {
    checkout = await Checkout.open();
    checkout.add("Lib/test/test_zz_a.py", LIMIT + startingChildren(HEALTHY));
    checkout.add("Lib/test/test_zz_b.py", startingChildren({ leaking: HEALTHY.plain, again: HEALTHY.cleaned }));
    checkout.add("Lib/test/test_zz_c.py", startingChildren({ csv: REGISTERING }));
    const { ran, report } = await checkout.check(WITH_CHILDREN);
    assertExit(ran, 0);
    assert.deepEqual(report.findings, []);
  });
  after(() => checkout.remove());

  test("interpreters that tests start behave as usual, are counted, and the reasons for unchecked ones are noted", async () => {
    const { ran, report } = await checkout.check(WITH_CHILDREN);
    assertExit(ran, 0);
    assert.equal(testFiles(report).find(({ engine }) => engine === "scan")?.status, "passed", ran.stdout);
    assert.deepEqual(report.findings, []);
    const why = ["collector", "exec", "exit", "exit-functions", "killed", "no-code", "not-entered", "running"] as const;
    assert.deepEqual(childrenOf(report), {
      started: 17,
      looked: 9,
      missed: why.map((one) => ({ why: one, count: 1 })),
      others: 1,
    });
    assert.match(ran.stdout, /Tests started 20 interpreters, of which 12 were looked at\. Not looked at: 1 had changed/);
  });

  test("leaks of interpreters that tests start are reported with the test and the allocation, until they are known", async () => {
    checkout.add("Lib/test/test_zz_b.py", startingChildren({ leaking: child(LEAKING), again: child(LEAKING, ", env={}") }));
    const { ran, report } = await checkout.check(WITH_CHILDREN);
    assertExit(ran, 1);
    const found = fresh(report).map(({ engine, kind, inChild, test, blocks, objects }) => ({
      ...{ engine, kind, inChild, blocks, file: test.file, id: test.id },
      types: [...new Set(objects.map(({ type, length, refcount }) => `${type} ${length} ${refcount}`))],
    }));
    assert.deepEqual(found, [
      {
        ...{ engine: "scan", kind: "Leak_DefinitelyLost", inChild: true, blocks: 2, file: "test_zz_b", id: "test.test_zz_b.T.test_again" },
        types: ["list 3 1"],
      },
    ]);
    assert.match(ran.stdout, /in an interpreter that the test started, confirmed by two scans/);
    const again = await run("sh", ["-c", fresh(report)[0]?.reproduce ?? "false"]);
    assert.match(again.stderr, /Direct leak of 56 byte/);
    await checkout.check([...WITH_CHILDREN, "--record-baseline", "always"]);
    const known = await checkout.check(WITH_CHILDREN);
    assertExit(known.ran, 0);
    assert.deepEqual(
      known.report.findings.map(({ status, inChild }) => [status, inChild]),
      [["known", true]],
    );
  });

  test("interpreters that tests start show a leak of CPython's own at its line, when nothing in the test's process leaks", async () => {
    checkout.edit(
      "Modules/_csv.c",
      "    if (PyDict_SetItem(module_state->dialects, name_obj, dialect) < 0) {\n",
      "    PyList_New(0);\n    if (PyDict_SetItem(module_state->dialects, name_obj, dialect) < 0) {\n",
    );
    const { ran, report } = await checkout.check(WITH_CHILDREN);
    checkout.restore();
    assertExit(ran, 1);
    const found = fresh(report).map(({ site, inChild, test }) => [site.function, site.file, inChild, test.id]);
    assert.deepEqual(found, [["csv_register_dialect", "Modules/_csv.c", true, "test.test_zz_c.T.test_csv"]]);
  });

  test("interpreters that tests start are not followed unless that was asked for, and a baseline with them can't be compared with a check without", async () => {
    const other = await checkout.check(FLAGS);
    assertExit(other.ran, 2);
    assert.match(other.ran.stdout, /children/);
    const { ran, report } = await checkout.check([...FLAGS, "--record-baseline", "always"]);
    assertExit(ran, 0);
    assert.deepEqual([report.findings, childrenOf(report)], [[], null]);
  });
});
