// Events as in memcheck's report of one process.

import { type LeakCheck, type Observed, ProcessReport } from "../../src/engines/process-report.ts";
import type { EngineEvent, MemoryError } from "../../src/model/memory-error.ts";
import { MARK, PROTOCOL_VERSION } from "../../src/probe/protocol.ts";
import { PLANTED } from "../../src/probe/provide.ts";
import { error, leak } from "./builders.ts";

export const RUNNING: EngineEvent = { type: "state", state: "RUNNING" };
export const FINISHED: EngineEvent = { type: "state", state: "FINISHED" };

export function says(text: string): EngineEvent {
  return { type: "message", text };
}

/** A line that our runner writes. */
export function mark(event: string, fields: Readonly<Record<string, unknown>> = {}): EngineEvent {
  const version = event === "file-start" ? { protocol: PROTOCOL_VERSION } : {};
  return says(MARK + JSON.stringify({ event, ...version, ...fields }));
}

export function found(one: MemoryError): EngineEvent {
  return { type: "error", error: one };
}

/** A leak as a live check reports it, by the number of its record. */
export function leaked(name: string, record: number): EngineEvent {
  return found({ ...leak(`malloc < ${name}`), record });
}

/** Errors that the probe makes on purpose, which memcheck must report. */
export const PLANTED_EVENTS: readonly EngineEvent[] = [
  found(error({ frames: leak(`${PLANTED.read} < plant_errors`).frames })),
  found(leak(`malloc < ${PLANTED.leaks[0]} < plant_errors`)),
];

/** What a process reported, and the errors in it. */
export interface Reading {
  readonly report: ProcessReport;
  readonly observed: readonly Observed[];
}

export function readEvents(leakCheck: LeakCheck, ...events: readonly EngineEvent[]): Reading {
  const report = new ProcessReport(leakCheck);
  return { report, observed: events.flatMap((event) => report.take(event)) };
}

/** `function in test` of each error. */
export const attributions = ({ observed }: Reading): string[] =>
  observed.map(({ error: { frames }, testId }) => `${frames.find((frame) => frame.function !== "malloc")?.function} in ${testId}`);
