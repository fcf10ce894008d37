// Reads a stream of memcheck's XML as typed events, and tells whether the file was complete.

import type { ReportFault } from "../../model/incomplete.ts";
import type { EngineEvent } from "../../model/memory-error.ts";
import type { Ending } from "../engine.ts";
import { readEvent } from "./xml-event.ts";
import { extendHeader, type Header, processOf, refusalOf } from "./xml-header.ts";
import type { XmlPiece } from "./xml-piece.ts";
import { splitXml } from "./xml-splitter.ts";
import { StackReader } from "./xml-stack.ts";
import { MalformedXml } from "./xml-tree.ts";

/**
 * Throws only errors of `chunks`, never for any content: malformed elements are left out and named at the end. A forked child's file has no
 * RUNNING; the file of a process that executed another program is cut off after its start.
 */
export async function* readMemcheckXml(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EngineEvent, Ending> {
  const reading = new Reading();
  for await (const pieces of splitXml(chunks)) {
    for (const piece of pieces) {
      const event = reading.take(piece);
      if (event !== undefined) yield event;
      if (reading.refusal !== undefined) return { complete: false, fault: damaged(reading.refusal) };
    }
  }
  return reading.ending();
}

const BETWEEN_ELEMENTS = "between two elements";

/** The state of a file while its pieces are read. */
class Reading {
  /** Why the file can't be read. */
  refusal: string | undefined;
  readonly #stackReader = new StackReader();
  readonly #problems = { first: "", more: 0 };
  #header: Header = {};
  #last = "nothing";
  #openEnd: string | undefined = BETWEEN_ELEMENTS;

  take(piece: XmlPiece): EngineEvent | undefined {
    switch (piece.kind) {
      case "element":
        return this.#takeElement(piece.name, piece.text);
      case "closed":
        this.#openEnd = undefined;
        return undefined;
      case "unfinished":
        this.#openEnd = piece.name === undefined ? "inside of a tag" : `inside of <${piece.name}>`;
        return undefined;
      case "foreign":
        this.refusal = describeForeign(piece.start);
        return undefined;
      case "stray":
        return this.#complain(`something else than XML elements stands at byte ${piece.offset}`);
      case "oversized":
        return this.#complain(`the <${piece.name}> at byte ${piece.offset} is too large to be memcheck's`);
    }
  }

  ending(): Ending {
    const { first, more } = this.#problems;
    const reasons = [
      this.#openEnd !== undefined && `it is cut off ${this.#openEnd}; the last thing read was ${this.#last}`,
      this.#openEnd === undefined && processOf(this.#header) === undefined && "it does not say which process it is about",
      first !== "" && (more === 0 ? first : `${first} (and ${more} more problems)`),
    ].filter((reason) => reason !== false);
    if (reasons.length === 0) return { complete: true };
    const stopsEarly = this.#openEnd === BETWEEN_ELEMENTS && first === "";
    return { complete: false, fault: damaged(reasons.join("; ")), ...(stopsEarly && { stopsEarly }) };
  }

  #takeElement(name: string, text: string): EngineEvent | undefined {
    try {
      const event = this.#readElement(name, text);
      // Valgrind 3.19 writes each suppression twice: inside its error and after it.
      if (name !== "suppression") this.#last = describe(name, event);
      return event;
    } catch (thrown) {
      if (!(thrown instanceof MalformedXml)) throw thrown;
      return this.#complain(`${labelOf(name, text)} is malformed: ${thrown.message}`);
    }
  }

  #readElement(name: string, text: string): EngineEvent | undefined {
    // A missing end tag must not hide errors in skipped elements; only the user's comment may contain anything.
    if (name !== "error" && name !== "usercomment" && text.includes("<error>")) throw new MalformedXml("it holds an <error>");
    const header = extendHeader(this.#header, name, text);
    this.refusal = refusalOf(header ?? this.#header, header === undefined);
    if (this.refusal !== undefined) return undefined;
    if (header === undefined) return readEvent(name, text, this.#stackReader);
    this.#header = header;
    return processOf(header);
  }

  #complain(problem: string): undefined {
    if (this.#problems.first === "") this.#problems.first = problem;
    else this.#problems.more++;
  }
}

function damaged(detail: string): ReportFault {
  return { code: "report-damaged", detail };
}

function describeForeign(start: string): string {
  return start === "" ? "it is empty" : `it is not valgrind's XML: it begins with ${JSON.stringify(start)}`;
}

function describe(name: string, event: EngineEvent | undefined): string {
  if (event?.type === "error") return `<error> ${event.error.unique} (${event.error.kind})`;
  return event?.type === "state" ? `<status> ${event.state}` : `<${name}>`;
}

/** With memcheck's tag, if it can be found. */
function labelOf(name: string, text: string): string {
  const [, unique] = /<unique>(\w{1,20})<\/unique>/.exec(text) ?? [];
  return unique === undefined ? `<${name}>` : `<${name}> ${unique}`;
}
