import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Report } from "../../src/report/report.ts";
import { Checkout, fresh } from "../support/checkout.ts";
import { assertExit } from "../support/command.ts";

const FLAGS = ["--tests", "test_bisect"];

const LIFECYCLES = ["lifecycle.interpreter", "lifecycle.subinterpreter", "lifecycle.own-gil"];

const foundIn = (report: Report): string[] =>
  fresh(report)
    .flatMap(({ kind, site, occurrences }) => occurrences.map(({ engine, test }) => `${engine} ${kind} ${test.file} ${site.file}`))
    .sort();

suite("interpreters that start and end", () => {
  let checkout: Checkout;
  before(async () => {
    checkout = await Checkout.open();
    const { ran, report } = await checkout.check(FLAGS);
    assertExit(ran, 0);
    const ended = report.tests.filter(({ engine }) => engine === "lifecycle").map(({ name, status }) => [name, status]);
    assert.deepEqual(
      ended,
      LIFECYCLES.map((name) => [name, "passed"]),
    );
  });
  after(() => checkout.remove());

  test("interpreters that start and end leave nothing behind in a healthy CPython", async () => {
    const { ran, report } = await checkout.check(FLAGS);
    assertExit(ran, 0);
    assert.deepEqual([report.verdict, report.findings], ["clean", []]);
  });

  test("starting and ending interpreters finds a module's leak, at the place that allocated it", async () => {
    checkout.edit("Modules/_csv.c", "    Py_CLEAR(module_state->dialects);\n", "");
    const { ran, report } = await checkout.check(FLAGS);
    checkout.restore();
    assertExit(ran, 1);
    assert.deepEqual(
      [...new Set(foundIn(report))],
      LIFECYCLES.toSorted().map((name) => `lifecycle Leak_PerInterpreter ${name} Modules/_csv.c`),
    );
    assert.match(ran.stdout, /new memory leak per interpreter in csv_exec {2}Modules\/_csv\.c/);
  });

  test("starting and ending interpreters finds a leak of the runtime at its end", async () => {
    checkout.edit("Python/pystate.c", "    Py_CLEAR(interp->after_forkers_child);\n", "");
    const { ran, report } = await checkout.check(FLAGS);
    checkout.restore();
    assertExit(ran, 1);
    // The modules that asked to be called after a fork stay alive, with all that they have: a burst of leaks.
    const found = fresh(report).map((one) => `${one.engine} ${one.kind} ${one.test.file}`);
    assert.deepEqual(
      [...new Set(found)].sort(),
      LIFECYCLES.toSorted().map((name) => `lifecycle Leak_PerInterpreter ${name}`),
    );
  });

  test("interpreters that start and end are left out of a check of memory errors alone", async () => {
    const { report } = await checkout.check([...FLAGS, "--leak-check", "none"]);
    assert.deepEqual(
      report.tests.map(({ engine }) => engine),
      ["memcheck"],
    );
  });
});
