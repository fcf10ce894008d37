import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { outputsOf } from "../src/hosts/github/publish.ts";
import { failedReport } from "../src/report/report.ts";
import { helpText } from "../src/settings/help.ts";
import { SETTINGS, type SettingDescription } from "../src/settings/settings-table.ts";
import { ROOT } from "./support/command.ts";

const settings: readonly SettingDescription[] = SETTINGS;
const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");

/** The names right below a key of action.yml: two blanks and a word. */
function namesBelow(key: string): string[] {
  const section = new RegExp(`^${key}:\\n((?:  .*\\n|\\n)*)`, "m").exec(read("action.yml"))?.[1] ?? "";
  return [...section.matchAll(/^ {2}([\w-]+):/gm)].map((match) => match[1] ?? "");
}

describe("the settings are the same everywhere", () => {
  it("action.yml has each as an input, in order and in the same words", () => {
    const inputs = settings.filter(({ only }) => only !== "terminal");
    assert.deepEqual(
      namesBelow("inputs"),
      inputs.map(({ name }) => name),
    );
    for (const { meaning } of inputs) assert.ok(read("action.yml").includes(meaning), meaning);
  });

  it("--help has each as a flag", () => {
    for (const { name } of settings.filter(({ only }) => only !== "action")) assert.match(helpText(), new RegExp(`^  --${name}\\s`, "m"));
  });

  it("README's table has a row for each, in order, with the same default and meaning", () => {
    const rows = [...read("README.md").matchAll(/^\| `([\w-]+)` \| (.*?) \| (.*) \|$/gm)].map(([, ...cells]) => cells);
    const expected = settings.map(({ name, default: value, meaning, only }) => [
      name,
      value,
      only === undefined ? meaning : `${meaning} (${only} only)`,
    ]);
    assert.deepEqual(
      rows.filter(([name]) => settings.some((setting) => setting.name === name)),
      expected,
    );
  });

  it("action.yml has exactly the outputs that are set", () => {
    assert.deepEqual(namesBelow("outputs"), Object.keys(outputsOf(failedReport({ code: "nothing-checked" }), { report: "", sarif: "" })));
  });
});
