import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeReport } from "../../../src/hosts/common/report-file.ts";
import { readReport } from "../../support/command.ts";
import { temporaryFolder } from "../../support/folders.ts";
import { AT_ROOT, VENDORED } from "../../support/locate.ts";
import { failing, reported } from "../../support/reports.ts";

test("a report is written with its SARIF beside it, in a folder that need not exist, and over older ones", async () => {
  const folder = join(temporaryFolder(), "a", "b");
  await writeReport(join(folder, "out.json"), failing([]), AT_ROOT);
  const shown = failing([reported("f")]);
  const sarif = await writeReport(join(folder, "out.json"), shown, VENDORED);
  assert.deepEqual(readReport(join(folder, "out.json")), shown);
  assert.equal(sarif, join(folder, "out.sarif"));
  assert.match(readFileSync(sarif, "utf8"), /"uri":"vendor\/cpython\/Modules\/_x\.c"/);
  assert.deepEqual(readdirSync(folder).sort(), ["out.json", "out.sarif"]);
});
