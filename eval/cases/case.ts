// A case: a patch whose header describes what it does to CPython, and what a check must find. Pure.
import { UserError } from "../../src/model/user-error.ts";

export interface Case {
  readonly name: string;
  /** `real` and `injected`: bugs that must be found. `benign`: a change in which nothing may be found. */
  readonly group: "real" | "injected" | "benign";
  readonly what: string;
  readonly site: string;
  /** Memcheck's kind as the header names it, or a crash. */
  readonly expect: string;
  readonly test: string;
  /** Parts of the ids of tests that suffice; empty for the whole file. */
  readonly match: readonly string[];
  /** Whether a live check has found it before. */
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

/** The lines before the first change. */
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

/** The column of the tables: the kind that the header expects, with all kinds of leaks in one. */
export function expectedKind({ expect, group }: Case): string {
  if (group === "benign") return "harmless";
  if (/^Leak/.test(expect)) return "leak";
  if (/^Uninit/.test(expect)) return "uninitialised";
  return /^(\w+)/.exec(expect)?.[1] ?? "unknown";
}

export function isHarmless({ group }: Case): boolean {
  return group === "benign";
}

/** regrtest's patterns for the tests that suffice for these cases; empty if one of them needs its whole test file. */
export function patternsOf(cases: readonly Case[]): readonly string[] {
  if (cases.some(({ match }) => match.length === 0)) return [];
  return [...new Set(cases.flatMap(({ match }) => match.map((part) => `*${part}*`)))].sort();
}
