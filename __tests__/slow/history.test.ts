import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import * as v from "valibot";
import { FinishedSchema } from "../../eval/history/state.ts";
import { DEFAULT_TESTS } from "../../src/build/tests.ts";
import { Checkout } from "../support/checkout.ts";
import { assertExit, type Ran, ROOT, run } from "../support/command.ts";

const ResultSchema = v.object({ rows: v.array(FinishedSchema), open: v.number() });

suite("an evaluation of CPython's history", { skip: process.arch === "x64" ? false : "recording is for x86_64" }, () => {
  let checkout: Checkout;
  const table = (name: string): string => join(checkout.folder, name);
  const head = (): string => execFileSync("git", ["rev-parse", "HEAD"], { cwd: checkout.source, encoding: "utf8" }).trim();

  before(async () => {
    checkout = await Checkout.open();
    checkout.keepTests(DEFAULT_TESTS);
    checkout.commit();
    checkout.edit(
      "Modules/_csv.c",
      "        Py_DECREF(field);\n        return -1;\n    }\n    Py_DECREF(field);\n    return 0;",
      "        Py_DECREF(field);\n        return -1;\n    }\n    return 0;",
    );
    checkout.commit();
    writeFileSync(table("introduced.tsv"), `intro_sha\tkind\ttest_files\n${head()}\trefleak\ttest_csv\n`);
    checkout.edit("Modules/_heapqmodule.c", "#include ", "/* a comment */\n#include ");
    checkout.commit();
    writeFileSync(table("harmless.tsv"), `sha\tkind\ttest_files\n${head()}\tdocs\ttest_heapq\n`);
  });
  after(() => checkout.remove());

  async function evaluate(...tables: readonly string[]): Promise<{ ran: Ran; rows: readonly v.InferOutput<typeof FinishedSchema>[] }> {
    const flags = ["--repository", checkout.source, "--others", "0", "--state", table("state"), "--json", table("result.json")];
    const ran = await run(process.execPath, [join(ROOT, "eval", "history.ts"), ...flags, ...tables]);
    const { rows } = v.parse(ResultSchema, JSON.parse(readFileSync(table("result.json"), "utf8")));
    return { ran, rows };
  }

  test("an evaluation of CPython's history finds a bug in the commit that introduced it, in a function that it changed", async () => {
    const { ran, rows } = await evaluate("--introduced", table("introduced.tsv"));
    assertExit(ran, 0);
    const [row] = rows;
    assert.ok(row?.outcome.code === "found");
    assert.deepEqual([...new Set(row.outcome.findings.map(({ file }) => file))], ["Modules/_csv.c"]);
    // The quick set has test_csv: memcheck finds it, too, and its finding counts.
    assert.deepEqual([...new Set(row.outcome.findings.map(({ by, isInChange }) => `${by} ${isInChange}`))], ["memcheck true"]);
    assert.ok(row.seconds !== null && row.baseSeconds !== null);
  });

  test("an evaluation of CPython's history resumes with unchecked rows, and finds nothing in a harmless commit", async () => {
    const { ran, rows } = await evaluate("--introduced", table("introduced.tsv"), "--harmless", table("harmless.tsv"));
    assertExit(ran, 0);
    assert.deepEqual(
      rows.map(({ table: name, outcome }) => [name, outcome.code]),
      [
        ["introduced", "found"],
        ["harmless", "quiet"],
      ],
    );
    assert.ok(!ran.stderr.includes("introduced"), ran.stderr);
  });
});
