import { GROWTH } from "../findings/segment.ts";
import { count, freshInWords, shortName } from "./format.ts";
import type { Report } from "./report.ts";
import { withStatus } from "./report.ts";
import type { ReportedFinding } from "./reported-finding.ts";

/** `2 blocks, 96 bytes`; empty if there is no amount. */
export function amountInWords(finding: Pick<ReportedFinding, "kind" | "blocks" | "bytes" | "references" | "blocksBefore">): string {
  const noun = finding.kind === GROWTH ? "more object" : "more reference";
  const before =
    finding.blocksBefore === null || finding.kind === GROWTH ? "" : ` (${finding.blocksBefore.toLocaleString("en-US")} in the baseline)`;
  if (finding.references > 0) return `${count(finding.references, noun)} after each run of the tests${before}`;
  if (finding.blocks === 0) return "";
  if (finding.kind === "FdLeftOpen") return `${count(finding.blocks, "descriptor")}${before}`;
  return `${count(finding.blocks, "block")}${before}, ${count(finding.bytes, "byte")}`;
}

/** Where the error was found and, if memcheck did not see it, how certain it is: `confirmed by two scans, not seen by memcheck`. */
export function confidenceInWords(finding: Pick<ReportedFinding, "engine" | "kind" | "status" | "inChild">): string {
  const parts = [finding.inChild ? "in an interpreter that the test started" : "", sightingsInWords(finding)];
  return parts.filter((part) => part !== "").join(", ");
}

function sightingsInWords({ engine, kind, status, inChild }: Pick<ReportedFinding, "engine" | "kind" | "status" | "inChild">): string {
  if (status === "warning") return "in two runs";
  if (status !== "new" && status !== "grown") return "";
  if (engine === "lifecycle") return "in two runs, of each interpreter that starts and ends";
  if (engine === "torture") return "each failure was made twice, in processes of their own, in both of two runs";
  if (engine !== "scan") return "";
  if (inChild) return "confirmed by two scans";
  return kind === "ReferenceLeak"
    ? "confirmed by two scans; memcheck can't detect reference leaks"
    : "confirmed by two scans, not seen by memcheck";
}

/** Whose code lost it, if not the project's. */
export function ownerInWords({ owner }: Pick<ReportedFinding, "owner">): string {
  switch (owner) {
    case "project":
      return "";
    case "extension":
      return "in another package's extension";
    case "interpreter":
      return "no extension on its stack";
    case "unknown":
      return "its stack is cut short";
  }
}

/** `lost: str 'planted 1', 1 reference (and 4 alike)`; each with the Python lines that allocated it, if known. */
export function objectsInWords({
  kind,
  objects,
}: Pick<ReportedFinding, "kind" | "objects">): readonly (readonly [string, readonly string[]])[] {
  const what = kind === GROWTH ? "kept" : "lost";
  const lines = objects.map((object) => [`${what}: ${objectInWords(object)}`, object.python ?? []] as const);
  return [...Map.groupBy(lines, (line) => JSON.stringify(line)).values()].flatMap(([first, ...alike]) => {
    if (first === undefined) return [];
    const [text, python] = first;
    return [[alike.length === 0 ? text : `${text} (and ${alike.length} alike)`, python] as const];
  });
}

/** `str 'planted 1', 1 reference` */
function objectInWords({ type, refcount, length, repr }: ReportedFinding["objects"][number]): string {
  const parts = [
    repr === undefined ? type : `${type} ${repr}`,
    ...(length === undefined ? [] : [`length ${length}`]),
    refcount === null ? "immortal" : count(refcount, "reference"),
  ];
  return parts.join(", ");
}

/**
 * Other occurrences of a bug, besides the one shown in full: `test_x.Tests.test_a · 2 blocks · … < g < h · 3fa0c1…`, most blocks first. Of each
 * path only the part that differs from the first one, if there is one.
 */
export function occurrencesInWords({ occurrences: [first, ...others] }: Pick<ReportedFinding, "occurrences">): readonly string[] {
  return others.map(({ test, blocks, path, signature }) => {
    const parts = [test.id ?? test.file, blocks === 0 ? "" : count(blocks, "block"), pathInWords(path, first?.path ?? []), signature];
    return parts.filter((part) => part !== "").join(" · ");
  });
}

function pathInWords(path: readonly string[], first: readonly string[]): string {
  const differs = path.findIndex((name, index) => name !== first[index]);
  const own = differs < 0 ? [] : path.slice(differs);
  if (own.length === 0) return "";
  return [...(own.length < path.length ? ["…"] : []), ...own.map(shortName)].join(" < ");
}

/** The same in one number: `6 times in 4 test files`; empty for a single one. */
export function spreadInWords({ occurrences }: Pick<ReportedFinding, "occurrences">): string {
  if (occurrences.length < 2) return "";
  const files = new Set(occurrences.map(({ test }) => test.file)).size;
  return `${occurrences.length} times in ${count(files, "test file")}`;
}

/** A problem with its remedy, in one line. */
export function problemInWords({ message, remedy }: Report["problems"][number]): string {
  return remedy === null ? message : `${message} ${remedy}`;
}

/** `472 test files scanned, 6 checked under memcheck` */
function checkedInWords({ tests }: Report): string {
  const of = (engine: string): number => tests.filter((test) => test.engine === engine).length;
  const [scanned, checked, tortured] = [of("scan"), of("memcheck"), of("torture")];
  const memcheck = scanned === 0 ? `${count(checked, "test file")} checked` : `${checked.toLocaleString("en-US")} checked under memcheck`;
  const isTortureOnly = scanned + checked === 0 && tortured > 0;
  const parts = [
    scanned === 0 ? "" : `${count(scanned, "test file")} scanned`,
    isTortureOnly ? "" : memcheck,
    tortured === 0 ? "" : `${isTortureOnly ? count(tortured, "test file") : tortured.toLocaleString("en-US")} tortured`,
    of("lifecycle") === 0 ? "" : "start and shutdown checked",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** `test_gdb (scan) until 2027-03-01: starts other processes` */
export function skipInWords({ test, engine, reason, expires }: Report["skipped"][number]): string {
  return `${test} (${engine})${expires === null ? "" : ` until ${expires}`}: ${reason}`;
}

const RELAXATIONS = { suppression: "suppression", accept: "accepted finding", skip: "skipped test file" } as const;

/** `suppression readline_leak` */
export function relaxationInWords({ kind, title }: Pick<Report["relaxations"][number], "kind" | "title">): string {
  return `${RELAXATIONS[kind]} ${title}`;
}

/** `readline leak (memcheck): hid errors in 3 test files, in the baseline 1` */
export function suppressedInWords({ name, engine, tests, testsBefore }: Report["suppressed"][number]): string {
  const before = testsBefore === null || testsBefore === tests ? "" : `, in the baseline ${testsBefore}`;
  return `${name} (${engine}): hid errors in ${count(tests, "test file")}${before}`;
}

/** Which baseline was used; undefined if there was no choice. */
export function originInWords({ baseline }: Report): string | undefined {
  if (!baseline?.origin) return undefined;
  const { commit, mergeBase, distance } = baseline.origin;
  const base = `the merge base ${mergeBase.slice(0, 12)}`;
  const place = distance === 0 ? base : `${commit.slice(0, 12)}, ${count(distance, "commit")} before ${base}`;
  return `Compared with the baseline of ${place}.`;
}

/** The baseline that this run was compared with; empty if there is none. */
export function baselineInWords(report: Report): string {
  const { baseline } = report;
  if (baseline === null) return "";
  const commit = baseline.sha === null ? "" : ` at ${baseline.sha.slice(0, 12)}`;
  return originInWords(report) ?? `Compared with the baseline recorded on ${baseline.recordedAt.slice(0, 10)}${commit}.`;
}

function warningsInWords(report: Report): string {
  const warnings = withStatus(report, "warning").length;
  return warnings === 0 ? "nothing new" : `no new errors, ${count(warnings, "new warning")}`;
}

/** Without those that a missing shard or a stopped check left out. */
function testFiles({ tests }: Report): ReadonlySet<string> {
  return new Set(tests.filter(({ engine, status }) => engine !== "lifecycle" && status !== "stopped").map(({ name }) => name));
}

/** A one-line summary. */
export function verdictInWords(report: Report): string {
  const checked = checkedInWords(report);
  switch (report.verdict) {
    case "clean":
      // Without a baseline nothing is new because nothing was compared: that must not read like a comparison.
      if (report.baseline !== null) return `Clean: ${checked}, ${warningsInWords(report)}.`;
      return `First run: ${count(withStatus(report, "recorded").length, "error")} recorded, ${checked}. There was nothing to compare with.`;
    case "new-errors":
      return `${freshInWords(withStatus(report, "new").length, withStatus(report, "grown").length)} in ${count(testFiles(report).size, "checked test file")}.`;
    case "inconclusive":
      return report.tests.length === 0 ? "Nothing was checked." : "Inconclusive: not everything that was asked for could be checked.";
  }
}
