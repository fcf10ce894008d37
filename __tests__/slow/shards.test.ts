import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { decodeBaseline } from "../../src/hosts/common/baseline-file.ts";
import type { Report } from "../../src/report/report.ts";
import { Checkout, fresh, leak, testFile } from "../support/checkout.ts";
import { assertExit, type Ran, readReport, runCommand, WORK_DIR } from "../support/command.ts";
import { assertSameOutcome, normalized } from "../support/normalized.ts";

const checkout = await Checkout.open();
after(() => checkout.remove());
const folder = join(checkout.folder, "plan");
const path = join(checkout.folder, "report.json");

const FLAGS = [
  "--source",
  checkout.source,
  "--work-dir",
  WORK_DIR,
  "--tests",
  "test_bisect test_zz_two",
  "--scan",
  "test_bisect test_heapq test_zz_one test_zz_two",
];

function part(command: "plan" | "check" | "report", ...flags: readonly string[]): Promise<Ran> {
  const report = command === "report" ? ["--report", path] : [];
  return runCommand([command, ...FLAGS, "--baseline", checkout.baseline, "--plan", folder, ...report, ...flags]);
}

async function wholeCheck(baseline = checkout.baseline): Promise<Report> {
  await runCommand(["check", ...FLAGS, "--baseline", baseline, "--report", path]);
  return readReport(path);
}

const SHARDS = ["1/3", "2/3", "3/3"];

async function inShards(): Promise<Report> {
  rmSync(folder, { recursive: true, force: true });
  assertExit(await part("plan", "--shards", "3"), 0);
  for (const shard of SHARDS) assertExit(await part("check", "--shard", shard), 0);
  await part("report");
  return readReport(path);
}

const contentOf = (file: string) => {
  const lookup = decodeBaseline(readFileSync(file), file);
  assert.ok(lookup.kind === "found");
  const { tests, findings, functions, suppressed, identity } = lookup.baseline;
  return { tests: tests.map((one) => ({ ...one, seconds: 0 })), findings, functions, suppressed, identity };
};

suite("a check in shards", () => {
  const other = join(checkout.folder, "other.json.gz");

  test("a check in shards records the same baseline and makes the same report as one machine", async () => {
    for (const name of ["one", "two"]) checkout.add(`Lib/test/test_zz_${name}.py`, testFile("self.assertTrue(object())"));
    const alone = await wholeCheck(other);
    const spread = await inShards();
    assertSameOutcome(spread, normalized(alone));
    assert.equal(spread.verdict, "clean");
    assert.deepEqual(contentOf(checkout.baseline), contentOf(other));
  });

  test("a check in shards finds the same new errors as one machine, with an identical report", async () => {
    copyFileSync(checkout.baseline, other);
    // `tests` does not name test_zz_one: memcheck runs it because it is a suspect, in the shard that scanned it.
    for (const name of ["one", "two"]) checkout.edit(`Lib/test/test_zz_${name}.py`, "self.assertTrue(object())", leak("['lost']"));
    const alone = await wholeCheck();
    copyFileSync(other, checkout.baseline);
    const spread = await inShards();
    assert.equal(spread.verdict, "new-errors");
    assert.ok(fresh(spread).some(({ engine }) => engine === "memcheck"));
    assertSameOutcome(spread, normalized(alone));
  });

  test("a check in shards names a missing shard, and has the whole report once that shard has run", async () => {
    const whole = normalized(readReport(path));
    const names = readdirSync(folder).filter((name) => name.startsWith("shard-2-"));
    assert.deepEqual(names, ["shard-2-of-3.json.gz"]);
    rmSync(join(folder, "shard-2-of-3.json.gz"));
    await part("report");
    const { verdict, problems } = readReport(path);
    assert.ok(verdict !== "clean");
    assert.deepEqual(
      problems.map((one) => one.code === "shard-unusable" && [one.shard, one.why.code]),
      [["2/3", "missing"]],
    );
    assertExit(await part("check", "--shard", "2/3"), 0);
    await part("report");
    assertSameOutcome(readReport(path), whole);
  });

  test("a report that does not choose a planned test file says that what was found in it was not compared", async () => {
    const planned = join(folder, "plan.json.gz");
    const kept = readFileSync(planned);
    const { shards, ...plan } = JSON.parse(gunzipSync(kept).toString());
    const more = { engine: "memcheck", name: "test_csv" };
    writeFileSync(
      planned,
      gzipSync(JSON.stringify({ ...plan, shards: [{ ...shards[0], tests: [...shards[0].tests, more] }, ...shards.slice(1)] })),
    );
    await part("report");
    writeFileSync(planned, kept);
    assert.deepEqual(
      readReport(path).problems.map((one) => one.code === "tests-not-compared" && one.tests),
      [[{ engine: "memcheck", test: "test_csv" }]],
    );
  });

  test("a shard refuses a plan with another source, setting or number of shards", async () => {
    assertExit(await part("check", "--shard", "1/4"), 2);
    assertExit(await part("check", "--shard", "1/3", "--children", "yes"), 2);
    checkout.edit("Lib/test/test_zz_one.py", "['lost']", "['other']");
    const ran = await part("check", "--shard", "1/3");
    assertExit(ran, 2);
    assert.match(ran.stderr, /The plan was made for another check: the hash of the source is/);
    await part("report");
    assert.deepEqual(
      readReport(path).problems.map(({ code }) => code),
      ["plan-mismatch"],
    );
  });

  test("a shard refuses a plan whose suppressions were others", async () => {
    const file = join(checkout.folder, "more.supp");
    const flags = ["--suppressions", file];
    writeFileSync(file, "");
    assertExit(await part("plan", "--shards", "1", ...flags), 0);
    writeFileSync(file, "{\n   all leaks\n   Memcheck:Leak\n   fun:list_*\n}\n");
    const ran = await part("check", "--shard", "1/1", ...flags);
    assertExit(ran, 2);
    assert.match(ran.stderr, /The plan was made for another check: the hash of suppressions/);
  });
});
