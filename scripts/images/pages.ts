// The pictures as pages: a change with an annotation as GitHub shows it, and what a terminal shows. Pure.
import type { Annotation } from "../../src/report/annotations.ts";

export interface Page {
  readonly html: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Narrow, so that the text is readable on a phone. */
const DIFF_WIDTH = 660;
const TERMINAL_WIDTH = 860;
const LINE = 20;

const FONTS = `font: 13px/${LINE}px "DejaVu Sans Mono", monospace;`;

/** @param diff of one file with one hunk, as git writes it; the annotation is shown below its line. */
export function diffPage(diff: string, annotation: Annotation): Page {
  const lines = diffLines(diff);
  const box = `<div class="box"><b>✖ ${escapeHtml(annotation.title)}</b>\n${escapeHtml(annotation.message)}</div>`;
  const at = lines.findIndex(({ after }) => after === annotation.line);
  if (at < 0) throw new Error(`The change has no line ${annotation.line}.`);
  const rows = lines.map(({ kind, before, after, text }) => {
    return `<div class="${kind}"><i>${before ?? ""}</i><i>${after ?? ""}</i>${escapeHtml(text)}</div>`;
  });
  const style = `
    body { margin: 0; background: #fff; color: #1f2328; ${FONTS} }
    main { margin: 10px; border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }
    header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 12px; font-weight: bold; }
    div { white-space: pre; } .old { background: #ffebe9; } .new { background: #dafbe1; }
    i { display: inline-block; width: 30px; padding-right: 8px; text-align: right; font-style: normal; color: #59636e; }
    .box { margin: 6px 10px 8px 44px; border: 1px solid #d1d9e0; border-left: 4px solid #cf222e; border-radius: 6px; padding: 8px 12px;
      white-space: pre-wrap; overflow-wrap: anywhere; } b { color: #cf222e; }`;
  const height = 20 + 37 + lines.length * LINE + 32 + wrappedLines(`${annotation.title}\n${annotation.message}`, 69) * LINE;
  const body = [...rows.slice(0, at + 1), box, ...rows.slice(at + 1)].join("");
  return page(style, `<main><header>${escapeHtml(annotation.file ?? "")}</header>${body}</main>`, DIFF_WIDTH, height);
}

interface DiffLine {
  readonly kind: "same" | "old" | "new";
  /** Its number before the change, and after it; undefined if the line does not exist there. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly text: string;
}

function diffLines(diff: string): readonly DiffLine[] {
  const [head = "", old = "", now = ""] = /^@@ -(\d+),\d+ \+(\d+),\d+ @@.*\n/m.exec(diff) ?? [];
  let [before, after] = [Number(old), Number(now)];
  const lines = diff
    .slice(diff.indexOf(head) + head.length)
    .trimEnd()
    .split("\n");
  return lines.map((text) => {
    if (text.startsWith("-")) return { kind: "old", before: before++, after: undefined, text };
    if (text.startsWith("+")) return { kind: "new", before: undefined, after: after++, text };
    return { kind: "same", before: before++, after: after++, text };
  });
}

/** The first new finding in a terminal's output, and what follows. */
function findingIn(output: string): { readonly finding: string; readonly rest: string } {
  const text = output.replaceAll("\r", "");
  const from = text.search(/^\S*new memory leak/m);
  if (from < 0) throw new Error("The terminal shows no new memory leak.");
  const end = text.indexOf("\n\n", from);
  return { finding: text.slice(from, end), rest: text.slice(end) };
}

/** The first new finding in a terminal's output as README shows it: with one object, the frame of its place, the one below it, and a short command. */
export function readmeSample(output: string): string {
  const lines = plain(findingIn(output).finding).split("\n");
  const end = lines.findIndex((line) => line.trim() === "reproduce:");
  const frames = lines.findIndex((line) => line.startsWith("    "));
  const place = lines[0]?.split(" ").at(-1) ?? "";
  const at = lines.findIndex((line, index) => index > frames && line.endsWith(` ${place}`));
  if (frames < 0 || at < 0 || at >= end) throw new Error("The finding has no command, or its stack has no frame of its place.");
  const command = (lines[end + 1] ?? "").replace(/valgrind .* (\S*python) .* (look \S+)$/, "valgrind … python … $2");
  const object = lines.find((line) => line.startsWith("  lost: ")) ?? "";
  return [...lines.slice(0, 2), object, "    …", ...lines.slice(at - 1, at + 1), "    …", lines[end], command].join("\n");
}

/** Of a terminal's output, the first new finding, and the verdict. */
export function terminalPage(command: string, output: string): Page {
  const { finding, rest } = findingIn(output);
  const [verdict = ""] = /^.*[Nn]ew errors?:.*$|^.*new error.*$/m.exec(rest) ?? [];
  const shown = `$ ${command}\n…\n${withoutSuppression(finding)}\n\n${verdict}`;
  const style = `
    body { margin: 0; background: #fff; }
    pre { margin: 10px; padding: 14px 16px; background: #0d1117; color: #e6edf3; border-radius: 8px; ${FONTS}
      white-space: pre-wrap; overflow-wrap: anywhere; }
    .bold { font-weight: bold; } .dim { color: #8b949e; } .red { color: #ff7b72; } .yellow { color: #d29922; } .green { color: #3fb950; }`;
  return page(style, `<pre>${colored(shown)}</pre>`, TERMINAL_WIDTH, 48 + wrappedLines(plain(shown), 103) * LINE);
}

/** Leaves out the suppression, which is as long as the stack. */
function withoutSuppression(finding: string): string {
  const lines = finding.split("\n");
  const at = lines.findIndex((line) => plain(line).trim() === "suppress:");
  return (at < 0 ? lines : [...lines.slice(0, at + 1), "    …"]).join("\n");
}

function page(style: string, body: string, width: number, height: number): Page {
  return { html: `<!doctype html><meta charset="utf-8"><style>${style}</style>${body}\n`, width, height };
}

/** Breaks lines like a browser: after blanks and hyphens, else anywhere. */
function wrappedLines(text: string, columns: number): number {
  const linesOf = (line: string): number => {
    let [lines, column] = [1, 0];
    for (const word of line.split(/(?<=[ -])/)) {
      if (column > 0 && column + word.trimEnd().length > columns) [lines, column] = [lines + 1, 0];
      column += word.length;
      lines += Math.floor(column / (columns + 1));
      column %= columns + 1;
    }
    return lines;
  };
  return text.split("\n").reduce((sum, line) => sum + linesOf(line), 0);
}

const ESCAPE = "\u001b";

function plain(text: string): string {
  return text.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;?]*[A-Za-z]`, "g"), "");
}

const CLASSES: Readonly<Record<string, string>> = { "1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow" };

/** Text with a terminal's colors as HTML. Each style opens an element, and a reset closes the innermost one. */
function colored(text: string): string {
  return escapeHtml(text).replaceAll(new RegExp(`${ESCAPE}\\[([\\d;?]*)([A-Za-z])`, "g"), (_, code: string, end: string) => {
    if (end !== "m") return "";
    const name = CLASSES[code];
    return name === undefined ? "</span>" : `<span class="${name}">`;
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
