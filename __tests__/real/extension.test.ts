import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { fresh } from "../support/checkout.ts";
import { assertExit } from "../support/command.ts";
import { Extension } from "../support/extension.ts";

const PYTEST = ["--command", "-m pytest --ignore tests/test_import.py tests"];

const BOTH = ["scan tests/test_pair.py", "scan tests/test_total.py", "memcheck tests/test_pair.py", "memcheck tests/test_total.py"];

suite("npm run check on an extension's own tests", () => {
  let extension: Extension;
  before(async () => {
    extension = await Extension.open();
    await extension.build();
  });
  after(() => extension.remove());

  test("a check of an extension scans its tests, runs them under memcheck without xdist, and finds a healthy one clean", async () => {
    const { ran, report } = await extension.check(PYTEST);
    assertExit(ran, 0);
    assert.deepEqual(report.tests.map(({ engine, name }) => `${engine} ${name}`).toSorted(), BOTH.toSorted());
    assert.deepEqual([...new Set(report.tests.map(({ status, incomplete }) => `${status} ${incomplete}`))], ["passed null"]);
    assert.deepEqual(
      report.tests.filter(({ engine }) => engine === "scan").map(({ ran: tests }) => tests),
      [6, 2],
    );
    assert.deepEqual(report.findings, []);
  });

  test("a check of an extension finds a leak that a change adds, by both engines, with its line, test and Python line", async () => {
    await extension.build("-DLEAK");
    const { ran, report } = await extension.check(PYTEST);
    assertExit(ran, 1);
    const found = fresh(report);
    assert.ok(found.length > 0);
    for (const finding of found) {
      assert.equal(finding.engine, "memcheck");
      assert.match(finding.test.id ?? "", /^tests\/test_pair\.py::/);
      assert.deepEqual([finding.site.function, finding.site.file], ["basket_pair", "basket.c"]);
      assert.equal(finding.objects[0]?.type, "tuple");
      assert.match(finding.objects[0]?.python?.join("\n") ?? "", /tests\/(test_pair|conftest)\.py:\d+/);
    }
    assert.ok(found.some(({ test }) => test.id === "tests/test_pair.py::test_pair_has_the_item_twice[a]"));
    assert.match((await extension.paste(found[0]?.reproduce ?? "")).stderr, /basket_pair/);
  });

  test("a check of an extension has memcheck look at suspects only, with `memcheck-budget: none`", async () => {
    const { ran, report } = await extension.check([...PYTEST, "--memcheck-budget", "none"]);
    assertExit(ran, 1);
    assert.deepEqual(
      report.tests.filter(({ engine }) => engine === "memcheck"),
      [],
    );
    assert.equal(fresh(report)[0]?.engine, "memcheck");
  });

  test("a check of an extension is never clean if both stages are switched off", async () => {
    const { ran, report } = await extension.check([...PYTEST, "--scan", "none", "--memcheck-budget", "none", "--record-baseline", "never"]);
    assertExit(ran, 2);
    assert.ok(report.problems.some(({ code }) => code === "nothing-checked" || code === "engine-dropped"));
    assert.deepEqual(report.tests, []);
  });

  test("a check of an extension finds a leak in a unittest test, and names the test although it has no baseline", async () => {
    writeFileSync(join(extension.folder, "check_pair.py"), TESTS_OF_UNITTEST);
    const flags = ["--command", "-m unittest check_pair", "--memcheck-budget", "none", "--record-baseline", "never"];
    const { report } = await extension.check(flags);
    const [leak] = report.findings.filter(({ test }) => test.file === "check_pair.py");
    assert.equal(leak?.site.function, "basket_pair");
    assert.equal(leak?.test.id, "check_pair.Pair.test_pair");
    // The other test files of the baseline were not asked for.
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ["test-not-in-baseline"],
    );
  });

  test("a check of an extension runs tests that break after a fork in separate interpreters, with `fork: no`", async () => {
    await extension.build("-DLEAK");
    writeFileSync(join(extension.folder, "tests", "test_thread.py"), TESTS_OF_A_THREAD);
    const command = ["--command", "-m pytest tests/test_thread.py", "--record-baseline", "never"];
    const forked = await extension.check([...command, "--memcheck-budget", "none"]);
    assert.deepEqual(
      forked.report.tests.map(({ status }) => status),
      ["failed"],
    );
    const { report } = await extension.check([...command, "--fork", "no", "--memcheck-budget", "all"]);
    assert.deepEqual(
      report.tests.map(({ engine, status, incomplete, ran }) => `${engine} ${status} ${incomplete} ${ran}`),
      ["scan passed null 1", "memcheck passed null 1"],
    );
    const leaks = report.findings.filter(({ site }) => site.function === "basket_pair");
    assert.deepEqual([...new Set(leaks.map(({ test }) => test.id))], ["tests/test_thread.py::test_in_a_thread"]);
  });

  test("a check of an extension has allocations fail in its tests, with pytest and unittest, and finds the error path that loses something", async () => {
    writeFileSync(join(extension.folder, "tests", "test_boxed.py"), TESTS_OF_AN_ERROR_PATH);
    for (const runner of ["pytest", "unittest"]) {
      // Only the scan leaves it out the second time.
      const skip = '[[skip]]\ntest = "tests/test_boxed.py"\nengine = "scan"\nreason = "A test of torture."\n';
      if (runner === "unittest") writeFileSync(join(extension.folder, ".memcheck.toml"), skip);
      // A function with a fixture, which is called again and again; and a method of a TestCase.
      const where =
        runner === "pytest" ? "tests/test_boxed.py --deselect tests/test_boxed.py::Boxed" : "discover -s tests -p test_boxed.py";
      const command = ["--command", `-m ${runner} ${where}`, "--torture", "all", "--memcheck-budget", "none", "--record-baseline", "never"];
      await extension.build();
      const healthy = (await extension.check(command)).report;
      assert.deepEqual(healthy.findings, []);
      const [tortured] = healthy.notes.filter((note) => note.code === "tortured");
      assert.ok(tortured !== undefined && tortured.sites > 1 && tortured.failures >= 2 * tortured.sites, JSON.stringify(healthy.notes));
      await extension.build("-DFORGETS");
      const { report } = await extension.check(command);
      const [found, ...others] = report.findings;
      const what = [found?.kind, found?.site.function, found?.owner, others];
      assert.deepEqual(what, ["ErrorPathLeak", "basket_boxed", "project", []], JSON.stringify(report));
      assert.match(found?.test.id ?? "", runner === "pytest" ? /^tests\/test_boxed\.py::/ : /^test_boxed\.Boxed\.test_/);
      const again = await extension.paste(found?.reproduce ?? "");
      assert.match(again.stdout, /leak in \S*test_boxed[\s\S]*basket_boxed[\s\S]*1 tests tortured/);
    }
    rmSync(join(extension.folder, ".memcheck.toml"));
  });

  test("a check of a program that uses an extension has the extension's leaks at exit, and one line for the interpreter's", async () => {
    await extension.build("-DLEAK");
    writeFileSync(join(extension.folder, "program.py"), PROGRAM);
    const { report } = await extension.check(["--command", "program.py", "--record-baseline", "never"]);
    assert.deepEqual(
      report.findings.map(({ site, owner }) => [site.function, owner]),
      [["basket_label", "project"]],
    );
    assert.ok(report.notes.some((note) => note.code === "left-by-interpreter" && note.sites > 0));
  });

  test("a check of an extension is inconclusive about a test file that cannot be imported, and shows why", async () => {
    const { ran } = await extension.check(["--command", "-m pytest tests/test_import.py", "--memcheck-budget", "none"]);
    assertExit(ran, 2);
    assert.match(ran.stdout, /tests\/test_import\.py was not checked by the scan: it failed before any test ran/);
    assert.doesNotMatch(ran.stdout, /in the baseline but was not run/);
    assert.match(ran.stdout, /No module named 'there_is_no_such_module'/);
  });

  test("a check of an extension does not count tests that a plugin has another process run", async () => {
    await extension.build("-DLEAK");
    const folder = join(extension.folder, "forking");
    mkdirSync(folder);
    writeFileSync(join(folder, "conftest.py"), FORKS_TESTS);
    writeFileSync(join(folder, "test_forked.py"), FORKED_TESTS);
    const flags = ["--memcheck-budget", "none", "--record-baseline", "never"];
    const { ran, report } = await extension.check(["--command", "-m pytest forking", ...flags]);
    assertExit(ran, 2);
    assert.deepEqual(
      report.tests.map(({ ran: counted, incomplete: why }) => [counted, why?.code === "watch-failed" && why.why.code]),
      [[0, "tests-in-other-processes"]],
    );
    const isolated = await extension.check(["--command", "-m pytest forking", "--leak-check", "exit", "--record-baseline", "never"]);
    assert.deepEqual(
      isolated.report.tests.map(({ incomplete }) => incomplete?.code),
      ["no-test-watched"],
    );
  });

  test("a check of an extension says why where pytest does not start, and where it collects nothing", async () => {
    const absent = await extension.check(["--command", "-m pytest no_such_folder"]);
    assertExit(absent.ran, 2);
    assert.match(absent.ran.stdout, /pytest did not start[\s\S]*not found: no_such_folder/);
    rmSync(join(extension.folder, "tests"), { recursive: true });
    const empty = await extension.check(["--command", "-m unittest discover -p nothing.py"]);
    assertExit(empty.ran, 2);
    assert.match(empty.ran.stdout, /collected no tests/);
  });
});

/** The thread that its import starts is not there in a forked process. */
const TESTS_OF_A_THREAD = `import queue
import threading

import basket

jobs, done = queue.Queue(), queue.Queue()


def work():
    while True:
        done.put(jobs.get())


threading.Thread(target=work, daemon=True).start()


def test_in_a_thread():
    jobs.put(1000)
    assert done.get(timeout=5) == 1000
    basket.pair(1000)
`;

/** As pytest-forked does it for tests with its mark. */
const FORKS_TESTS = `import json
import os

import pytest
from _pytest.runner import runtestprotocol


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item):
    reading, writing = os.pipe()
    hook, config = item.config.hook, item.config
    pid = os.fork()
    if pid == 0:
        reports = runtestprotocol(item, log=False, nextitem=None)
        said = [hook.pytest_report_to_serializable(config=config, report=report) for report in reports]
        os.write(writing, json.dumps(said).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = json.load(pipe)
    os.waitpid(pid, 0)
    for data in said:
        report = hook.pytest_report_from_serializable(config=config, data=data)
        item.ihook.pytest_runtest_logreport(report=report)
    return True
`;

const FORKED_TESTS = `import basket


def test_pair():
    assert basket.pair(1000) == (1000, 1000)
`;

const PROGRAM = `import unittest

import basket


class Label(unittest.TestCase):
    def test_label(self):
        self.assertEqual(basket.label(1000), "1000")


unittest.main()
`;

const TESTS_OF_UNITTEST = `import unittest

import basket


class Pair(unittest.TestCase):
    def test_pair(self):
        self.assertEqual(basket.pair(1000), (1000, 1000))

    def test_total(self):
        self.assertEqual(basket.total("abc"), 3)
`;

const TESTS_OF_AN_ERROR_PATH = `import unittest

import basket


class Boxed(unittest.TestCase):
    def test_number(self):
        self.assertEqual(basket.boxed(1000), ["1000"])


def test_boxed(tmp_path):
    assert basket.boxed(1000) == ["1000"]
`;
