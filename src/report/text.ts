import {
  amountInWords,
  confidenceInWords,
  objectsInWords,
  occurrencesInWords,
  originInWords,
  ownerInWords,
  problemInWords,
  relaxationInWords,
  skipInWords,
  spreadInWords,
  suppressedInWords,
  verdictInWords,
} from "./describe.ts";
import { printable } from "./escape.ts";
import { count, kindInWords, placeInWords, secondsInWords, shorten } from "./format.ts";
import { countIncomplete, type Report, type ReportedTest, testsWithLastWords, withStatus } from "./report.ts";
import { type ReportedFinding, shownFrames } from "./reported-finding.ts";
import { reproduceTitle } from "./reproduce-messages.ts";
import { statusInWords } from "./status-titles.ts";
import type { Style } from "./style.ts";

/** Of a first run. */
const MAX_RECORDED_IN_FULL = 10;

/** A thousand lines. */
const MAX_IN_FULL = 40;

const MAX_WARNINGS_IN_FULL = 10;

/** The report for a terminal: what matters last, where the eye is when it ends. */
export function textReport(report: Report, style: Style): string {
  const fresh = withStatus(report, "new", "grown");
  const recorded = withStatus(report, "recorded");
  const sections = [
    ...(recorded.length === 0 ? [] : [style.bold(`Recorded by this run: ${count(recorded.length, "error")}`)]),
    ...recorded.slice(0, MAX_RECORDED_IN_FULL).map((finding) => findingText(finding, style)),
    listing("More that were recorded, all in report.json", recorded.slice(MAX_RECORDED_IN_FULL), style),
    ...fresh.slice(0, MAX_IN_FULL).map((finding) => findingText(finding, style)),
    listing("More that are new, all in report.json", fresh.slice(MAX_IN_FULL), style),
    ...withStatus(report, "warning")
      .slice(0, MAX_WARNINGS_IN_FULL)
      .map((finding) => findingText(finding, style)),
    listing("More warnings, all in report.json", withStatus(report, "warning").slice(MAX_WARNINGS_IN_FULL), style),
    listing("Changed, please verify: they resemble known errors", withStatus(report, "changed"), style),
    listing("Accepted for now by .memcheck.toml", withStatus(report, "accepted"), style),
    listing("Flaky: did not come back in a second run", withStatus(report, "flaky"), style),
    listing("Not compared", withStatus(report, "unrecorded"), style),
    listing("Fixed", withStatus(report, "fixed"), style),
    ...testsWithLastWords(report)
      .slice(0, MAX_LOGS)
      .map((test) => logEndText(test, style)),
    skippedText(report, style),
    relaxationsText(report, style),
    suppressedText(report, style),
    notesText(report, style),
    verdictText(report, style),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function findingText(finding: ReportedFinding, style: Style): string {
  const amount = amountInWords(finding);
  const word = HEADS[finding.status] ?? "";
  const color = finding.status === "recorded" || finding.status === "warning" ? style.yellow : style.red;
  const head = color(style.bold(printable(`${word}${kindInWords(finding.kind)} in ${finding.site.function}`)));
  const reproduced = [style.bold(`  ${reproduceTitle(finding.reproduce).toLowerCase()}:`), `    ${printable(finding.reproduce)}`];
  const suppressed = finding.suppression === null ? [] : [style.bold("  suppress:"), indent(printable(finding.suppression.trimEnd()), 4)];
  return [
    `${head}  ${printable(placeInWords(finding.site))}`,
    `  ${[printable(finding.test.id ?? finding.test.file), amount, spreadInWords(finding), confidenceInWords(finding), ownerInWords(finding), finding.signature].filter((part) => part !== "").join(" · ")}`,
    ...(finding.what === "" ? [] : [style.dim(`  ${printable(finding.what)}`)]),
    ...occurrencesText(finding, style),
    ...objectsInWords(finding).flatMap(([object, python]) => [
      `  ${printable(object)}`,
      ...python.map((line) => style.dim(`    ${printable(line)}`)),
    ]),
    ...rootsText(finding, style),
    ...stackText(shownFrames(finding), style),
    ...finding.further.flatMap(({ what, frames }) => [style.dim(`  ${printable(what)}`), ...stackText(frames, style)]),
    ...reproduced,
    ...suppressed,
  ].join("\n");
}

const SHOWN_OCCURRENCES = 5;

/** The other tests and paths of the same bug. */
function occurrencesText(finding: ReportedFinding, style: Style): string[] {
  const others = occurrencesInWords(finding);
  const lines = others.slice(0, SHOWN_OCCURRENCES).map((line) => style.dim(printable(`  also: ${shorten(line, MAX_NAME)}`)));
  return others.length > SHOWN_OCCURRENCES ? [...lines, style.dim(`  … ${others.length - SHOWN_OCCURRENCES} more, in report.json`)] : lines;
}

const HEADS: Readonly<Record<string, string>> = { new: "new ", grown: "more of a known ", warning: "warning: new " };

const SHOWN_ROOTS = 5;

/** What a burst of leaks is made of. */
function rootsText({ roots }: ReportedFinding, style: Style): string[] {
  if (roots.length === 0) return [];
  const lines = roots
    .slice(0, SHOWN_ROOTS)
    .map((root) =>
      printable(`    ${root.site.function} ${placeInWords(root.site)}, ${count(root.blocks, "block")}, ${count(root.bytes, "byte")}`),
    );
  const more = roots.length > SHOWN_ROOTS ? [style.dim(`    … ${roots.length - SHOWN_ROOTS} more, in report.json`)] : [];
  return [style.bold(`  ${count(roots.length, "leak")} from one test, reported as one; the worst:`), ...lines, ...more];
}

const SHOWN_FRAMES = 12;

/** Some lines of a terminal. */
const MAX_NAME = 400;

function stackText(frames: ReportedFinding["stack"], style: Style): string[] {
  const lines = frames.slice(0, SHOWN_FRAMES).map((frame) => {
    const place = frame.file === null ? (frame.object ?? "") : placeInWords(frame);
    return `    ${printable(shorten(frame.function, MAX_NAME))} ${style.dim(printable(place))}`;
  });
  const more = frames.length - SHOWN_FRAMES;
  return more > 0 ? [...lines, style.dim(`    … ${count(more, "more frame")}`)] : lines;
}

function listing(title: string, findings: readonly ReportedFinding[], style: Style): string {
  if (findings.length === 0) return "";
  const lines = findings
    .slice(0, 10)
    .map((finding) => printable(`  ${kindInWords(finding.kind)} in ${finding.site.function} (${finding.test.file})`));
  const more = findings.length > 10 ? [`  … ${findings.length - 10} more`] : [];
  return [style.bold(`${title}: ${findings.length}`), ...lines, ...more].join("\n");
}

/** Of a broken build, every test file has the same to say. */
const MAX_LOGS = 5;

function logEndText({ name, log, lastWords }: ReportedTest, style: Style): string {
  const lines = lastWords.map((line) => printable(`    ${line}`));
  return [style.bold(printable(`The log of ${name} ends with`)), ...lines, style.dim(printable(`  all of it: ${log ?? "not kept"}`))].join(
    "\n",
  );
}

function skippedText({ skipped }: Report, style: Style): string {
  if (skipped.length === 0) return "";
  const lines = skipped.map((one) => `  ${printable(skipInWords(one))}`);
  return [style.bold(`Skipped by .memcheck.toml: ${skipped.length}`), ...lines].join("\n");
}

function relaxationsText({ relaxations }: Report, style: Style): string {
  if (relaxations.length === 0) return "";
  const lines = relaxations.map((one) => `  ${printable(relaxationInWords(one))}  ${printable(placeInWords(one))}`);
  return [style.yellow(style.bold(`Added since the baseline, and hides errors: ${relaxations.length}`)), ...lines].join("\n");
}

function suppressedText({ suppressed }: Report, style: Style): string {
  if (suppressed.length === 0) return "";
  const lines = suppressed.map((one) => `  ${printable(shorten(suppressedInWords(one), MAX_NAME))}`);
  return [style.bold(`Suppressions that hid errors: ${suppressed.length}`), ...lines].join("\n");
}

function notesText(report: Report, style: Style): string {
  const origin = originInWords(report);
  const run = report.baseline?.origin?.run ?? "";
  return [...(origin === undefined ? [] : [`${origin} ${run}`]), ...report.notes.map(({ message }) => message)]
    .map((note) => style.dim(printable(note)))
    .join("\n");
}

function verdictText(report: Report, style: Style): string {
  const colour = report.verdict === "clean" ? style.green : report.verdict === "new-errors" ? style.red : style.yellow;
  const incomplete = countIncomplete(report);
  const counts = [
    `${withStatus(report, "new").length} new`,
    `${withStatus(report, "grown").length} grown`,
    `${withStatus(report, "known").length} known`,
    ...(withStatus(report, "recorded").length === 0 ? [] : [`${withStatus(report, "recorded").length} recorded`]),
    `${withStatus(report, "fixed").length} fixed`,
    `${withStatus(report, "flaky").length} flaky`,
    ...(["warning", "changed", "accepted", "unrecorded"] as const).flatMap((status) => {
      const number = withStatus(report, status).length;
      return number === 0 ? [] : [`${number} ${statusInWords(status, number)}`];
    }),
    ...(incomplete > 0 ? [`${count(incomplete, "test file")} incomplete`] : []),
    ...(report.build === null ? [] : [`build ${report.build.kind}, ${secondsInWords(report.build.seconds)}`]),
  ];
  // Below "2 new errors" a reason would read like one of them.
  const label = report.verdict === "new-errors" ? "not checked: " : "";
  const reasons = report.problems.map((problem) => `  ${label}${printable(problemInWords(problem))}`);
  return [colour(style.bold(verdictInWords(report))), ...reasons, style.dim(counts.join(" · "))].join("\n");
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, " ".repeat(by));
}
