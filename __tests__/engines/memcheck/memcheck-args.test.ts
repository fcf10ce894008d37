import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type MemcheckOptions, memcheckArgs } from "../../../src/engines/memcheck/memcheck-args.ts";

const args = (options: Partial<MemcheckOptions> = {}): string[] =>
  memcheckArgs({ valgrind: "3.19.0", leakCheck: "exit", suppressions: [], extraArgs: [], xmlFolder: "/runs/test_x", ...options });

const leakArgs = (leakCheck: MemcheckOptions["leakCheck"]): string[] => args({ leakCheck }).filter((arg) => /leak/.test(arg));

suite("memcheck's arguments", () => {
  test("memcheck writes a separate report for each process", () => {
    assert.deepEqual(args().slice(1, 4), ["--tool=memcheck", "--xml=yes", "--xml-file=/runs/test_x/%p.xml"]);
  });

  test("the first argument makes memcheck ignore all options that are not on its command line", () =>
    assert.equal(args()[0], "--command-line-only=yes"));

  test("memcheck does not stop reporting after many errors", () => assert.ok(args().includes("--error-limit=no")));

  test("memcheck looks for leaks at the end, not at the end, or never", () => {
    assert.deepEqual(leakArgs("exit"), [
      "--leak-check=full",
      "--show-leak-kinds=definite,possible",
      "--errors-for-leak-kinds=definite,possible",
    ]);
    assert.ok(leakArgs("live").includes("--leak-check=no"));
    assert.deepEqual(leakArgs("none"), ["--leak-check=no"]);
  });

  test("memcheck reports misused file descriptors if it can do so without those that are open at exit", () => {
    const tracking = (valgrind: string) => args({ valgrind }).filter((arg) => arg.startsWith("--track-fds"));
    for (const valgrind of ["3.26.0", "3.27.1", "3.100", "4.0"]) assert.deepEqual(tracking(valgrind), ["--track-fds=bad"]);
    for (const valgrind of ["3.18.1", "3.25.1", "3.9.0"]) assert.deepEqual(tracking(valgrind), []);
  });

  test("memcheck accepts more guard pages than threads if it counts them", () => {
    const limits = (valgrind: string) => args({ valgrind }).filter((arg) => arg.startsWith("--max-guard-pages"));
    assert.deepEqual(limits("3.27.1"), ["--max-guard-pages=10000"]);
    assert.deepEqual(limits("3.26.0"), []);
  });

  test("memcheck gets every suppression file in order, and the user's last, which takes precedence", () => {
    const all = args({ suppressions: ["/a b.supp", "/c.supp"], extraArgs: ["--num-callers=50", "--track-origins=yes"] });
    assert.deepEqual(all.slice(-4), ["--suppressions=/a b.supp", "--suppressions=/c.supp", "--num-callers=50", "--track-origins=yes"]);
  });
});
