// Splits valgrind's XML into the children of <valgrindoutput>, in memory that does not grow with the file. Works on bytes and decodes whole
// elements only, so that characters split between two chunks stay intact.

import { ByteWindow } from "./byte-window.ts";
import { findEnd, type Scan } from "./element-end.ts";
import type { XmlPiece } from "./xml-piece.ts";

type Place = { readonly at: "prolog" | "after" | "ignored" } | { readonly at: "between"; readonly stray: boolean } | Inside;

interface Inside extends Scan {
  readonly at: "inside";
  readonly name: string;
  readonly end: Buffer;
  readonly oversized: boolean;
}

interface Step {
  readonly next: Place;
  readonly piece?: XmlPiece;
  /** More bytes are needed. */
  readonly wait?: true;
}

/** Maximum bytes of one element. Memcheck's longest are the counts at the end, 70 bytes for each error. */
const ELEMENT_LIMIT = 16 * 1024 * 1024;
const PROLOG_LIMIT = 1024;
const TAG_LIMIT = 64;
const ROOT = "<valgrindoutput>";
const ROOT_END = "</valgrindoutput>";
const BEFORE_ROOT = /^(?:\xEF\xBB\xBF)?\s*(?:<\?xml[^>]*\?>)?\s*$/;
const START_TAG = /^<([A-Za-z_][\w.-]*)(\/?)>$/;

/** Yields the pieces that each chunk completes. Errors of `chunks` pass through; no content makes it throw. */
export async function* splitXml(chunks: AsyncIterable<Uint8Array>, limit = ELEMENT_LIMIT): AsyncGenerator<readonly XmlPiece[]> {
  const window = new ByteWindow();
  let place: Place = { at: "prolog" };
  for await (const chunk of chunks) {
    window.append(chunk);
    const pieces: XmlPiece[] = [];
    for (let waiting = false; !waiting; ) {
      const step = advance(window, place, limit);
      if (step.piece !== undefined) pieces.push(step.piece);
      place = step.next;
      waiting = step.wait ?? false;
    }
    yield pieces;
  }
  yield atEnd(window, place);
}

function advance(window: ByteWindow, place: Place, limit: number): Step {
  switch (place.at) {
    case "prolog":
      return readProlog(window);
    case "between":
      return readBetween(window, place.stray);
    case "inside":
      return readInside(window, place, limit);
    case "after":
      return readAfter(window);
    case "ignored":
      window.drop(window.bytes.length);
      return { next: place, wait: true };
  }
}

function atEnd(window: ByteWindow, place: Place): XmlPiece[] {
  if (place.at === "prolog") return [foreign(window.bytes)];
  if (place.at === "inside") return [{ kind: "unfinished", name: place.name }];
  return place.at === "between" && window.bytes.length > 0 ? [{ kind: "unfinished" }] : [];
}

function readProlog(window: ByteWindow): Step {
  const head = window.bytes.subarray(0, PROLOG_LIMIT);
  const root = head.indexOf(ROOT);
  if (root < 0 && head.length < PROLOG_LIMIT) return { next: { at: "prolog" }, wait: true };
  const before = root < 0 ? head : head.subarray(0, root);
  if (root < 0 || !BEFORE_ROOT.test(before.toString("latin1"))) return { next: { at: "ignored" }, piece: foreign(before) };
  window.drop(root + ROOT.length);
  return { next: { at: "between", stray: false } };
}

function foreign(start: Buffer): XmlPiece {
  return { kind: "foreign", start: start.toString("utf8", 0, 40) };
}

function readBetween(window: ByteWindow, stray: boolean): Step {
  window.dropBlanks();
  const head = window.bytes.toString("latin1", 0, TAG_LIMIT);
  const tag = head.slice(0, head.indexOf(">") + 1);
  const undecided = head === "" || (head.startsWith("<") && tag === "" && head.length < TAG_LIMIT);
  return undecided ? { next: { at: "between", stray }, wait: true } : readTag(window, tag, stray);
}

function readTag(window: ByteWindow, tag: string, stray: boolean): Step {
  if (tag === ROOT_END) {
    window.drop(tag.length);
    return { next: { at: "after" }, piece: { kind: "closed" } };
  }
  const [, name, empty] = START_TAG.exec(tag) ?? [];
  if (name === undefined) return skipStray(window, stray);
  const end = Buffer.from(empty === "/" ? tag : endTag(name));
  return { next: { at: "inside", name, end, scanned: 0, inCdata: false, oversized: false } };
}

function endTag(name: string): string {
  // The text of --xml-user-comment is not escaped and may contain any tag, but <args> always follows it in this way.
  return name === "usercomment" ? "</usercomment>\n\n<args>" : `</${name}>`;
}

function skipStray(window: ByteWindow, stray: boolean): Step {
  const { offset } = window;
  const next = window.bytes.indexOf("<", 1);
  window.drop(next < 0 ? window.bytes.length : next);
  const step: Step = { next: { at: "between", stray: true } };
  return stray ? step : { ...step, piece: { kind: "stray", offset } };
}

function readInside(window: ByteWindow, place: Inside, limit: number): Step {
  const { name, end, oversized } = place;
  const found = findEnd(window.bytes, end, place);
  const scanned = typeof found === "number" ? found : found.scanned;
  if (scanned > limit && !oversized) {
    return { next: { ...place, oversized: true }, piece: { kind: "oversized", name, offset: window.offset } };
  }
  if (typeof found === "number") return takeElement(window, place, found);
  if (!oversized) return { next: { ...place, ...found }, wait: true };
  window.drop(scanned);
  return { next: { ...place, ...found, scanned: 0 }, wait: true };
}

function takeElement(window: ByteWindow, { name, end, oversized }: Inside, length: number): Step {
  const size = length - end.length + end.indexOf(">") + 1;
  const next: Place = { at: "between", stray: false };
  const step: Step = oversized ? { next } : { next, piece: { kind: "element", name, text: window.bytes.toString("utf8", 0, size) } };
  window.drop(size);
  return step;
}

function readAfter(window: ByteWindow): Step {
  window.dropBlanks();
  const { offset, bytes } = window;
  return bytes.length === 0 ? { next: { at: "after" }, wait: true } : { next: { at: "ignored" }, piece: { kind: "stray", offset } };
}
