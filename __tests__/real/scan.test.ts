import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { causeOf } from "../../src/model/incomplete.ts";
import { problemInWords } from "../../src/report/describe.ts";
import type { Report } from "../../src/report/report.ts";
import { Checkout, fresh, leak, testFile, testFiles } from "../support/checkout.ts";
import { assertExit, run } from "../support/command.ts";

const QUIET = testFile("pass");

/** A leak that only happens where the leak sanitizer's runtime is loaded. */
const onlyInScan = (line: string): string => `if 'liblsan' in open('/proc/self/maps').read(): ${line}`;

const outcomes = (report: Report): string[] => testFiles(report).map(({ engine, name, status }) => `${engine} ${name} ${status}`);

suite("the scan", () => {
  let checkout: Checkout;
  before(async () => {
    checkout = await Checkout.open();
    for (const name of ["a", "b"]) checkout.add(`Lib/test/test_zz_${name}.py`, QUIET);
    const flags = ["--tests", "test_bisect", "--scan", "test_zz_a test_zz_b test_bisect"];
    const { ran, report } = await checkout.check(flags);
    assertExit(ran, 0);
    assert.deepEqual(outcomes(report), [
      "scan test_zz_a passed",
      "scan test_zz_b passed",
      "scan test_bisect passed",
      "memcheck test_bisect passed",
    ]);
  });
  after(() => checkout.remove());

  test("the scan finds a new leak in a test file not chosen for memcheck, which confirms it by the same signature", async () => {
    checkout.add("Lib/test/test_zz_a.py", testFile(leak("list(range(3))"), leak("'leaked ' + str(len(sys.argv))")));
    const { ran, report } = await checkout.check(["--tests", "none", "--scan", "test_zz_a test_zz_b"]);
    assertExit(ran, 1);
    const found = fresh(report);
    assert.ok(found.length >= 2);
    assert.deepEqual([...new Set(found.map(({ engine, test }) => `${engine} ${test.file}`))], ["memcheck test_zz_a"]);
    assert.match(ran.stdout, /lost: list, length 3, 1 reference/);
  });

  test("the scan and memcheck ignore immortal strings of a subinterpreter, but not other leaks at the same time", async () => {
    const lines = [
      "import _interpreters",
      "id = _interpreters.create()",
      "_interpreters.exec(id, 'import json')",
      "_interpreters.destroy(id)",
    ];
    checkout.add("Lib/test/test_zz_a.py", testFile(...lines, leak("list(range(3))")));
    const { ran, report } = await checkout.check(["--tests", "none", "--scan", "test_zz_a"]);
    assertExit(ran, 1);
    const lost = fresh(report).map(({ engine, blocks, objects }) => [engine, blocks, ...objects.map(({ type }) => type)]);
    assert.deepEqual(lost, [["memcheck", 1, "list"]]);
  });

  test("the scan finds a container that an idle interpreter with its own GIL lost, and says where one was running", async () => {
    const losing = "import ctypes, os; ctypes.pythonapi.Py_IncRef(ctypes.py_object([1, 2]))";
    const idle = ["import _interpreters", "id = _interpreters.create()", `_interpreters.exec(id, ${JSON.stringify(losing)})`];
    checkout.add("Lib/test/test_zz_a.py", testFile(...idle));
    const { report } = await checkout.check(["--tests", "none", "--scan", "test_zz_a"]);
    assert.deepEqual(
      fresh(report).flatMap(({ objects }) => objects.map(({ type, length }) => `${type} ${length}`)),
      ["list 2"],
    );
    const busy = ["r, w = os.pipe()", "import _interpreters", "id = _interpreters.create()"];
    const code = "f'import os; os.write({w}, bytes(1)); os.close({w})\\nwhile True: pass'";
    const run = `threading.Thread(target=_interpreters.exec, args=(id, ${code}), daemon=True).start()`;
    checkout.add("Lib/test/test_zz_a.py", testFile(...busy, run, "os.read(r, 1)", "os.close(r)"));
    const other = await checkout.check(["--tests", "none", "--scan", "test_zz_a"]);
    assert.deepEqual(
      other.report.notes.filter(({ code: name }) => name === "interpreters-running").map(({ message }) => message.slice(0, 11)),
      ["test_zz_a: "],
    );
  });

  test("the scan marks leaks that memcheck did not see, and fails on them by default", async () => {
    checkout.add("Lib/test/test_zz_a.py", testFile(onlyInScan(leak("list(range(3))"))));
    const flags = ["--tests", "none", "--scan", "test_zz_a"];
    const { ran, report } = await checkout.check(flags);
    assertExit(ran, 1);
    assert.deepEqual(
      fresh(report).map(({ engine, kind }) => `${engine} ${kind}`),
      ["scan Leak_DefinitelyLost"],
    );
    assert.match(ran.stdout, /confirmed by two scans, not seen by memcheck/);
    assertExit((await checkout.check([...flags, "--fail-on", "memcheck"])).ran, 0);
    const again = await run("sh", ["-c", fresh(report)[0]?.reproduce ?? "false"]);
    assert.match(again.stderr, /Direct leak of 56 byte/);
  });

  test("the scan finds the first blocks of their size", async () => {
    // Size classes of the leak sanitizer that an interpreter rarely uses. Two numbers in its own tables can look like their addresses.
    const sizes = [40_000, 48_000, 56_000, 64_000, 80_000, 96_000, 112_000, 128_000];
    checkout.add("Lib/test/test_zz_a.py", testFile(onlyInScan(`[${leak("bytes(size)")} for size in ${JSON.stringify(sizes)}]`)));
    const { report } = await checkout.check(["--tests", "none", "--scan", "test_zz_a"]);
    assert.deepEqual(
      fresh(report).map(({ engine, blocks }) => `${engine} ${blocks}`),
      [`scan ${sizes.length}`],
    );
  });

  test("the scan is quiet about a leak once the suppression that it offers is pasted into a file", async () => {
    checkout.add("Lib/test/test_zz_a.py", testFile(onlyInScan(leak("list(range(3))"))));
    const flags = ["--tests", "none", "--scan", "test_zz_a"];
    const { report } = await checkout.check(flags);
    const file = join(checkout.folder, "a.supp");
    writeFileSync(
      file,
      fresh(report)
        .map(({ suppression }) => suppression)
        .join("\n"),
    );
    assertExit((await checkout.check([...flags, "--suppressions", file])).ran, 0);
  });

  test("the scan counts references that are never given back to an object, in the test files chosen for memcheck", async () => {
    const flags = ["--tests", "test_zz_b", "--scan", "test_zz_b"];
    assertExit((await checkout.check(flags)).ran, 0);
    checkout.add("Lib/test/test_zz_b.py", `SINK = []\nKEPT = [b'kept ' + bytes(3)]\n${testFile("SINK.append(b'new')", leak("KEPT[0]"))}`);
    const { ran, report } = await checkout.check(flags);
    assertExit(ran, 1);
    const found = fresh(report).map(({ engine, kind, references, site }) => ({ engine, kind, references, of: site.function }));
    assert.deepEqual(found, [{ engine: "scan", kind: "ReferenceLeak", references: 1, of: "(bytes b'kept \\x00\\x00\\x00')" }]);
    assert.match(ran.stdout, /new reference leak in \(bytes b'kept/);
  });

  test("the scan warns of a descriptor that a test file leaves open, with the test that opened it, and does not fail", async () => {
    const flags = ["--tests", "none", "--scan", "test_zz_b"];
    checkout.add("Lib/test/test_zz_b.py", `import socket\nKEPT = []\n${testFile("open(os.devnull).close()", "socket.socket().close()")}`);
    const quiet = await checkout.check(flags);
    assertExit(quiet.ran, 0);
    assert.deepEqual(quiet.report.findings, []);
    const lines = ["KEPT.append(socket.socket())", "KEPT.append(os.open(os.devnull, os.O_RDONLY))", "os.open(os.devnull, os.O_RDONLY)"];
    checkout.add("Lib/test/test_zz_b.py", `import socket\nKEPT = []\n${testFile(...lines)}`);
    const { ran, report } = await checkout.check(flags);
    assertExit(ran, 0);
    assert.deepEqual(
      report.findings.map(({ status, kind, site, test, blocks }) => [status, kind, site.function, test.id, blocks]).toSorted(),
      [
        ["warning", "FdLeftOpen", "(file /dev/null)", "test.test_zz_b.T.test_it", 2],
        ["warning", "FdLeftOpen", "(socket)", "test.test_zz_b.T.test_it", 1],
      ],
    );
    assert.match(ran.stdout, /Clean: .*no new errors, 2 new warnings\./);
  });

  test("the scan warns of a registry that grows with each run, but not of a cache that fills once or has a limit, nor of leaks", async () => {
    const flags = ["--tests", "test_zz_b", "--scan", "test_zz_b"];
    checkout.add("Lib/test/test_zz_b.py", testFile("pass"));
    await checkout.check([...flags, "--record-baseline", "always"]);
    const setUp = [
      "import functools, json",
      "if not hasattr(json, 'KEPT'): json.KEPT, json.ONCE, json.LRU = [], {}, functools.lru_cache(8)(list)",
      "class Entry: pass",
    ];
    const lines = [
      "json.KEPT.append(Entry())",
      "json.ONCE.setdefault('a', Entry())",
      "json.LRU('%d' % id(self))",
      "json.LATEST = Entry()",
      "import gc; [isinstance(thing, int) for thing in gc.get_objects()]",
      leak("bytearray(100)"),
    ];
    checkout.add("Lib/test/test_zz_b.py", `${setUp.join("\n")}\n${testFile(...lines)}`);
    const { ran, report } = await checkout.check(flags);
    assertExit(ran, 1);
    assert.equal(fresh(report).length, 1);
    const warnings = report.findings.filter(({ status }) => status === "warning");
    assert.deepEqual(
      warnings.map(({ status, kind, references, stack }) => [status, kind, references, stack[0]?.function]),
      [["warning", "Growth", 1, "(json.KEPT: list → Entry)"]],
    );
    assert.match(ran.stdout, /warning: new growth in /);
  });

  test("the scan keeps test files from affecting each other, and reports each outcome", async () => {
    const files = {
      test_zz_crash: [testFile("os.kill(os.getpid(), signal.SIGSEGV)"), "crashed"],
      test_zz_null: [testFile("ctypes.string_at(0)"), "crashed"],
      test_zz_memory: [testFile("with self.assertRaises(MemoryError): bytes(1 << 46)", "ctypes.CDLL(None).aligned_alloc(3, 10)"), "passed"],
      test_zz_exit: [testFile("os._exit(0)"), "crashed"],
      test_zz_sleep: [testFile("time.sleep(1000)"), "timeout"],
      test_zz_descriptors: [testFile("os.closerange(3, 1000)"), "passed"],
      test_zz_folder: [testFile("os.chdir('/')"), "passed"],
      test_zz_fork: [testFile("pid = os.fork()", "if not pid: os._exit(0)", "os.waitpid(pid, 0)"), "passed"],
      test_zz_environment: [
        testFile("self.assertNotIn('LD_PRELOAD', os.environ)", "self.assertNotIn('LSAN_OPTIONS', os.environ)"),
        "passed",
      ],
      // regrtest itself runs a test at a depth of 27.
      test_zz_depth: [testFile("old = sys.getrecursionlimit()", "sys.setrecursionlimit(30)", "sys.setrecursionlimit(old)"), "passed"],
      test_zz_program: [
        testFile("maps = subprocess.check_output(['cat', '/proc/self/maps'])", "self.assertNotIn(b'liblsan', maps)"),
        "passed",
      ],
      test_zz_referrers: [
        testFile(
          "import gc, inspect",
          "for asking in gc.get_objects, gc.get_referrers:",
          "    self.assertEqual(asking.__module__, 'gc')",
          "    self.assertTrue(asking.__doc__)",
          "self.assertEqual(list(inspect.signature(gc.get_objects).parameters), ['generation'])",
          "def ask():",
          "    error = ValueError()",
          "    yield gc.get_referrers(error)",
          "self.assertEqual(next(ask()), [])",
          "self.assertTrue(gc.get_referrers(unittest.TestCase.run))",
        ),
        "passed",
      ],
      test_zz_join: [
        testFile(
          "event = threading.Event()",
          "waiting = threading.Thread(target=event.wait)",
          "waiting.start()",
          "pid = os.fork()",
          "if not pid:",
          "    thread = threading.Thread(target=int)",
          "    thread.start()",
          "    thread.join()",
          "    os._exit(0)",
          "os.waitpid(pid, 0)",
          "event.set()",
          "waiting.join()",
        ),
        "passed",
      ],
      test_zz_fails: [testFile("self.fail()"), "failed"],
    } as const;
    for (const [name, [text]] of Object.entries(files)) checkout.add(`Lib/test/${name}.py`, text);
    const names = Object.keys(files);
    const { ran, report } = await checkout.check(["--tests", "none", "--scan", names.join(" "), "--test-timeout", "20s"]);
    assertExit(ran, 2);
    const scanned = report.tests.filter(({ engine }) => engine === "scan");
    assert.deepEqual(
      scanned.map(({ name, status }) => [name, status]),
      Object.entries(files).map(([name, [, status]]) => [name, status]),
    );
    assert.deepEqual(
      scanned.filter(({ incomplete }) => incomplete !== null).map(({ name, incomplete }) => [name, causeOf(incomplete)]),
      [
        ["test_zz_crash", "signal:SIGSEGV"],
        ["test_zz_null", "signal:SIGSEGV"],
        ["test_zz_exit", "exit:0"],
        ["test_zz_sleep", "timeout"],
      ],
    );
  });

  test("the scan reports a forbidden ptrace, and memcheck continues without it", async () => {
    const program = join(checkout.folder, "without-ptrace");
    await compile(join(import.meta.dirname, "programs", "without-ptrace.c"), program);
    const report = join(checkout.folder, "report.json");
    const words = ["dist/cli.js", "check", "--source", checkout.source, "--baseline", checkout.baseline, "--report", report];
    const ran = await run(program, [process.execPath, ...words, "--tests", "test_bisect", "--scan", "test_bisect"]);
    assertExit(ran, 2);
    const { problems, tests }: Report = JSON.parse(readFileSync(report, "utf8"));
    const [problem, ...others] = problems;
    assert.ok(problem?.code === "engine-failed" && problem.engine === "scan" && others.length === 0, JSON.stringify(problems));
    assert.match(problemInWords(problem), /ptrace.*--cap-add=SYS_PTRACE/s);
    assert.deepEqual(
      tests.map(({ name, incomplete }) => [name, incomplete]),
      ["test_bisect", "lifecycle.interpreter", "lifecycle.subinterpreter", "lifecycle.own-gil"].map((name) => [name, null]),
    );
  });
});

async function compile(source: string, program: string): Promise<void> {
  assertExit(await run("cc", ["-o", program, source]), 0);
}
