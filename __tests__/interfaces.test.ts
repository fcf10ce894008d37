import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { withInputs, withTables } from "../scripts/tables.ts";
import { outputsOf } from "../src/hosts/github/publish.ts";
import { failedReport } from "../src/report/report.ts";
import { helpText } from "../src/settings/help.ts";
import { OUTPUTS } from "../src/settings/outputs-table.ts";
import { SETTINGS, type SettingDescription } from "../src/settings/settings-table.ts";
import { ROOT } from "./support/command.ts";

const settings: readonly SettingDescription[] = SETTINGS;
const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");

suite("the settings in all their places", () => {
  test("action.yml has the inputs and outputs that `npm run tables` writes", () => {
    assert.equal(read("action.yml"), withInputs(read("action.yml")));
  });

  test("README.md has the tables that `npm run tables` writes", () => {
    assert.equal(read("README.md"), withTables(read("README.md")));
  });

  test("`npm run tables` writes an input or output that is missing or has other words", () => {
    const [action, readme] = [read("action.yml"), read("README.md")];
    assert.equal(withInputs(action.replace(/^ {2}fail-on:\n.*\n.*\n/m, "").replace("path of report.json", "a path")), action);
    assert.equal(withTables(readme.replace(/^\| `fail-on` .*\n/m, "").replace("path of report.json", "a path")), readme);
  });

  test("--help has each setting of the terminal as a flag", () => {
    for (const { name } of settings.filter(({ only }) => only !== "action")) assert.match(helpText(), new RegExp(`^  --${name}\\s`, "m"));
  });

  test("the action sets exactly the outputs of the table", () => {
    assert.deepEqual(
      Object.keys(outputsOf(failedReport({ code: "nothing-checked" }), { report: "", sarif: "", html: "" })),
      Object.keys(OUTPUTS),
    );
  });
});
