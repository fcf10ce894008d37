import { htmlCode, htmlText, markdownBlock, markdownCode, markdownText } from "./escape.ts";
import { type ReportedFinding, shownFrames } from "./report.ts";
import { amountInWords, confidenceInWords, count, kindInWords, objectInWords, placeInWords } from "./words.ts";

/** What a click opens: GitHub reads no markdown in the title, and any in the body. */
export function fold(title: string, body: string, isOpen = false): string {
  return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** A finding in a line, and folded below it all that is known of it. */
export function foldedFinding(finding: ReportedFinding, isOpen = false): string {
  const body = [
    `in ${markdownCode(finding.test.id ?? finding.test.file)}, signature ${markdownCode(finding.signature)}${remarks(finding)}`,
    markdownBlock(story(finding)),
    `Shown again by\n\n${markdownBlock(finding.reproduce)}`,
    ...(finding.suppression === null ? [] : [fold("Suppression", markdownBlock(finding.suppression))]),
  ];
  return fold(headline(finding), body.join("\n\n"), isOpen);
}

/** A finding among very many. */
export function findingLine(finding: ReportedFinding): string {
  const { kind, site, test } = finding;
  const place = site.file === null ? "" : `, ${markdownCode(name(placeInWords(site)))}`;
  return `- ${markdownText(kindInWords(kind))} in ${markdownCode(name(site.function))}${place} (${markdownCode(name(test.file))})${remarks(finding)}`;
}

function headline(finding: ReportedFinding): string {
  const { kind, site, test } = finding;
  const parts = [
    `<b>${htmlText(kindInWords(kind))}</b> in ${htmlCode(name(site.function))}`,
    ...(site.file === null ? [] : [htmlCode(name(placeInWords(site)))]),
    htmlText(amountInWords(finding)),
  ];
  return `${parts.filter((part) => part !== "").join(", ")} (${htmlCode(name(test.file))})`;
}

/** How sure it is, what it was taken for, and what it stands for. */
function remarks(finding: ReportedFinding): string {
  const { match, acceptance, roots } = finding;
  const parts = [
    confidenceInWords(finding),
    ...(match === null || match.pass === "exact"
      ? []
      : [`taken for ${match.segment.slice(0, 3).join(" < ")} of the baseline (${match.pass})`]),
    ...(acceptance === null ? [] : [`accepted until ${acceptance.expires}: ${acceptance.reason}`]),
    ...(roots.length === 0 ? [] : [`${count(roots.length, "leak")} from one test, told as one finding`]),
  ];
  return parts.map((part) => (part === "" ? "" : `; ${markdownText(part)}`)).join("");
}

const SHOWN_ROOTS = 5;

/** What memcheck said, what was lost, and the stacks. */
function story(finding: ReportedFinding): string {
  const objects = finding.objects.map((object) => `lost: ${[objectInWords(object), ...(object.python ?? [])].join("\n    ")}`);
  const further = finding.further.flatMap(({ what, frames }) => [what, ...frames.map(frameLine)]);
  const roots = finding.roots
    .slice(0, SHOWN_ROOTS)
    .map(({ site, blocks, bytes }) => `root: ${site.function} (${placeInWords(site)}), ${count(blocks, "block")}, ${count(bytes, "byte")}`);
  return [...(finding.what === "" ? [] : [finding.what]), ...roots, ...objects, ...shownFrames(finding).map(frameLine), ...further].join(
    "\n",
  );
}

function frameLine(frame: ReportedFinding["stack"][number]): string {
  const place = frame.file === null ? frame.object : placeInWords(frame);
  return `    ${frame.function}${place === null ? "" : ` (${place})`}`;
}

/** The names of templates in C++ can fill pages; the stack has them whole. */
function name(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 160)}…`;
}
