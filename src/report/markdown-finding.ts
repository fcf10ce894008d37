import { amountInWords, confidenceInWords, objectsInWords, occurrencesInWords, ownerInWords, spreadInWords } from "./describe.ts";
import { htmlCode, htmlText, markdownBlock, markdownCode, markdownText } from "./escape.ts";
import type { Part } from "./fit.ts";
import { count, kindInWords, placeInWords, shorten, shortName } from "./format.ts";
import { type ReportedFinding, shownFrames } from "./reported-finding.ts";
import { reproduceTitle } from "./reproduce-messages.ts";

/** A collapsed section: GitHub reads no markdown in the title, but does in the body. */
export function fold(title: string, body: string, isOpen = false): string {
  return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** A finding in full, without its suppression (which must never be truncated, since it would then match more), and as a headline only. */
export function findingForms(finding: ReportedFinding, isOpen = false): Part {
  const elsewhere = finding.suppression === null ? [] : ["A suppression to paste is in report.json."];
  const suppression = finding.suppression === null ? [] : [fold("Suppression", markdownBlock(finding.suppression))];
  return [foldedFinding(finding, suppression, isOpen), foldedFinding(finding, elsewhere, isOpen), findingLine(finding)];
}

/** A finding in one line, with all details collapsed below it. */
function foldedFinding(finding: ReportedFinding, suppression: readonly string[], isOpen: boolean): string {
  const test = shorten(finding.test.id ?? finding.test.file, MAX_LINE);
  const body = [
    `in ${markdownCode(test)}, signature ${markdownCode(finding.signature)}${remarks(finding)}`,
    markdownBlock(findingStory(finding)),
    `${reproduceTitle(finding.reproduce)}:\n\n${markdownBlock(finding.reproduce)}`,
    ...suppression,
  ];
  return fold(headline(finding), body.join("\n\n"), isOpen);
}

/** Characters. */
const MAX_LINE = 1000;

/** A short line for one of very many findings. */
export function findingLine(finding: ReportedFinding): string {
  const { kind, site, test } = finding;
  const place = site.file === null ? "" : `, ${markdownCode(shortName(placeInWords(site)))}`;
  return `- ${markdownText(shortName(kindInWords(kind)))} in ${markdownCode(shortName(site.function))}${place} (${markdownCode(shortName(test.file))})${remarks(finding)}`;
}

function headline(finding: ReportedFinding): string {
  const { kind, site, test } = finding;
  const parts = [
    `<b>${htmlText(shortName(kindInWords(kind)))}</b> in ${htmlCode(shortName(site.function))}`,
    ...(site.file === null ? [] : [htmlCode(shortName(placeInWords(site)))]),
    htmlText(amountInWords(finding)),
  ];
  return `${parts.filter((part) => part !== "").join(", ")} (${htmlCode(shortName(test.file))})`;
}

/** How certain it is, its match in the baseline, and what it includes. */
function remarks(finding: ReportedFinding): string {
  const { match, acceptance, roots } = finding;
  const parts = [
    spreadInWords(finding),
    confidenceInWords(finding),
    ownerInWords(finding),
    ...(match === null || match.pass === "exact"
      ? []
      : [`matched with ${match.segment.slice(0, 3).map(shortName).join(" < ")} of the baseline (${match.pass})`]),
    ...(acceptance === null ? [] : [`accepted until ${acceptance.expires}: ${acceptance.reason}`]),
    ...(roots.length === 0 ? [] : [`${count(roots.length, "leak")} from one test, reported as one`]),
  ];
  return parts.map((part) => (part === "" ? "" : `; ${markdownText(shorten(part, MAX_LINE))}`)).join("");
}

const SHOWN_ROOTS = 5;

/** Memcheck's message, the lost objects and the stacks, as lines of text. */
export function findingStory(finding: ReportedFinding): string {
  const objects = objectsInWords(finding).flatMap(([object, python]) => [object, ...python.map((line) => `    ${line}`)]);
  const others = occurrencesInWords(finding)
    .slice(0, SHOWN_ROOTS)
    .map((line) => `also: ${line}`);
  const further = finding.further.flatMap(({ what, frames }) => [what, ...frames.map(frameLine)]);
  const roots = finding.roots
    .slice(0, SHOWN_ROOTS)
    .map(
      ({ site, blocks, bytes }) =>
        `root: ${shortName(site.function)} (${placeInWords(site)}), ${count(blocks, "block")}, ${count(bytes, "byte")}`,
    );
  const lines = [
    ...(finding.what === "" ? [] : [finding.what]),
    ...roots,
    ...others,
    ...objects,
    ...shownFrames(finding).map(frameLine),
    ...further,
  ];
  return lines.map((line) => shorten(line, MAX_LINE)).join("\n");
}

function frameLine(frame: ReportedFinding["stack"][number]): string {
  const place = frame.file === null ? frame.object : placeInWords(frame);
  return `    ${shortName(frame.function)}${place === null ? "" : ` (${place})`}`;
}
