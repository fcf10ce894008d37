// Summarizes finished rows, and formats the tables. Pure.
import type { Found, NotReached, Outcome } from "./outcome.ts";
import type { Finished } from "./state.ts";

/** The rows of the summary. Fixes are grouped by kind. */
export type Group = "introduced" | "leaks" | "use after free" | "over-reads" | "uninitialised reads" | "other fixes" | "harmless";

export interface GroupSummary {
  readonly group: Group;
  /** Rows with a usable result. */
  readonly checked: number;
  /** Bugs that were found, or false alarms in harmless commits. */
  readonly found: number;
  /** Harmless commits whose check was inconclusive. */
  readonly inconclusive: number;
  readonly notReached: number;
  /** Median of the checks of changes; null without one. */
  readonly medianSeconds: number | null;
}

const GROUPS: readonly Group[] = ["introduced", "leaks", "use after free", "over-reads", "uninitialised reads", "other fixes", "harmless"];

const OF_KIND: Readonly<Record<string, Group>> = {
  leak: "leaks",
  refleak: "leaks",
  uaf: "use after free",
  doublefree: "use after free",
  overread: "over-reads",
  overflow: "over-reads",
  uninit: "uninitialised reads",
};

export function groupOf({ table, kind }: Pick<Finished, "table" | "kind">): Group {
  return table === "fixes" ? (OF_KIND[kind] ?? "other fixes") : table;
}

export function summarize(rows: readonly Finished[]): readonly GroupSummary[] {
  return GROUPS.flatMap((group) => {
    const own = rows.filter((row) => groupOf(row) === group);
    return own.length === 0 ? [] : [summaryOf(group, own)];
  });
}

function summaryOf(group: Group, rows: readonly Finished[]): GroupSummary {
  const count = (...codes: readonly Outcome["code"][]): number => rows.filter(({ outcome }) => codes.includes(outcome.code)).length;
  const notReached = count("not-reached");
  return {
    group,
    checked: rows.length - notReached,
    found: count("found", "false-alarm"),
    inconclusive: count("inconclusive"),
    notReached,
    medianSeconds: medianOf(rows.flatMap(({ seconds, outcome }) => (seconds === null || outcome.code === "not-reached" ? [] : [seconds]))),
  };
}

/** The lower median. */
function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}

export function historyTable(rows: readonly Finished[]): string {
  const head =
    "| commit | kind | outcome | by | where | test files | seconds | with the baseline |\n| --- | --- | --- | --- | --- | --: | --: | --: |";
  return [head, ...rows.map((row) => `| ${cellsOf(row).map(escaped).join(" | ")} |`)].join("\n");
}

function cellsOf(row: Finished): readonly string[] {
  const { table, sha, kind, outcome, seconds, baseSeconds, chosen } = row;
  const findings = "findings" in outcome ? outcome.findings : [];
  const total = seconds === null ? null : seconds + (baseSeconds ?? 0);
  return [
    `${table} ${sha.slice(0, 10)}`,
    kind,
    outcomeInWords(row),
    [...new Set(findings.flatMap(({ by }) => by))].join(", "),
    findings.length === 0 ? "" : placesOf(findings),
    chosen === null ? "" : `${chosen.tests} of ${chosen.of}`,
    inSeconds(seconds),
    inSeconds(total),
  ];
}

function outcomeInWords({ outcome, testsOf }: Finished): string {
  switch (outcome.code) {
    case "found":
      return testsOf === null ? "found" : "found, with the test of its fix";
    case "quiet":
      return "quiet";
    case "false-alarm":
      return "FALSE ALARM";
    case "missed":
      return `MISSED: ${MISSES[outcome.why]} (${outcome.detail})`;
    case "inconclusive":
      return `inconclusive: ${outcome.detail}`;
    case "not-reached":
      return `not reached: ${OBSTACLES[outcome.why]}${outcome.detail === "" ? "" : ` (${outcome.detail})`}`;
  }
}

const MISSES: Readonly<Record<Extract<Outcome, { code: "missed" }>["why"], string>> = {
  "nothing-new": "nothing new in its test files",
  "not-chosen": "the check left out its test files",
  "test-failed": "the test fails without a memory error",
  unconfirmed: "reported, but not as a new error",
};

const OBSTACLES: Readonly<Record<NotReached, string>> = {
  "no-test": "no test file",
  "needs-torture": "no test shows it",
  "no-c-change": "the commit changes no C code",
  "no-commit": "the repository cannot check it out",
  "not-built": "it does not build",
  "test-skipped": "its tests are skipped here",
  "test-incomplete": "its test files were cut short",
  "check-failed": "the check failed",
};

/** One finding, preferably with a changed function on its stack, and the number of the others. */
function placesOf(findings: readonly Found[]): string {
  const [first, ...others] = findings.toSorted((a, b) => Number(b.isInChange) - Number(a.isInChange));
  if (first === undefined) return "";
  const { kind, function: name, file, line, test } = first;
  const place = file === null ? "" : ` (${file}${line === null ? "" : `:${line}`})`;
  return `${kind} ${name === "" ? `in ${test}` : `in ${name}${place}`}${others.length === 0 ? "" : `, and ${others.length} more`}`;
}

export function summaryTable(rows: readonly Finished[]): string {
  const head = "| group | found | share | not reached | median seconds of a check |\n| --- | --: | --: | --: | --: |";
  return [head, ...summarize(rows).map(summaryLine)].join("\n");
}

function summaryLine({ group, checked, found, inconclusive, notReached, medianSeconds }: GroupSummary): string {
  const doubt = inconclusive === 0 ? "" : `, ${inconclusive} inconclusive`;
  const result = group === "harmless" ? `${found} false alarms in ${checked}${doubt}` : `${found} of ${checked}`;
  const share = checked === 0 ? "" : `${((100 * found) / checked).toFixed(0)} %`;
  return `| ${group} | ${result} | ${share} | ${notReached} | ${inSeconds(medianSeconds)} |`;
}

function inSeconds(seconds: number | null): string {
  return seconds === null ? "" : seconds.toFixed(0);
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Whether no bug was missed, and each harmless commit passed. */
export function isGood(rows: readonly Finished[]): boolean {
  return rows.every(({ outcome }) => ["found", "quiet", "not-reached"].includes(outcome.code));
}
