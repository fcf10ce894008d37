// Names in a report come from the code under test. They must not draw on a terminal, write markdown or speak to the runner.

/** Control characters, and those that turn the direction of text around or hide in it. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text that changes nothing but what it shows; lines stay lines. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (character === "\n") return character;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Text for the log of a GitHub job, where a line that starts with `::`, or has `##[` anywhere, would be a command to the runner. */
export function logText(text: string): string {
  return printable(text)
    .replace(/^(\s*):(?=:)/gm, "$1:\u200b")
    .replaceAll("##[", "#\u200b#[");
}

/** Text in a paragraph or table cell of GitHub's markdown, with no mark-up, HTML, mention or link in it. */
export function markdownText(text: string): string {
  return quiet(entities(printable(text).replaceAll("\n", " ")).replace(/[\\`*_{}[\]()#+!~$]/g, "\\$&"));
}

function entities(text: string): string {
  return text.replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] ?? character);
}

/** With no mention, link or issue's number that GitHub would make one of. */
function quiet(text: string): string {
  return text
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/(https?|ftp|www)(?=[:.])/gi, "$1\u200b")
    .replace(/#(?=\d)/g, "#\u200b");
}

/** Text as HTML has it, where GitHub reads no markdown, such as in `<summary>`; one line. */
export function htmlText(text: string): string {
  return quiet(entities(printable(text).replaceAll("\n", " ")));
}

/** Text of report.html, also between the quotes of an attribute. */
export function pageText(text: string): string {
  return entities(printable(text)).replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** In HTML, as code: GitHub looks for mentions and links in all other text. */
export function htmlCode(text: string): string {
  return `<code>${htmlText(text)}</code>`;
}

/** Text between backticks, with as many of them as it takes. */
export function markdownCode(text: string): string {
  const line = printable(text).replaceAll("\n", " ");
  const fence = "`".repeat(longestRun(line) + 1);
  const padded = line.startsWith("`") || line.endsWith("`") ? ` ${line} ` : line;
  return line.trim() === "" ? "" : `${fence}${padded}${fence}`;
}

/** Markdown in the cell of a table: GitHub divides cells before it reads what is in them, code included. */
export function markdownCell(markdown: string): string {
  return markdown.replaceAll("|", "\\|");
}

/** Lines in a block of their own that nothing in them can end. */
export function markdownBlock(text: string): string {
  const lines = printable(text).trimEnd();
  const fence = "`".repeat(Math.max(3, longestRun(lines) + 1));
  return `${fence}text\n${lines}\n${fence}`;
}

function longestRun(text: string): number {
  return [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);
}
