// Writes the descriptions of inputs and outputs, in README's tables and action.yml, from the tables in src/settings. A test compares the files.
//   npm run tables
import { readFileSync, writeFileSync } from "node:fs";
import { OUTPUTS } from "../src/settings/outputs-table.ts";
import { SETTINGS, type SettingDescription } from "../src/settings/settings-table.ts";

const settings: readonly SettingDescription[] = SETTINGS;

/** README.md with the rows that its two tables must have. */
export function withTables(readme: string): string {
  const inputs = settings.map(({ name, default: value, meaning, only }) => [
    `\`${name}\``,
    value,
    only === undefined ? meaning : `${meaning} (${only} only)`,
  ]);
  const outputs = Object.entries(OUTPUTS).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return withRows(withRows(readme, ["input", "default", "meaning"], inputs), ["output", "meaning"], outputs);
}

/** action.yml with the inputs and outputs that it must have. An empty default means that the settings decide. */
export function withInputs(action: string): string {
  const inputs = settings.filter(({ only }) => only !== "terminal");
  return action
    .replace(section("inputs"), () => `inputs:\n${inputs.map(inputOf).join("")}\n`)
    .replace(section("outputs"), () => `outputs:\n${Object.entries(OUTPUTS).map(outputOf).join("")}\n`);
}

function withRows(text: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const start = line(head) + line(head.map(() => "---"));
  const [before = "", after] = text.split(start);
  if (after === undefined) throw new Error(`README.md has no table ${start}`);
  return before + start + rows.map(line).join("") + after.replace(/^(\|.*\n)*/, "");
}

function section(key: string): RegExp {
  return new RegExp(`^${key}:\\n(( .*)?\\n)*`, "m");
}

function inputOf({ name, default: value, meaning }: SettingDescription): string {
  const isExpression = name === "token";
  const description = isExpression || value === "" ? meaning : `${meaning} (default: ${value})`;
  return `  ${name}:\n    description: ${JSON.stringify(description)}\n    default: ${isExpression ? `\${{ ${value} }}` : '""'}\n`;
}

function outputOf([name, meaning]: readonly [string, string]): string {
  return `  ${name}:\n    description: ${JSON.stringify(meaning)}\n`;
}

if (import.meta.main) {
  for (const [file, change] of [
    ["README.md", withTables],
    ["action.yml", withInputs],
  ] as const) {
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }
}
