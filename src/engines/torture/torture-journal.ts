import type { EngineEvent } from "../../model/memory-error.ts";
import { parseLine } from "../../probe/protocol.ts";
import type { Ending } from "../engine.ts";
import { readJournal } from "../scan/journal.ts";
import type { Symbols } from "../scan/symbols.ts";
import { errorOf } from "./error-path.ts";
import type { TortureCounts } from "./torture-lines.ts";

/** Reads the runner's output for one test file as the same events that memcheck's report gives. Never throws for any content. */
export async function* readTortureJournal(
  path: string,
  symbols: Symbols,
  take: (line: TortureCounts) => void,
): AsyncGenerator<EngineEvent, Ending> {
  const { events, ending } = await readAll(readJournal(path, symbols, () => undefined));
  const read = events.map((event) => ({ event, line: lineOf(event) }));
  // All at once: addr2line reads a file's debug information on each start.
  await symbols.learn(read.flatMap(({ line }) => (line?.event === "torture-finding" ? [...line.failed, ...(line.frames ?? [])] : [])));
  let isWhole = false;
  for (const { event, line } of read) {
    isWhole ||= line?.event === "torture-end";
    if (line?.event === "torture-finding") yield { type: "error", error: errorOf(line, (place) => symbols.framesAt(place)) };
    else if (line?.event === "torture-plan" || line?.event === "torture-end") take(line);
    else yield event;
  }
  if (isWhole || !ending.complete) return ending;
  return { complete: false, fault: { code: "report-damaged", detail: "it does not say what was tried" } };
}

function lineOf(event: EngineEvent) {
  const line = event.type === "message" ? parseLine(event.text) : undefined;
  return line === "unreadable" ? undefined : line;
}

async function readAll(reading: AsyncGenerator<EngineEvent, Ending>): Promise<{ events: readonly EngineEvent[]; ending: Ending }> {
  const events: EngineEvent[] = [];
  for (let step = await reading.next(); ; step = await reading.next()) {
    if (step.done) return { events, ending: step.value };
    events.push(step.value);
  }
}
