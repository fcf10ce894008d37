import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Checkout, fresh, leak, testFile, testFiles } from "../support/checkout.ts";
import { assertExit } from "../support/command.ts";

/** Our probe must not turn the GIL on in the checked process. Once a thread has started, 3.13 never frees code, functions and classes. */
const QUIET = testFile(
  "self.assertFalse(sys._is_gil_enabled())",
  ...["t = threading.Thread(target=int)", "t.start()", "t.join()"],
  "exec('class C:\\n    def method(self): pass')",
);

const FREE_THREADED = ["--configure-args=--disable-gil"];

suite("a free-threaded CPython", () => {
  let checkout: Checkout;
  before(async () => {
    checkout = await Checkout.open();
    for (const name of ["a", "b"]) checkout.add(`Lib/test/test_zz_${name}.py`, QUIET);
    const flags = ["--tests", "test_bisect test_zz_a test_zz_b", "--scan", "test_bisect test_zz_a test_zz_b"];
    const { ran, report } = await checkout.check([...FREE_THREADED, ...flags]);
    assertExit(ran, 0);
    assert.ok(report.notes.some(({ code }) => code === "free-threaded"));
    assert.deepEqual(report.findings, []);
    assert.equal(testFiles(report).filter(({ status }) => status === "passed").length, 6);
  });
  after(() => checkout.remove());

  /** The new findings if the test file runs these lines. */
  async function findingsOf(lines: readonly string[], engine: "tests" | "scan"): Promise<readonly string[]> {
    checkout.add("Lib/test/test_zz_a.py", testFile(...lines));
    const flags = engine === "tests" ? ["--tests", "test_zz_a", "--scan", "none"] : ["--tests", "none", "--scan", "test_zz_a"];
    const { ran, report } = await checkout.check([...FREE_THREADED, ...flags, "--record-baseline", "never"]);
    assertExit(ran, 1);
    return fresh(report).map((finding) => [finding.engine, finding.kind, ...finding.objects.map(({ type }) => type)].join(" "));
  }

  test("memcheck finds reads of a freed object and past an object's end in a free-threaded CPython", async () => {
    const block = "block = bytes(1000)";
    const freed = [block, "address = id(block)", "del block", "ctypes.string_at(address + 100, 8)"];
    assert.deepEqual(await findingsOf(freed, "tests"), ["memcheck InvalidRead"]);
    const behind = [block, "ctypes.string_at(id(block) + sys.getsizeof(block), 1)"];
    assert.deepEqual(await findingsOf(behind, "tests"), ["memcheck InvalidRead"]);
  });

  test("memcheck finds a lost object in a free-threaded CPython, with the same signature as the scan", async () => {
    assert.deepEqual(await findingsOf([leak("list(range(3))")], "tests"), ["memcheck Leak_DefinitelyLost list"]);
    assert.deepEqual(await findingsOf([leak("list(range(3))")], "scan"), ["memcheck Leak_DefinitelyLost list"]);
  });

  test("the scan finds lost cycles in a free-threaded CPython, also of a thread, which memcheck does not", async () => {
    const cycle = ["cycle = [1]", "cycle.append(cycle)", leak("cycle")];
    assert.deepEqual(await findingsOf(cycle, "scan"), ["scan Leak_DefinitelyLost list"]);
    const onThread = ["def lose():", ...cycle.map((line) => `    ${line}`), "t = threading.Thread(target=lose)", "t.start()", "t.join()"];
    assert.deepEqual(await findingsOf(onThread, "scan"), ["scan Leak_DefinitelyLost list"]);
  });

  test("a check of a free-threaded CPython refuses torture and `children`, which need a GIL", async () => {
    const asked = ["--tests", "none", "--scan", "test_zz_b", "--record-baseline", "never"];
    for (const flags of [
      ["--torture", "test_zz_b"],
      ["--children", "yes"],
    ]) {
      const { ran, report } = await checkout.check([...FREE_THREADED, ...asked, ...flags]);
      assertExit(ran, 2);
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ["check-failed"],
      );
      assert.match(report.problems[0]?.message ?? "", /which does not work with `--disable-gil`/);
    }
  });
});
