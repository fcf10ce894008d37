import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { PLANTED_FAULTS, PLANTED_TESTS } from "../../eval/torture/planted.ts";
import { type Tortured, TortureRig } from "../../eval/torture/torture-rig.ts";
import type { Finding } from "../../src/model/finding.ts";
import { Checkout, fresh, testFile } from "../support/checkout.ts";
import { assertExit, run } from "../support/command.ts";

/** The extension is not part of the project, so its functions are not sites of findings. */
const describeFault = ({ kind, stack }: Finding): string => {
  const names = PLANTED_FAULTS.map((fault) => fault.split(" ")[1]);
  return `${kind} ${stack.find(({ function: name }) => names.includes(name))?.function}`;
};

suite("torture", () => {
  let rig: TortureRig;
  before(async () => {
    rig = await TortureRig.open(undefined);
  });
  after(() => rig[Symbol.asyncDispose]());

  async function torture(slice: readonly [number, number], functions?: readonly string[]): Promise<Tortured> {
    const watched = functions === undefined ? {} : { functions };
    for await (const one of rig.torture([PLANTED_TESTS], { seconds: 300, slice, ...watched })) return one;
    assert.fail("nothing ran");
  }

  test("torture finds each planted fault of each kind, with its function, and nothing if failures are handled", async () => {
    const { run: whole, plan, end } = await torture([0, 1]);
    assert.equal(whole.incomplete, null);
    assert.deepEqual(whole.findings.map(describeFault).sort(), [...PLANTED_FAULTS].sort());
    for (const { kind, test: of, further } of whole.findings) {
      assert.match(of.id ?? "", /^test_torture_planted\.Tests\.test_/);
      assert.equal(further.length, kind === "ErrorPathLeak" ? 2 : 1);
    }
    assert.ok(plan !== undefined && plan.tests === 12 && plan.chosen === plan.sites && plan.sites > 20);
    assert.ok(end !== undefined && end.injections >= 2 * plan.sites && end.unfinished === 0);
  });

  test("torture of some functions fails only their allocations, directly or in callees", async () => {
    const { run: one, plan, end } = await torture([0, 1], ["torture_planted.c:forgets_far_out", "uses_null.constprop.0"]);
    assert.equal(one.incomplete, null);
    assert.deepEqual(one.findings.map(describeFault).sort(), ["ErrorPathCrash uses_null", "ErrorPathLeak forgets_far_out"]);
    assert.equal(one.ran, 12);
    // Two blocks, and the call that makes a list: for its caller it does not matter which allocation of the list fails.
    assert.ok(plan !== undefined && plan.sites === 3 && end !== undefined && end.unfinished === 0, JSON.stringify([plan, end]));
    const none = await torture([0, 1], ["not_there"]);
    assert.deepEqual([none.run.incomplete, none.run.ran, none.run.findings.length, none.plan?.sites], [null, 12, 0, 0]);
  });

  test("torture finds the same in two halves, by the same signatures, as in the whole, and the same twice", async () => {
    const signatures = async (slice: readonly [number, number]): Promise<readonly string[]> =>
      (await torture(slice)).run.findings.map(({ signature }) => signature);
    const whole = await signatures([0, 1]);
    const [half, again] = [await signatures([0, 2]), await signatures([0, 2])];
    assert.deepEqual(half, again);
    assert.deepEqual([...new Set([...half, ...(await signatures([1, 2]))])].sort(), [...whole].sort());
  });
});

suite("a check with torture", () => {
  let checkout: Checkout;
  before(async () => {
    checkout = await Checkout.open();
  });
  after(() => checkout.remove());

  test("a check with torture records existing findings, and fails on an error path that a change breaks, at its line", async () => {
    checkout.add("Lib/test/test_zz_a.py", testFile("import array; array.array('i', [1]).__reduce_ex__(3)"));
    const flags = ["--tests", "test_bisect", "--scan", "none", "--torture", "test_zz_a"];
    assertExit((await checkout.check(flags)).ran, 0);
    const faulty = [
      "char *kept = PyMem_Malloc(77);",
      "if (kept == NULL) { return PyErr_NoMemory(); }",
      "PyObject *other = PyList_New(0);",
      "if (other == NULL) { return NULL; }",
      "Py_DECREF(other);",
      "PyMem_Free(kept);",
      "char *volatile early = PyMem_Malloc(50);",
      "if (early == NULL) { return PyErr_NoMemory(); }",
      "PyObject *third = PyDict_New();",
      "if (third == NULL) { PyMem_Free(early); early[1] = 1; *(volatile int *)0 = 0; }",
      "Py_DECREF(third);",
      "PyMem_Free(early);",
    ];
    const declared = "    PyObject *array_str;\n    int typecode = self->ob_descr->typecode;\n";
    checkout.edit("Modules/arraymodule.c", declared, `${declared}${faulty.map((line) => `    ${line}\n`).join("")}`);
    const { ran, report } = await checkout.check(flags);
    assertExit(ran, 1);
    const found = fresh(report).toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
    assert.deepEqual(
      found.map(({ engine, kind, site }) => [engine, kind, site.function, site.file]),
      ["ErrorPathCrash", "ErrorPathLeak"].map((kind) => ["torture", kind, "array_array___reduce_ex__", "Modules/arraymodule.c"]),
    );
    const [crash, lost] = found;
    // What memcheck says of the same failure: the first of both writes, and which memory it was.
    const said = crash?.further.map(({ what }) => what).join("\n") ?? "";
    assert.match(said, /^Memcheck, before the crash: invalid write\n.*is 1 bytes inside a block of size 50 free'd/);
    const again = await run("sh", ["-c", lost?.reproduce ?? "false"]);
    assert.match(again.stdout, /leak in test\.test_zz_a\..*'bytes': 77/);
  });
});
