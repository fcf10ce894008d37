// Reads one child of <valgrindoutput> as an event.

import type { EngineEvent } from "../../model/memory-error.ts";
import { escapeRawText, readError } from "./xml-error.ts";
import type { StackReader } from "./xml-stack.ts";
import { childOf, integerOf, MalformedXml, parseElement, requiredText } from "./xml-tree.ts";

/** Undefined for elements that are not about errors: `<args>`, the summaries of protocol 6, … Throws `MalformedXml`. */
export function readEvent(name: string, text: string, stackReader: StackReader): EngineEvent | undefined {
  switch (name) {
    case "error":
      return { type: "error", error: readError(text, stackReader) };
    case "status":
      return readStatus(text);
    case "clientmsg":
      return readMessage(text);
    case "suppcounts":
      return { type: "suppressed", counts: readCounts(text) };
    default:
      return undefined;
  }
}

function readStatus(text: string): EngineEvent {
  const state = requiredText(parseElement(text), "state");
  if (state !== "RUNNING" && state !== "FINISHED") throw new MalformedXml(`its state is ${JSON.stringify(state.slice(0, 40))}`);
  return { type: "state", state };
}

/** Valgrind indents the end tag by two blanks, which are not the program's, and a message usually ends with a line break. */
function readMessage(text: string): EngineEvent {
  const node = parseElement(escapeRawText(text));
  const message = childOf(node, "text");
  if (message === undefined) throw new MalformedXml("it has no <text>");
  return { type: "message", text: message.text.replace(/\n? {2}$/, "") };
}

function readCounts(text: string): ReadonlyMap<string, number> {
  const pairs = parseElement(text).children;
  return new Map(pairs.map((pair) => [requiredText(pair, "name"), integerOf(requiredText(pair, "count"), "count")]));
}
