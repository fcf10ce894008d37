import { originInWords, problemInWords, relaxationInWords, skipInWords, suppressedInWords, verdictInWords } from "./describe.ts";
import { htmlCode, markdownBlock, markdownCell, markdownCode, markdownText } from "./escape.ts";
import { fit, type Part } from "./fit.ts";
import { count, placeInWords, secondsInWords, shorten, shortName } from "./format.ts";
import { findingForms, findingLine, fold } from "./markdown-finding.ts";
import { timesTable } from "./markdown-times.ts";
import { trendPart } from "./markdown-trend.ts";
import { countIncomplete, type Report, type ReportedTest, testsWithLastWords, withStatus } from "./report.ts";
import type { FindingStatus, ReportedFinding } from "./reported-finding.ts";
import { STATUS_TITLES, statusInWords } from "./status-titles.ts";

/** GitHub rejects a step summary of more than 1 MiB as a whole. */
const MAX_BYTES = 1_000_000;

/**
 * The report as GitHub's step summary: the verdict first, then the worst findings, with collapsed details. Truncated, with a note, before it
 * exceeds the limit.
 */
export function markdownReport(report: Report): string {
  const notChecked = [notCheckedSection(report), ...testsWithLastWords(report).slice(0, MAX_LOGS).map(logEnd)];
  const isInconclusive = report.verdict === "inconclusive";
  return fit(
    [
      [headingOf(report)],
      ...(isInconclusive ? notChecked : []),
      ...freshSections(report),
      ...(isInconclusive ? [] : notChecked),
      relaxationsSection(report),
      ...section("recorded", withStatus(report, "recorded"), true),
      skippedSection(report),
      suppressedSection(report),
      folded("fixed", withStatus(report, "fixed")),
      folded("accepted for now by .memcheck.toml", withStatus(report, "accepted")),
      folded("known", withStatus(report, "known")),
      folded("not compared, since there was nothing to compare with", withStatus(report, "unrecorded")),
      [originLine(report)],
      markdownNotes(report.notes.map(({ message }) => message)),
      trendPart(report),
      [runsTable(report)],
      [timesTable(report)],
      [toolchainLine(report)],
    ],
    MAX_BYTES,
    "report.json",
  );
}

const SIGNS = { clean: "✅", "new-errors": "❌", inconclusive: "⚠️" } as const;

/** The verdict, and below it the counts. */
export function headingOf(report: Report, name = "cpython-memcheck"): string {
  const statuses = ["new", "grown", "warning", "changed", "flaky", "fixed", "accepted", "recorded", "known", "unrecorded"] as const;
  const counts = statuses.flatMap((status) => {
    const number = withStatus(report, status).length;
    return number === 0 ? [] : [`**${number.toLocaleString("en-US")}** ${statusInWords(status, number)}`];
  });
  const incomplete = countIncomplete(report);
  const parts = [
    ...counts,
    ...(incomplete === 0 ? [] : [`**${incomplete.toLocaleString("en-US")}** ${incomplete === 1 ? "test file" : "test files"} incomplete`]),
  ];
  return `## ${SIGNS[report.verdict]} ${markdownText(name)}: ${verdictInWords(report)}${parts.length === 0 ? "" : `\n\n${parts.join(" · ")}`}`;
}

/** Findings that need attention, worst first: the first ones in full. */
export function freshSections(report: Report): readonly Part[] {
  const [fresh, grown] = [withStatus(report, "new"), withStatus(report, "grown")];
  return [
    ...section("new", fresh, true),
    ...section("grown", grown, fresh.length === 0),
    ...section("warning", withStatus(report, "warning")),
    ...section("changed", withStatus(report, "changed")),
    ...section("flaky", withStatus(report, "flaky")),
  ];
}

/** All details for the worst, one line each for the rest. */
const MAX_DETAILED = 20;
const MAX_LINES = 200;
/** The version for too little space. */
const FEW_LINES = 20;

function section(status: FindingStatus, findings: readonly ReportedFinding[], opensFirst = false): readonly Part[] {
  if (findings.length === 0) return [];
  const { title, remark } = STATUS_TITLES[status];
  return [[`### ${title} (${findings.length.toLocaleString("en-US")})`], [remark], ...detailed(findings, opensFirst)];
}

function detailed(findings: readonly ReportedFinding[], opensFirst = false): readonly Part[] {
  const inFull = findings.slice(0, MAX_DETAILED).map((finding, index) => findingForms(finding, opensFirst && index === 0));
  return [...inFull, ...lineParts(findings.slice(MAX_DETAILED))];
}

/** In parts of a few lines each, so that as many are shown as fit. */
function lineParts(findings: readonly ReportedFinding[]): readonly Part[] {
  const starts = Array.from({ length: Math.ceil(Math.min(findings.length, MAX_LINES) / FEW_LINES) }, (_, index) => index * FEW_LINES);
  return starts.map((start, index): Part => {
    const isLast = index === starts.length - 1;
    return [findingLines(isLast ? findings.slice(start) : findings.slice(start, start + FEW_LINES), FEW_LINES)];
  });
}

function findingLines(findings: readonly ReportedFinding[], maxLines: number): string {
  const lines = findings.slice(0, maxLines).map(findingLine);
  const more = findings.length - lines.length;
  return [...lines, ...(more > 0 ? [`- … and ${more.toLocaleString("en-US")} more, in report.json`] : [])].join("\n");
}

function folded(title: string, findings: readonly ReportedFinding[]): Part {
  if (findings.length === 0) return [""];
  const heading = count(findings.length, "error");
  const details = detailed(findings).map(([longest]) => longest);
  return [
    fold(`${heading} ${title}`, details.join("\n\n")),
    fold(`${heading} ${title}`, findingLines(findings, MAX_LINES)),
    `${heading} ${title}, in report.json`,
  ];
}

export function notCheckedSection({ problems }: Report): Part {
  return list("Not checked", problems.map(problemInWords));
}

function skippedSection({ skipped }: Report): Part {
  return list("Skipped by .memcheck.toml", skipped.map(skipInWords));
}

function suppressedSection({ suppressed }: Report): Part {
  if (suppressed.length === 0) return [""];
  const lines = linesOf(suppressed.map(suppressedInWords), MAX_LINES, 300);
  return [fold(`${count(suppressed.length, "suppression")} that hid errors`, lines)];
}

/** Changes that hide findings: reviewers should look at them. */
export function relaxationsSection({ relaxations }: Report): Part {
  return list(
    "Added since the baseline, and hides errors",
    relaxations.map((one) => `${relaxationInWords(one)} (${placeInWords(one)})`),
  );
}

/** If the build is broken, all test files fail in the same way. */
const MAX_LOGS = 5;

function logEnd({ name, log, lastWords }: ReportedTest): Part {
  const where = log === null ? [] : [`All of it: ${markdownCode(log)}`];
  return [fold(`The end of the log of ${htmlCode(shortName(name))}`, [markdownBlock(lastWords.join("\n")), ...where].join("\n\n"))];
}

const MAX_NOTES = 5;

/** Each excluded test file has a note: a few are useful, many are in the way. */
export function markdownNotes(notes: readonly string[]): Part {
  if (notes.length <= MAX_NOTES) return list("Notes", notes);
  return [fold(`${count(notes.length, "note")}: what was left out and why, and more`, linesOf(notes, MAX_LINES, 1000))];
}

function list(title: string, lines: readonly string[]): Part {
  if (lines.length === 0) return [""];
  const formOf = (maxLines: number, maxLength: number): string => `### ${title}\n\n${linesOf(lines, maxLines, maxLength)}`;
  return [formOf(MAX_LINES, 1000), formOf(FEW_LINES, 300)];
}

function linesOf(lines: readonly string[], maxLines: number, maxLength: number): string {
  const shown = lines.slice(0, maxLines).map((line) => `- ${markdownText(shorten(line, maxLength))}`);
  if (lines.length > maxLines) shown.push(`- … and ${lines.length - maxLines} more, in report.json`);
  return shown.join("\n");
}

const MAX_TESTS = 100;

/** Failed test files come first: a scan of everything has hundreds that passed. */
function runsTable(report: Report): string {
  if (report.tests.length === 0) return "";
  const isEventful = (test: ReportedTest): boolean => test.incomplete !== null || test.status !== "passed";
  const ordered = [...report.tests.filter(isEventful), ...report.tests.filter((test) => !isEventful(test))];
  const rows = ordered.slice(0, MAX_TESTS).map((test) => {
    const why = shorten(test.incomplete?.message ?? "", 300);
    const cells = [markdownCode(shortName(test.name)), test.engine, test.status, secondsInWords(test.seconds), markdownText(why)];
    return `| ${cells.map(markdownCell).join(" | ")} |`;
  });
  const head = ["| test file | engine | result | time | not checked, because |", "| --- | --- | --- | ---: | --- |"];
  const more = ordered.length > MAX_TESTS ? [`\n… and ${ordered.length - MAX_TESTS} more, in report.json`] : [];
  const results = Object.entries(Object.groupBy(report.tests, ({ status }) => status)).map(
    ([status, tests = []]) => `${tests.length} ${status}`,
  );
  const title = `${count(report.tests.length, "run of a test file", "runs of test files")}: ${results.join(", ")}`;
  return fold(title, [...head, ...rows, ...more].join("\n"));
}

function originLine(report: Report): string {
  const origin = originInWords(report);
  if (origin === undefined) return "";
  const run = report.baseline?.origin?.run ?? "";
  // GitHub's own syntax for it, and no other link.
  return /^https:\/\/[\w.:/-]+$/.test(run) ? `${markdownText(origin)} [Its run](${run}).` : markdownText(origin);
}

function toolchainLine({ toolchain, build, baseline }: Report): string {
  if (toolchain === null) return "";
  const compared = baseline === null ? [] : [`baseline ${baseline.sha ?? "without a commit"}, recorded ${baseline.recordedAt}`];
  const built = build === null ? [] : [`build ${build.kind}`];
  const versions = [
    `CPython ${toolchain.version}`,
    `valgrind ${toolchain.valgrind}`,
    toolchain.compiler,
    toolchain.libc,
    toolchain.architecture,
  ];
  return `<sub>${markdownText([...versions, ...built, ...compared].join(" · "))}</sub>`;
}
