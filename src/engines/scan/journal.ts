// Reads the runner's output for one process in the scan as the same events that memcheck's report gives.

import { readFile, stat } from "node:fs/promises";
import { GROWTH } from "../../findings/segment.ts";
import type { LeakSuppression } from "../../findings/suppression-file.ts";
import type { ReportFault } from "../../model/incomplete.ts";
import type { EngineEvent, MemoryError } from "../../model/memory-error.ts";
import { type Line, parseLine } from "../../probe/protocol.ts";
import { PLANTED } from "../../probe/provide.ts";
import type { Ending } from "../engine.ts";
import type { Symbols } from "./symbols.ts";

type Leak = Extract<Line, { event: "leak" }>;
type Growth = Extract<Line, { event: "growth" }>;

/** Size limit: a test file with ten thousand tests writes 3 MB. The whole file is in memory at once. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Never throws for any content.
 * @param suppressionFor returns the suppression that hides a leak, if there is one. None may hide the planted leak.
 * @param maxFrames that a leak's stack has without tracemalloc's.
 */
export async function* readJournal(
  path: string,
  symbols: Symbols,
  suppressionFor: (error: MemoryError) => LeakSuppression | undefined,
  maxFrames = Number.POSITIVE_INFINITY,
): AsyncGenerator<EngineEvent, Ending> {
  if ((await stat(path)).size > MAX_BYTES) return { complete: false, fault: { code: "report-too-large", limit: MAX_BYTES, unit: "bytes" } };
  const texts = (await readFile(path, "utf8")).split("\n");
  const last = texts.pop();
  const lines = texts.map((text) => ({ text, line: parseLine(text) }));
  await symbols.learn(lines.flatMap(({ line }) => (isLeakLine(line) || isGrowthLine(line) ? line.frames : [])));
  const hidden: LeakSuppression[] = [];
  let fault: ReportFault | undefined = last === "" ? undefined : damaged("its last line is cut off");
  for (const { text, line } of lines) {
    if (isGrowthLine(line)) {
      yield { type: "error", error: growthOf(line, symbols) };
      continue;
    }
    if (!isLeakLine(line)) {
      fault = faultOf(line) ?? fault;
      yield { type: "message", text };
      continue;
    }
    const error = errorOf(line, symbols, maxFrames);
    const suppression = suppressionFor(error);
    if (suppression === undefined) yield { type: "error", error };
    else if (isPlanted(error)) fault = tooWide(suppression);
    else hidden.push(suppression);
  }
  yield* suppressedEvents(hidden);
  return fault === undefined ? { complete: true } : { complete: false, fault };
}

function isLeakLine(line: ReturnType<typeof parseLine>): line is Leak {
  return typeof line === "object" && line.event === "leak";
}

function isGrowthLine(line: ReturnType<typeof parseLine>): line is Growth {
  return typeof line === "object" && line.event === "growth";
}

function faultOf(line: ReturnType<typeof parseLine>): ReportFault | undefined {
  if (line === "unreadable") return damaged("a line of it cannot be read");
  return line?.event === "watch-failed" ? { code: "watch-failed", why: line.why } : undefined;
}

function damaged(detail: string): ReportFault {
  return { code: "report-damaged", detail };
}

function suppressedEvents(hidden: readonly LeakSuppression[]): readonly EngineEvent[] {
  const counts = new Map([...Map.groupBy(hidden, ({ name }) => name)].map(([name, group]) => [name, group.length]));
  return counts.size === 0 ? [] : [{ type: "suppressed", counts }];
}

function isPlanted({ frames }: MemoryError): boolean {
  return frames.some(({ function: name = "" }) => PLANTED.leaks.some((planted) => planted === name));
}

function tooWide({ name, file, line }: LeakSuppression): ReportFault {
  return { code: "suppression-too-wide", name, file, line };
}

function errorOf({ record, blocks, direct, indirect, frames }: Leak, symbols: Symbols, maxFrames: number): MemoryError {
  return {
    unique: `${record}`,
    kind: "Leak_DefinitelyLost",
    what: "",
    frames: framesOf(frames, symbols, maxFrames),
    auxiliary: [],
    record,
    leaked: { bytes: direct + indirect, blocks },
  };
}

/** The same with tracemalloc as without: the signature has frames far out, too. */
function framesOf(places: Leak["frames"], symbols: Symbols, maxFrames: number): MemoryError["frames"] {
  const calls = places.map((place) => symbols.framesAt(place).filter(({ function: name = "" }) => !name.startsWith("tracemalloc_")));
  return calls
    .filter((frames) => frames.length > 0)
    .slice(0, maxFrames)
    .flat();
}

/** The path that keeps the object comes before the stack: both are in the signature. The parentheses keep the name unchanged (frames.ts). */
function growthOf({ blocks, object, path, frames }: Growth, symbols: Symbols): MemoryError {
  const kept = path.length === 0 ? "C code" : path.join(" → ");
  const name = `(${kept} → ${object?.type ?? "memory"})`;
  return {
    unique: name,
    kind: GROWTH,
    what: "",
    references: blocks,
    ...(object !== null && { example: object }),
    frames: [{ address: "0x0", function: name }, ...frames.flatMap((place) => symbols.framesAt(place))],
    auxiliary: [],
  };
}
