// The text of an <error> -> MemoryError. The rules are valgrind's docs/internals/xml-output-protocol4.txt and 5.

import type { AuxiliaryStack, Frame, MemoryError } from "../../model/memory-error.ts";
import { detached, type StackReader } from "./xml-stack.ts";
import { childOf, integerOf, MalformedXml, parseElement, requiredText, textOf, type XmlNode } from "./xml-tree.ts";

/** An error's text without its two long parts: each `<stack>` has a number instead of frames, and the suppression is removed. */
interface Skeleton {
  readonly xml: string;
  readonly stacks: readonly string[];
  readonly suppression: string | undefined;
}

type FramesOf = (stack: XmlNode) => readonly Frame[];

/** Throws `MalformedXml`. */
export function readError(text: string, stackReader: StackReader): MemoryError {
  const { xml, stacks, suppression } = takeApart(text);
  const node = parseElement(escapeRawText(xml));
  const framesOf: FramesOf = (stack) => stackReader.read(stacks[integerOf(stack.text, "stack")] ?? "");
  const leaked = readLeaked(node);
  const what = readWhat(node);
  const record = leaked && recordNumber(what);
  return {
    unique: requiredText(node, "unique"),
    kind: requiredText(node, "kind"),
    // For a loss record, the sentence only has the numbers.
    what: leaked === undefined ? what : "",
    ...readStacks(node, framesOf),
    ...(leaked !== undefined && { leaked }),
    ...(record !== undefined && { record }),
    ...(suppression !== undefined && { suppression: readSuppression(suppression) }),
  };
}

/**
 * Valgrind does not escape thread names (Python 3.14 sets them: "Thread-1 (<lambda>)"), paths of file descriptors, and texts with such a path.
 * Each is on a separate line.
 */
export function escapeRawText(xml: string): string {
  const line = /^( *<(threadname|path|what)>)(.*)(<\/\2>)$/gm;
  return xml.replace(line, (_line, start: string, _name, raw: string, end: string) => start + escapeText(raw) + end);
}

/** Keeps the escapes that valgrind makes elsewhere. */
function escapeText(raw: string): string {
  const ampersands = raw.replace(/&(?!(?:amp|lt|gt);)/g, "&amp;");
  return ampersands.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function takeApart(text: string): Skeleton {
  const cut = text.indexOf("<suppression>");
  const [start, ...parts] = (cut < 0 ? text : `${text.slice(0, cut)}</error>`).split("<stack>");
  const ends = parts.map((part) => part.indexOf("</stack>"));
  if (ends.includes(-1)) throw new MalformedXml("a <stack> does not end");
  return {
    xml: start + parts.map((part, index) => `<stack>${index}${part.slice(ends[index])}`).join(""),
    stacks: parts.map((part, index) => part.slice(0, ends[index])),
    suppression: cut < 0 ? undefined : text.slice(cut),
  };
}

/** Most errors have one line of text, some have two. */
function readWhat(node: XmlNode): string {
  const lines = node.children.filter(({ name }) => name === "what" || name === "xwhat").map(lineOf);
  if (lines.length === 0) throw new MalformedXml("it has no <what>");
  return lines.join("\n");
}

/** `… are definitely lost in loss record 1,024 of 2,048`; newer valgrinds say `new loss record`. */
function recordNumber(what: string): number | undefined {
  const digits = /loss record ([\d,]+) of/.exec(what)?.[1]?.replaceAll(",", "");
  return digits === undefined ? undefined : Number(digits);
}

/** From `<what>`, or from `<xwhat>`, whose line is in a `<text>`. */
function lineOf(node: XmlNode): string {
  return textOf(node, "text") ?? node.text.trim();
}

/** The first stack is the error's own unless a text comes before it; each further stack belongs to the preceding text. */
function readStacks(node: XmlNode, framesOf: FramesOf): { frames: readonly Frame[]; auxiliary: AuxiliaryStack[] } {
  let frames: readonly Frame[] | undefined;
  const auxiliary: AuxiliaryStack[] = [];
  for (const child of node.children.flatMap(unfoldOrigin)) {
    const last = auxiliary.at(-1);
    if (/^x?auxwhat$/.test(child.name)) auxiliary.push({ what: lineOf(child), frames: [] });
    else if (child.name !== "stack") continue;
    else if (frames === undefined && last === undefined) frames = framesOf(child);
    else if (last?.frames.length === 0) auxiliary.splice(-1, 1, { what: last.what, frames: framesOf(child) });
    else auxiliary.push({ what: "", frames: framesOf(child) });
  }
  return { frames: frames ?? [], auxiliary };
}

/** Old versions put the origin of an uninitialised value, a text and a stack, into a separate element. */
function unfoldOrigin(node: XmlNode): readonly XmlNode[] {
  if (node.name !== "origin") return [node];
  return node.children.map((child) => (child.name === "what" ? { ...child, name: "auxwhat" } : child));
}

function readLeaked(node: XmlNode): MemoryError["leaked"] {
  const xwhat = node.children.find((child) => childOf(child, "leakedbytes") ?? childOf(child, "leakedblocks"));
  if (xwhat === undefined) return undefined;
  const read = (name: string): number => integerOf(requiredText(xwhat, name), name);
  return { bytes: read("leakedbytes"), blocks: read("leakedblocks") };
}

/** The raw text is complete; the tags before it repeat it. */
function readSuppression(xml: string): string {
  const start = xml.indexOf("<rawtext>");
  if (start < 0) throw new MalformedXml("its <suppression> has no <rawtext>");
  const end = xml.lastIndexOf("</rawtext>");
  return detached(parseElement(`${xml.slice(start, end)}</rawtext>`).text.trim());
}
