// What the tests of memcheck's XML share: recorded files, and streams of bytes in chunks of any sizes.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Ending } from "../../../src/engines/engine.ts";
import { readMemcheckXml } from "../../../src/engines/memcheck/xml-reader.ts";
import type { EngineEvent, MemoryError } from "../../../src/model/memory-error.ts";

export interface Report {
  readonly events: readonly EngineEvent[];
  readonly ending: Ending;
}

export function recorded(name: string): Uint8Array {
  return readFileSync(new URL(`xml/${name}.xml`, import.meta.url));
}

/** The bytes in chunks of these sizes, over and over. */
export async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

/** Sizes to cut into chunks by: sometimes tiny, sometimes large, mostly mixed. */
export const chunkSizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 5000 })), { minLength: 1 });

export async function readReport(content: Uint8Array | string, sizes: readonly number[] = [65_536]): Promise<Report> {
  const events: EngineEvent[] = [];
  const reading = readMemcheckXml(inChunks(Buffer.from(content), sizes));
  for (let step = await reading.next(); ; step = await reading.next()) {
    if (step.done) return { events, ending: step.value };
    events.push(step.value);
  }
}

export function errorsOf({ events }: Report): readonly MemoryError[] {
  return events.flatMap((event) => (event.type === "error" ? [event.error] : []));
}

export function messagesOf({ events }: Report): readonly string[] {
  return events.flatMap((event) => (event.type === "message" ? [event.text] : []));
}

/** Empty for a whole file. */
export function reasonOf({ ending }: Report): string {
  return ending.complete || ending.fault.code !== "report-damaged" ? "" : ending.fault.detail;
}

const HEADER =
  '<?xml version="1.0"?>\n\n<valgrindoutput>\n\n<protocolversion>4</protocolversion>\n<protocoltool>memcheck</protocoltool>\n\n';

/** A whole file with this body. */
export function fileWith(body: string): string {
  return `${HEADER}<pid>2</pid>\n<ppid>1</ppid>\n<tool>memcheck</tool>\n${body}\n</valgrindoutput>\n`;
}

/** An `<error>` with a unique number, a thread and a kind, and whatever else. */
export function errorWith(rest: string): string {
  return `<error>\n  <unique>0x1a</unique>\n  <tid>1</tid>\n  <kind>InvalidRead</kind>\n${rest}\n</error>\n`;
}

export const WHAT = "  <what>Invalid read of size 1</what>\n";

/** A `<stack>` with frames of nothing but these addresses. */
export function stackOf(...addresses: string[]): string {
  return `  <stack>\n${addresses.map((address) => `    <frame>\n      <ip>${address}</ip>\n    </frame>\n`).join("")}  </stack>\n`;
}
