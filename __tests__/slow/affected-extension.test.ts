import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, suite, test } from "node:test";
import { AFFECTED_FLAGS } from "../../src/build/extension-flags.ts";
import type { Report } from "../../src/report/report.ts";
import { fresh } from "../support/checkout.ts";
import { assertExit, type Ran, runCommand } from "../support/command.ts";
import { Extension } from "../support/extension.ts";

const FLAGS = [...AFFECTED_FLAGS.CFLAGS.split(" "), ...AFFECTED_FLAGS.LDFLAGS.split(" ")];

const [PAIR, TOTAL] = ["tests/test_pair.py", "tests/test_total.py"];

suite("npm run check on an extension with affected tests", {
  skip: process.arch === "x64" ? false : "recording is for x86_64",
}, () => {
  let extension: Extension;
  const files = new Map<string, string>();

  before(async () => {
    extension = await Extension.open();
    rmSync(join(extension.folder, "tests", "test_import.py"));
    for (const name of ["basket.c", "tests/conftest.py", TOTAL]) files.set(name, readFileSync(join(extension.folder, name), "utf8"));
    await extension.build(...FLAGS);
    const { ran, report } = await check();
    assertExit(ran, 0);
    assert.equal(report.affected, null);
    assert.deepEqual(scanned(report), [PAIR, TOTAL]);
  });
  after(() => extension.remove());

  beforeEach(async () => {
    for (const [name, text] of files) writeFileSync(join(extension.folder, name), text);
  });

  const check = (...more: readonly string[]) => extension.check(["--command", "-m pytest tests", "--affected", "auto", ...more]);
  const explain = (name: string): Promise<Ran> => runCommand(["explain", name, "--report", join(extension.folder, "report.json")]);
  const runBy = (report: Report, by: "scan" | "memcheck"): string[] =>
    report.tests.flatMap(({ engine, name }) => (engine === by ? [name] : [])).toSorted();
  const scanned = (report: Report): string[] => runBy(report, "scan");
  const affected = (report: Report): string[] => report.affected?.map((one) => one.test) ?? ["all"];
  const edit = (name: string, from: string, to: string): void => {
    const text = files.get(name) ?? "";
    assert.ok(text.includes(from), from);
    writeFileSync(join(extension.folder, name), text.replace(from, to));
  };

  test("a changed function's test file runs in the scan and under memcheck, and its leak is found", async () => {
    await extension.build(...FLAGS, "-DLEAK");
    const { ran, report } = await check();
    assertExit(ran, 1);
    assert.deepEqual([affected(report), scanned(report), runBy(report, "memcheck")], [[PAIR], [PAIR], [PAIR]]);
    assert.ok(fresh(report).length > 0 && fresh(report).every(({ test: { file } }) => file === PAIR));
    assert.match(ran.stdout, /This change can reach 1 of 2 test files/);
    assert.match((await explain(PAIR)).stdout, /it runs basket\.c:basket_pair, which changed/);
    assert.match((await explain(TOTAL)).stdout, /was left out/);
    assert.deepEqual(report.problems, []);
  });

  test("no test file runs or is tortured if a comment moved all lines", async () => {
    edit("basket.c", "#define PY_SSIZE_T_CLEAN", "/* A comment. */\n\n\n#define PY_SSIZE_T_CLEAN");
    await extension.build(...FLAGS);
    const { ran, report } = await check("--torture", "all");
    assertExit(ran, 0);
    assert.deepEqual([affected(report), report.tests], [[], []]);
  });

  test("only a changed test file or a new one runs", async () => {
    await extension.build(...FLAGS);
    edit(TOTAL, "basket.total([])", "basket.total(())");
    assert.deepEqual(affected((await check()).report), [TOTAL]);
    writeFileSync(join(extension.folder, TOTAL), files.get(TOTAL) ?? "");
    const added = join(extension.folder, "tests", "test_added.py");
    writeFileSync(added, "import basket\n\n\ndef test_label():\n    assert basket.label(1) == '1'\n");
    assert.deepEqual(affected((await check()).report), ["tests/test_added.py"]);
    rmSync(added);
  });

  test("all test files run if conftest.py changed, or the extension is built without relocations", async () => {
    await extension.build(...FLAGS);
    edit("tests/conftest.py", "range(3)", "range(4)");
    const { ran, report } = await check();
    assertExit(ran, 0);
    assert.deepEqual([affected(report), scanned(report)], [["all"], [PAIR, TOTAL]]);
    assert.match(ran.stdout, /each of them may depend on tests\/conftest\.py, which changed/);
    writeFileSync(join(extension.folder, "tests/conftest.py"), files.get("tests/conftest.py") ?? "");
    await extension.build();
    assert.deepEqual(scanned((await check()).report), [PAIR, TOTAL]);
  });
});
