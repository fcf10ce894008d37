// Tables of commits: tab-separated text with a header line. Pure.
import { UserError } from "../../src/model/user-error.ts";

/** The cells of a line, by column name. */
export type TableRow = Readonly<Record<string, string | undefined>>;

/** @param name of the table, for the error @throws UserError that names the missing columns and those that exist */
export function parseTable(text: string, name: string, required: readonly string[] = []): readonly TableRow[] {
  const [head = "", ...lines] = text.trimEnd().split(/\r?\n/);
  const columns = head.split("\t");
  const missing = required.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new UserError(`${name} has no column ${missing.map((column) => `\`${column}\``).join(", ")}.`, {
      hint: `It has: ${columns.join(", ")}. Columns are separated by tabs.`,
    });
  return lines
    .filter((line) => line !== "")
    .map((line) => Object.fromEntries(line.split("\t").map((cell, index) => [columns[index] ?? "", cell])));
}

/** The names in a cell, separated by blanks or commas: `test_csv test_json`, `test_csv,test_json`. */
export function namesIn(cell: string | undefined): readonly string[] {
  return (cell ?? "").split(/[\s,]+/).filter((name) => name !== "");
}
