// Names in a report come from the code under test. They must not control a terminal, add markdown or send commands to the runner.

/** Control characters, and characters that change the text direction or are invisible. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Removes everything but visible text; line breaks stay, and tabs become spaces. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (character === "\n") return character;
    if (character === "\t") return "    ";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Text for the log of a GitHub job, where a line that starts with `::`, or contains `##[`, would be a command to the runner. */
export function logText(text: string): string {
  return printable(text)
    .replace(/^(\s*):(?=:)/gm, "$1:\u200b")
    .replaceAll("##[", "#\u200b#[");
}

/** Text in a paragraph or table cell of GitHub's markdown, without markup, HTML, mentions, links or emoji. */
export function markdownText(text: string): string {
  return quiet(withoutEmoji(entities(printable(text).replaceAll("\n", " "))).replace(/[\\`*_{}[\]()#+!~$]/g, "\\$&"));
}

function entities(text: string): string {
  return text.replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] ?? character);
}

function quietLine(text: string): string {
  return quiet(entities(printable(text).replaceAll("\n", " ")));
}

/** GitHub makes an emoji of `:key:`, also within `ext::key::take`, but not in code. */
function withoutEmoji(text: string): string {
  return text.replace(/:(?=[\w+-]+:)/g, ":\u200b");
}

/** Without anything that GitHub would turn into a mention, link or issue reference. */
function quiet(text: string): string {
  return text
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/(https?|ftp|www)(?=[:.])/gi, "$1\u200b")
    .replace(/#(?=\d)/g, "#\u200b")
    .replace(/\bgh-(?=\d)/gi, "$&\u200b");
}

/** Text for HTML, where GitHub reads no markdown, such as in `<summary>`; one line. */
export function htmlText(text: string): string {
  return withoutEmoji(quietLine(text));
}

/** Text for report.html, including quoted attribute values. */
export function pageText(text: string): string {
  return entities(printable(text)).replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** Code in HTML: GitHub looks for mentions and links in all other text. */
export function htmlCode(text: string): string {
  return `<code>${quietLine(text)}</code>`;
}

/** Text between as many backticks as needed. */
export function markdownCode(text: string): string {
  const line = printable(text).replaceAll("\n", " ");
  const fence = "`".repeat(longestRun(line) + 1);
  const padded = line.startsWith("`") || line.endsWith("`") ? ` ${line} ` : line;
  return line.trim() === "" ? "" : `${fence}${padded}${fence}`;
}

/** Markdown in a table cell: GitHub splits cells before it parses their content, code included. */
export function markdownCell(markdown: string): string {
  return markdown.replaceAll("|", "\\|");
}

/** A fenced block that its content can't close. */
export function markdownBlock(text: string): string {
  const lines = printable(text).trimEnd();
  const fence = "`".repeat(Math.max(3, longestRun(lines) + 1));
  return `${fence}text\n${lines}\n${fence}`;
}

function longestRun(text: string): number {
  return [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);
}
