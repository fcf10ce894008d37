// Parses one element into a tree. fast-xml-parser reads the XML; this file hides its defaults and leniency from the rest.

import { XMLParser, XMLValidator } from "fast-xml-parser";
import { messageOf } from "../../model/user-error.ts";

export interface XmlNode {
  readonly name: string;
  /** Text and CDATA directly inside, entities replaced, white space as written. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/** Text that is not the expected XML; the message completes "<error> is malformed: ". */
export class MalformedXml extends Error {
  override readonly name = "MalformedXml";
}

const TEXT = "#text";

// By default <unique>0x1a</unique> becomes the number 26, and children are grouped by name: which text owns which stack is lost.
const parser = new XMLParser({ preserveOrder: true, parseTagValue: false, trimValues: false, textNodeName: TEXT, jPath: false });

/** Throws only `MalformedXml`, for anything but one complete element. */
export function parseElement(xml: string): XmlNode {
  // Valgrind never writes one, and its entities would be expanded.
  if (xml.includes("<!DOCTYPE")) throw new MalformedXml("it has a document type");
  validate(xml);
  const [root, ...others] = toNodes(parse(xml));
  if (root === undefined || others.length > 0) throw new MalformedXml("it is not one element");
  return root;
}

/** The parser closes the innermost element at any end tag, whatever its name; the validator does not. */
function validate(xml: string): void {
  const validity = attempt(() => XMLValidator.validate(xml));
  if (validity !== true) throw new MalformedXml(validity.err.msg.slice(0, 200));
}

function parse(xml: string): unknown {
  return attempt(() => parser.parse(xml));
}

function attempt<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (thrown) {
    throw new MalformedXml(messageOf(thrown).slice(0, 200), { cause: thrown });
  }
}

/** The parser returns a list of objects with one key each, the name; its value is again a list, or the text. */
function toNodes(parsed: unknown): XmlNode[] {
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((entry: unknown) => Object.entries(entry ?? {}).map(([name, content]) => toNode(name, content)));
}

function toNode(name: string, content: unknown): XmlNode {
  if (name === TEXT) return { name, text: String(content), children: [] };
  const nodes = toNodes(content);
  const text = nodes
    .filter((node) => node.name === TEXT)
    .map((node) => node.text)
    .join("");
  return { name, text, children: nodes.filter((node) => node.name !== TEXT) };
}

export function childOf(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((child) => child.name === name);
}

/** The text of a child without surrounding white space; undefined if there is no such child. */
export function textOf(node: XmlNode, name: string): string | undefined {
  return childOf(node, name)?.text.trim();
}

/** Throws `MalformedXml` if there is no such child. */
export function requiredText(node: XmlNode, name: string): string {
  const text = textOf(node, name);
  if (text === undefined) throw new MalformedXml(`it has no <${name}>`);
  return text;
}

/** Throws `MalformedXml` for anything but a whole number that a double can hold. */
export function integerOf(text: string, name: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new MalformedXml(`<${name}> is not a whole number: ${JSON.stringify(text.slice(0, 40))}`);
  return value;
}
