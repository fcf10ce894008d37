// A case: a patch whose header says what it does to CPython and what a check must make of it. Pure.
import { UserError } from "../../src/model/user-error.ts";

export interface Case {
  readonly name: string;
  /** `real` and `injected` ones are bugs that must be found; on a `benign` one nothing may be. */
  readonly group: "real" | "injected" | "benign";
  readonly what: string;
  readonly site: string;
  /** Memcheck's kind in the header's own words, or a crash. */
  readonly expect: string;
  readonly test: string;
  /** Parts of test ids that are enough; none for the whole file. */
  readonly match: readonly string[];
  /** Whether a live check saw it before. */
  readonly seen: "yes" | "no" | "unknown";
}

/** @throws UserError that names the field. */
export function parseCase(text: string): Case {
  const fields = new Map(
    headerOf(text).flatMap((line) => {
      const [, field = "", value = ""] = /^# ([a-z ]+): (.*)$/.exec(line) ?? [];
      return field === "" ? [] : [[field, value.trim()] as const];
    }),
  );
  const required = (field: string): string => {
    const value = fields.get(field);
    if (!value) throw new UserError(`The header has no field \`${field}\`.`);
    return value;
  };
  return {
    name: required("case"),
    group: oneOf("group", required("group"), ["real", "injected", "benign"]),
    what: fields.get("what") ?? "",
    site: fields.get("site") ?? "",
    expect: fields.get("expect") ?? "",
    test: required("test file"),
    match: (fields.get("match") ?? "").split(/\s+/).filter((part) => part !== ""),
    seen: oneOf("seen by memcheck", fields.get("seen by memcheck") ?? "unknown", ["yes", "no", "unknown"]),
  };
}

/** What stands before the first change. */
function headerOf(text: string): readonly string[] {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => /^(diff |--- |\+\+\+ |Index: )/.test(line));
  return end === -1 ? lines : lines.slice(0, end);
}

function oneOf<const Value extends string>(field: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find((one) => value === one || value.startsWith(`${one} `));
  if (found === undefined) throw new UserError(`\`${field}: ${value}\` in the header; allowed: ${allowed.join(", ")}.`);
  return found;
}

/** The rows of the tables: what the header expects, with all leaks in one. */
export function expectedKind({ expect, group }: Case): string {
  if (group === "benign") return "harmless";
  if (/^Leak/.test(expect)) return "leak";
  if (/^Uninit/.test(expect)) return "uninitialised";
  return /^(\w+)/.exec(expect)?.[1] ?? "unknown";
}

export function isHarmless({ group }: Case): boolean {
  return group === "benign";
}

/** regrtest's patterns for the tests that are enough for any of these cases; none where one of them needs all of its file. */
export function patternsOf(cases: readonly Case[]): readonly string[] {
  if (cases.some(({ match }) => match.length === 0)) return [];
  return [...new Set(cases.flatMap(({ match }) => match.map((part) => `*${part}*`)))].sort();
}
