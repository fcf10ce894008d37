import { markdownBlock, markdownCell, markdownCode, markdownText } from "./escape.ts";
import { type Report, type ReportedFinding, type ReportedTest, shownFrames, withStatus } from "./report.ts";
import {
  amountInWords,
  confidenceInWords,
  count,
  kindInWords,
  objectInWords,
  placeInWords,
  secondsInWords,
  verdictInWords,
} from "./words.ts";

/** GitHub rejects a step summary of more than 1 MiB as a whole. */
const MOST_BYTES = 1_000_000;

/** The report as GitHub's step summary: the verdict first, then the worst, details folded. Cut, and said so, before it gets too long. */
export function markdownReport(report: Report): string {
  const sections = [
    `## ${SIGNS[report.verdict]} cpython-memcheck: ${verdictInWords(report)}`,
    list("Not checked", report.reasons),
    ...findingSection("New and grown", withStatus(report, "new", "grown"), MOST_DETAILED),
    ...findingSection(
      "Changed, please verify: taken for known ones because they look like them",
      withStatus(report, "changed"),
      MOST_DETAILED,
    ),
    ...findingSection("Accepted for now by .memcheck.toml", withStatus(report, "accepted"), 0),
    ...findingSection(
      "Flaky: they did not come back in a second run and do not fail the check",
      withStatus(report, "flaky"),
      MOST_DETAILED,
    ),
    ...findingSection("Not compared: the baseline has no record of their test files", withStatus(report, "unrecorded"), 0),
    ...findingSection("Fixed: gone since the baseline", withStatus(report, "fixed"), 0),
    ...knownSection(withStatus(report, "known")),
    testTable(report),
    list("Notes", report.notes),
    toolchainLine(report),
  ];
  return cut(sections.filter((section) => section !== ""));
}

const SIGNS = { clean: "✅", "new-errors": "❌", inconclusive: "⚠️" } as const;

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `### ${title}\n\n${lines.map((line) => `- ${markdownText(line)}`).join("\n")}`;
}

/** With all details for the worst, a line each for the rest: nobody reads more than these in a summary. */
const MOST_DETAILED = 20;

function findingSection(title: string, findings: readonly ReportedFinding[], details: number): string[] {
  if (findings.length === 0) return [];
  const rest = findings.slice(details).map(brief).join("\n");
  return [`### ${title} (${findings.length})`, ...findings.slice(0, details).map(detailed), rest];
}

function headline(finding: ReportedFinding): string {
  const amount = amountInWords(finding);
  const where = markdownCode(placeInWords(finding.site));
  const kind = `**${markdownText(kindInWords(finding.kind))}** in ${markdownCode(finding.site.function)}`;
  const parts = [kind, where, markdownText(amount), confidenceInWords(finding)];
  return parts.filter((part) => part !== "").join(", ");
}

function brief(finding: ReportedFinding): string {
  return `- ${markdownText(kindInWords(finding.kind))} in ${markdownCode(finding.site.function)} (${markdownCode(finding.test.file)})`;
}

function detailed(finding: ReportedFinding): string {
  const further = finding.further.map(({ what, frames }) => `${what}\n${stackText(frames)}`);
  const objects = finding.objects.map((object) => `lost: ${[objectInWords(object), ...(object.python ?? [])].join("\n    ")}`);
  return [
    `${headline(finding)}  \n${finding.status === "grown" ? "grown, in" : "in"} ${markdownCode(finding.test.id ?? finding.test.file)}`,
    details("stack", markdownBlock([finding.what, ...objects, stackText(shownFrames(finding)), ...further].join("\n"))),
    details("reproduce", markdownBlock(finding.reproduce)),
    ...(finding.suppression === null ? [] : [details("suppress", markdownBlock(finding.suppression))]),
  ].join("\n\n");
}

function stackText(frames: ReportedFinding["stack"]): string {
  return frames.map((frame) => `    ${frame.function} (${frame.file === null ? (frame.object ?? "?") : placeInWords(frame)})`).join("\n");
}

function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

const KNOWN_LINES = 50;

function knownSection(known: readonly ReportedFinding[]): string[] {
  if (known.length === 0) return [];
  const lines = known.slice(0, KNOWN_LINES).map(brief);
  const more = known.length > KNOWN_LINES ? [`- … and ${known.length - KNOWN_LINES} more, in report.json`] : [];
  return [details(`${count(known.length, "known error")} that the baseline has too`, [...lines, ...more].join("\n"))];
}

const MOST_TESTS = 100;

/** What did not pass comes first: a scan of everything has hundreds that did. */
function testTable(report: Report): string {
  if (report.tests.length === 0) return "";
  const isEventful = (test: ReportedTest): boolean => test.incomplete !== null || test.status !== "passed";
  const ordered = [...report.tests.filter(isEventful), ...report.tests.filter((test) => !isEventful(test))];
  const rows = ordered.slice(0, MOST_TESTS).map((test) => {
    const cells = [markdownCode(test.name), test.engine, test.status, secondsInWords(test.seconds), markdownText(test.incomplete ?? "")];
    return `| ${cells.map(markdownCell).join(" | ")} |`;
  });
  const head = ["| test file | engine | result | time | not checked, because |", "| --- | --- | --- | ---: | --- |"];
  const more = ordered.length > MOST_TESTS ? [`\n… and ${ordered.length - MOST_TESTS} more, in report.json`] : [];
  return details(count(report.tests.length, "run of a test file", "runs of test files"), [...head, ...rows, ...more].join("\n"));
}

function toolchainLine({ toolchain, build, baseline }: Report): string {
  if (toolchain === null) return "";
  const compared = baseline === null ? [] : [`baseline ${baseline.sha ?? "without a commit"}, recorded ${baseline.recordedAt}`];
  const built = build === null ? [] : [`build ${build.kind} in ${secondsInWords(build.seconds)}`];
  const versions = [
    `CPython ${toolchain.version}`,
    `valgrind ${toolchain.valgrind}`,
    toolchain.compiler,
    toolchain.libc,
    toolchain.architecture,
  ];
  return `<sub>${markdownText([...versions, ...built, ...compared].join(" · "))}</sub>`;
}

function cut(sections: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const section of sections) {
    bytes += Buffer.byteLength(section) + 2;
    if (bytes > MOST_BYTES) {
      return `${[...kept, `**This summary is cut: ${sections.length - kept.length} parts more are in report.json.**`].join("\n\n")}\n`;
    }
    kept.push(section);
  }
  return `${kept.join("\n\n")}\n`;
}
