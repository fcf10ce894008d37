// Reads the text of a <stack> as frames.

import type { Frame } from "../../model/memory-error.ts";
import { integerOf, MalformedXml, parseElement, requiredText, textOf, type XmlNode } from "./xml-tree.ts";

/** The report of a small Python program has a thousand different frames, of 250 characters; an entry takes about 1 KB. */
const CACHED_FRAMES = 20_000;
const CACHED_LENGTH = 1_024;
/** Valgrind keeps at most 500 frames, plus the functions inlined into them. */
const MAX_FRAMES = 5_000;
const FRAME_END = "</frame>";

/**
 * Reads stacks and caches frames by their text. Nine tenths of memcheck's XML are frames, mostly the same thousand repeated, and the parser
 * reads and validates only 7 MB/s: with the cache, a file is read seven times as fast. Equal frames are one object, so many errors take little
 * memory. Measured by `bench/xml.ts`.
 */
export class StackReader {
  readonly #frames = new Map<string, Frame>();

  /** Reads the text between `<stack>` and `</stack>`; throws `MalformedXml`. */
  read(body: string): Frame[] {
    const texts = body.split(FRAME_END);
    if (texts.length > MAX_FRAMES) throw new MalformedXml(`a <stack> has more than ${MAX_FRAMES} frames`);
    if (texts.pop()?.trim() !== "") throw new MalformedXml("a <stack> holds something else than <frame>");
    return texts.map((text) => this.#frames.get(text) ?? this.#remember(text));
  }

  #remember(text: string): Frame {
    const frame = toFrame(parseElement(text.trimStart() + FRAME_END));
    if (text.length > CACHED_LENGTH) return frame;
    // Clearing it is cheap: the frames in use are back within a few errors.
    if (this.#frames.size >= CACHED_FRAMES) this.#frames.clear();
    this.#frames.set(detached(text), frame);
    return frame;
  }
}

/** A copy, since a substring keeps the whole text of the error in memory. */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}

function toFrame(node: XmlNode): Frame {
  if (node.name !== "frame") throw new MalformedXml("a <stack> holds something else than <frame>");
  const [object, name, directory, file, line] = ["obj", "fn", "dir", "file", "line"].map((tag) => textOf(node, tag));
  return {
    address: requiredText(node, "ip"),
    ...(object !== undefined && { object }),
    ...(name !== undefined && { function: name }),
    ...(directory !== undefined && { directory }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line: integerOf(line, "line") }),
  };
}
