import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { ReportedTest } from "../../src/report/report.ts";
import { Checkout, fresh, leak, testFile } from "../support/checkout.ts";
import { assertExit } from "../support/command.ts";

suite("the live leak check", () => {
  let checkout: Checkout;
  before(async () => {
    checkout = await Checkout.open();
    checkout.add("Lib/test/test_zz_leak.py", testFile("pass"));
    assertExit((await checkout.check(["--tests", "test_zz_leak test_bisect"])).ran, 0);
  });
  after(() => checkout.remove());

  test("the live leak check finds and describes a leaked list, which a check at exit can't see", async () => {
    checkout.add("Lib/test/test_zz_leak.py", testFile(leak("list(range(3))")));
    const { ran, report } = await checkout.check(["--tests", "test_zz_leak"]);
    assertExit(ran, 1);
    const lost = fresh(report).flatMap(({ objects }) => objects);
    assert.ok(lost.some(({ type, length, refcount }) => type === "list" && length === 3 && refcount === 1));
    assert.match(ran.stdout, /lost: list, length 3, 1 reference/);
  });

  test("the live leak check names the test that leaks if it checks after each test", async () => {
    const { report } = await checkout.check(["--tests", "test_zz_leak", "--leak-check-per", "test"]);
    assert.deepEqual([...new Set(fresh(report).map(({ test }) => test.id))], ["test.test_zz_leak.T.test_it"]);
  });

  test("the live leak check shows where Python code allocated lost objects, with `python-stacks`", async () => {
    const { report } = await checkout.check(["--tests", "test_zz_leak", "--python-stacks", "yes"]);
    const lines = fresh(report).flatMap(({ objects }) => objects.flatMap(({ python = [] }) => python));
    assert.ok(
      lines.some((line) => /test_zz_leak\.py:4$/.test(line)),
      lines.join("\n"),
    );
  });

  test("the live leak check finds the same in any order and with any number of workers", async () => {
    checkout.add("Lib/test/test_zz_leak.py", testFile(leak("list(range(3))"), leak("'leaked ' + str(len(sys.argv))")));
    const names = ["test_zz_leak", "test_bisect", "test_operator"];
    const run = async (order: readonly string[], jobs: number): Promise<string> => {
      const { report } = await checkout.check(["--tests", order.join(" "), "--jobs", `${jobs}`, "--record-baseline", "never"]);
      return JSON.stringify(report.findings);
    };
    const one = await run(names, 1);
    assert.match(one, /test_zz_leak/);
    assert.equal(await run(names.toReversed(), 2), one);
  });

  test("the live leak check does not blame the test that it looks at for memory that was never written to", async () => {
    const make = "make = ctypes.pythonapi.PyBytes_FromStringAndSize; make.restype = ctypes.py_object";
    // Several, since unwritten memory may contain the address of one of them.
    checkout.add("Lib/test/test_zz_leak.py", testFile(make, `for _ in range(16): ${leak("make(None, ctypes.c_ssize_t(40))")}`));
    const { ran, report } = await checkout.check(["--tests", "test_zz_leak"]);
    assertExit(ran, 1);
    const described = fresh(report).map(({ kind, objects }) => [
      kind,
      ...new Set(objects.map(({ type, length }) => `${type} of ${length}`)),
    ]);
    assert.deepEqual(described, [["Leak_DefinitelyLost", "bytes of 40"]]);
  });

  test("the live leak check does not take a dict's version for a pointer, though it may look like one", async () => {
    const lines = [
      "sys.kept = [{'tracked': []} for _ in range(16)]",
      "for kept in sys.kept:",
      "    thing = bytes(bytearray(40))",
      "    ctypes.c_uint64.from_address(id(kept) + 24).value = id(thing) + 16",
      `    ${leak("thing")}`,
    ];
    checkout.add("Lib/test/test_zz_leak.py", testFile(...lines));
    const { ran, report } = await checkout.check(["--tests", "test_zz_leak"]);
    assertExit(ran, 1);
    assert.deepEqual(
      fresh(report).map(({ kind, blocks }) => [kind, blocks > 12]),
      [["Leak_DefinitelyLost", true]],
    );
  });

  test("the live leak check keeps test files from affecting each other, and reports each outcome", async () => {
    const files: Readonly<Record<string, readonly [string, Partial<ReportedTest>]>> = {
      test_zz_closes: [testFile("os.closerange(0, 1000)"), {}],
      test_zz_exits: [testFile("raise SystemExit(3)"), { status: "failed" }],
      test_zz_kills: [testFile("os.killpg(os.getpgid(0), signal.SIGKILL)"), { status: "crashed" }],
      test_zz_signals: [
        testFile("signal.signal(signal.SIGTERM, signal.SIG_IGN)", "os.kill(os.getpid(), signal.SIGABRT)"),
        { status: "crashed" },
      ],
      test_zz_moves: [testFile("os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')"), {}],
      test_zz_threads: [testFile("threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()"), {}],
      test_zz_forks: [testFile("if os.fork() == 0: time.sleep(1000)"), {}],
      test_zz_spawns: [testFile("subprocess.Popen(['sleep', '1000'])"), {}],
      test_zz_hangs: [testFile("while True: time.sleep(1)"), { status: "timeout" }],
      test_zz_skips: [testFile("raise unittest.SkipTest('not here')"), {}],
    };
    for (const [name, [text]] of Object.entries(files)) checkout.add(`Lib/test/${name}.py`, text);
    const { ran, report } = await checkout.check(["--tests", `${Object.keys(files).join(" ")} test_bisect`, "--test-timeout", "40s"]);
    assertExit(ran, 2);
    for (const [name, [, expected]] of Object.entries(files)) {
      const test = report.tests.find((candidate) => candidate.name === name);
      if (expected.status !== undefined) assert.equal(test?.status, expected.status, name);
      if (expected.status === "crashed" || expected.status === "timeout") assert.ok(test?.incomplete, name);
    }
    const bisect = report.tests.find(({ name }) => name === "test_bisect");
    assert.deepEqual([bisect?.status, bisect?.incomplete], ["passed", null]);
  });
});
