// What is wrong in .memcheck.toml, in the words of that file: the schema library's own sentences name types and paths.

import type * as v from "valibot";

type Issue = v.BaseIssue<unknown>;

/** The allowed keys of the file, and of the entries of each list. */
export type Keys = Readonly<Record<"file" | "accept" | "skip", readonly string[]>>;

/** A sentence for the issue that most likely caused the others: a misspelled key is also missing under its right name. */
export function describeIssues(issues: readonly [Issue, ...Issue[]], keys: Keys): string {
  const issue = issues.find(isUnknownKey) ?? issues[0];
  const [list, index, key] = (issue.path ?? []).map(({ key: step }) => step);
  if (index !== undefined && (list === "accept" || list === "skip")) return describeEntry(issue, { list, index, key }, keys[list]);
  if (isUnknownKey(issue)) return `unknown key \`${list}\`; allowed: ${listed(keys.file)}.`;
  return `\`${list}\` is ${shown(issue)}; ${issue.message}.`;
}

interface Place {
  readonly list: keyof Keys;
  readonly index: unknown;
  /** Undefined for the entry itself. */
  readonly key: unknown;
}

function describeEntry(issue: Issue, { list, index, key }: Place, keys: readonly string[]): string {
  const where = entry(list, index);
  if (key === undefined)
    return issue.type === "strict_object" ? `${where} is ${shown(issue)}; allowed: a table.` : `${where} ${issue.message}.`;
  if (isUnknownKey(issue)) return `unknown key \`${key}\` in ${where}; allowed: ${listed(keys)}.`;
  if (issue.type === "strict_object") return `\`${key}\` is missing in ${where}.`;
  return `\`${key}\` in ${where} is ${shown(issue)}; ${issue.message}.`;
}

/** `[skip]` makes one table, and TOML refuses a second one. @returns the sentence if the file has such a header. */
export function singleTable(text: string): string | undefined {
  const name = /^[ \t]*\[[ \t]*(accept|skip)[ \t]*\]/m.exec(text)?.[1];
  return name === undefined ? undefined : `write \`[[${name}]]\`, not \`[${name}]\`.`;
}

function isUnknownKey({ type, expected }: Issue): boolean {
  return type === "strict_object" && expected === "never";
}

const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

function entry(list: unknown, index: unknown): string {
  const ordinal = ORDINALS[Number(index)];
  return ordinal === undefined ? `\`[[${list}]]\` number ${Number(index) + 1}` : `the ${ordinal} \`[[${list}]]\``;
}

function listed(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(", ");
}

const MAX_SHOWN = 100;

/** The value as the file has it, before the schema changed it. */
function shown(issue: Issue): string {
  const value = issue.path?.at(-1)?.value ?? issue.input;
  if (value instanceof Date) return `\`${value.toISOString()}\``;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a table";
  return `\`${(typeof value === "string" ? JSON.stringify(value) : String(value)).slice(0, MAX_SHOWN)}\``;
}
