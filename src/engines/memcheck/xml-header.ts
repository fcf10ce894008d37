// The first elements of memcheck's XML: which protocol, which tool, which process.

import type { EngineEvent } from "../../model/memory-error.ts";
import { integerOf, MalformedXml, parseElement } from "./xml-tree.ts";

export interface Header {
  readonly protocol?: number;
  readonly tool?: string;
  readonly pid?: number;
  readonly parentPid?: number;
}

/** The protocols that memcheck has written since valgrind 3.5. */
const MIN_PROTOCOL = 4;
const MAX_PROTOCOL = 6;

/** Undefined if the element is not part of the header; throws `MalformedXml`. */
export function extendHeader(header: Header, name: string, xml: string): Header | undefined {
  const added = readField(name, xml);
  if (added !== undefined && processOf(header) !== undefined) throw new MalformedXml("the file has it twice");
  return added && { ...header, ...added };
}

function readField(name: string, xml: string): Header | undefined {
  switch (name) {
    case "protocolversion":
      return { protocol: readInteger(name, xml) };
    case "protocoltool":
      return { tool: parseElement(xml).text.trim() };
    case "pid":
      return { pid: readInteger(name, xml) };
    case "ppid":
      return { parentPid: readInteger(name, xml) };
    default:
      return undefined;
  }
}

function readInteger(name: string, xml: string): number {
  return integerOf(parseElement(xml).text.trim(), name);
}

/** Why a file with this header can't be read; undefined if it can so far. `inBody`: other elements follow already. */
export function refusalOf({ protocol, tool }: Header, inBody: boolean): string | undefined {
  if (protocol !== undefined && (protocol < MIN_PROTOCOL || protocol > MAX_PROTOCOL)) {
    return `it follows protocol ${protocol} of valgrind's XML, and only ${MIN_PROTOCOL} to ${MAX_PROTOCOL} are known`;
  }
  if (tool !== undefined && tool !== "memcheck") return `it was written by ${JSON.stringify(tool.slice(0, 40))}, not by memcheck`;
  return inBody && (protocol === undefined || tool === undefined) ? "it does not begin with valgrind's protocol and tool" : undefined;
}

/** Undefined while the header is incomplete. */
export function processOf({ protocol, tool, pid, parentPid }: Header): EngineEvent | undefined {
  if (protocol === undefined || tool === undefined || pid === undefined || parentPid === undefined) return undefined;
  return { type: "process", protocol, tool, pid, parentPid };
}
