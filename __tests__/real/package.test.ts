import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Checkout, testFiles } from "../support/checkout.ts";
import { assertExit, ROOT, readReport, run, WORK_DIR } from "../support/command.ts";

/** The environment of a user's shell, without the variables that an outer `npm test` adds. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name)));

suite("the npm package", () => {
  let checkout: Checkout;
  let archive: string;

  before(async () => {
    checkout = await Checkout.open();
    const packed = await run("npm", ["pack", "--silent", "--pack-destination", checkout.folder], ENVIRONMENT, ROOT);
    assertExit(packed, 0);
    // Relative: npx runs what an absolute path names as a program.
    archive = join("..", packed.stdout.trim());
  });
  after(() => checkout.remove());

  const npx = (...args: readonly string[]) => run("npx", ["--yes", archive, ...args], ENVIRONMENT, checkout.source);

  test("the npm package explains itself", async () => {
    const ran = await npx("--help");
    assertExit(ran, 0);
    assert.match(ran.stdout, /^cpython-memcheck check \[flags\]/);
  });

  test("the npm package checks the CPython checkout that it is started in", async () => {
    const report = join(checkout.folder, "report.json");
    const places = ["--baseline", checkout.baseline, "--report", report, "--work-dir", WORK_DIR];
    assertExit(await npx("check", "--tests", "test_bisect", "--scan", "none", ...places), 0);
    const checked = readReport(report);
    const outcomes = testFiles(checked).map(({ name, status }) => [name, status]);
    assert.deepEqual([checked.verdict, outcomes], ["clean", [["test_bisect", "passed"]]]);
  });
});
