// What the runner writes of one process in the scan -> the same events as memcheck's report gives.

import { readFile, stat } from "node:fs/promises";
import * as v from "valibot";
import type { LeakSuppression } from "../../findings/suppression-file.ts";
import type { MemcheckError, MemcheckEvent } from "../../model/memory-error.ts";
import { MARK, PLANTED } from "../../probe/provide.ts";
import type { Ending } from "../engine.ts";
import type { Place, Symbols } from "./symbols.ts";

const LeakSchema = v.object({
  event: v.literal("leak"),
  record: v.number(),
  /** Blocks that no other lost block points to, and their bytes. */
  blocks: v.number(),
  direct: v.number(),
  /** Bytes that only they hold. */
  indirect: v.number(),
  frames: v.array(v.tuple([v.nullable(v.string()), v.number()])),
});

const TroubleSchema = v.object({ event: v.literal("trouble"), what: v.string() });

const LineSchema = v.pipe(v.string(), v.parseJson(), v.variant("event", [LeakSchema, TroubleSchema]));

type Leak = v.InferOutput<typeof LeakSchema>;

/** A test file with ten thousand tests writes 3 MB. All of it is in memory at once. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Never throws for what the file holds. Lines that say neither a leak nor trouble are the runner's marks, as in memcheck's report.
 * @param suppressionFor the suppression that hides a leak, if there is one. None may hide the leak that is planted.
 */
export async function* readJournal(
  path: string,
  symbols: Symbols,
  suppressionFor: (error: MemcheckError) => LeakSuppression | undefined,
): AsyncGenerator<MemcheckEvent, Ending> {
  if ((await stat(path)).size > MAX_BYTES) return { complete: false, reason: `it is longer than ${MAX_BYTES} bytes` };
  const lines = (await readFile(path, "utf8")).split("\n");
  const last = lines.pop();
  const leaks = lines.map(leakOf);
  await symbols.learn(leaks.flatMap(placesOf));
  const hidden: LeakSuppression[] = [];
  let reason = last === "" ? undefined : "its last line is cut off";
  for (const [index, text] of lines.entries()) {
    const event = eventOf(text, leaks[index], symbols);
    const suppression = event.type === "error" ? suppressionFor(event.error) : undefined;
    if (event.type === "trouble") reason = event.what;
    else if (suppression === undefined) yield event;
    else if (event.type === "error" && isPlanted(event.error)) reason = describeHiding(suppression);
    else hidden.push(suppression);
  }
  yield* suppressedEvents(hidden);
  return reason === undefined ? { complete: true } : { complete: false, reason };
}

type JournalEvent = Extract<MemcheckEvent, { type: "message" | "error" }> | { readonly type: "trouble"; readonly what: string };

function eventOf(text: string, line: v.InferOutput<typeof LineSchema> | undefined, symbols: Symbols): JournalEvent {
  if (line === undefined) return { type: "message", thread: 1, text };
  return line.event === "trouble" ? { type: "trouble", what: line.what } : { type: "error", error: errorOf(line, symbols) };
}

function placesOf(line: v.InferOutput<typeof LineSchema> | undefined): readonly Place[] {
  return line?.event === "leak" ? line.frames : [];
}

function suppressedEvents(hidden: readonly LeakSuppression[]): readonly MemcheckEvent[] {
  const counts = new Map([...Map.groupBy(hidden, ({ name }) => name)].map(([name, group]) => [name, group.length]));
  return counts.size === 0 ? [] : [{ type: "suppressed", counts }];
}

function isPlanted({ frames }: MemcheckError): boolean {
  return frames.some(({ function: name = "" }) => PLANTED.leaks.some((planted) => planted === name));
}

function describeHiding({ name, file, line }: LeakSuppression): string {
  return `the suppression \`${name}\` (${file}, line ${line}) hides the leak that was planted in it, and so any other: make it narrower`;
}

function leakOf(text: string): v.InferOutput<typeof LineSchema> | undefined {
  if (!/^\S+ \{"event": "(leak|trouble)"/.test(text)) return undefined;
  const parsed = v.safeParse(LineSchema, text.slice(MARK.length));
  return parsed.success ? parsed.output : { event: "trouble", what: "a line of it cannot be read" };
}

/** In memcheck's words: what is said of a leak does not depend on who found it. */
function errorOf({ record, blocks, direct, indirect, frames }: Leak, symbols: Symbols): MemcheckError {
  const bytes = direct + indirect;
  const amount = indirect === 0 ? `${bytes}` : `${bytes} (${direct} direct, ${indirect} indirect)`;
  return {
    unique: `${record}`,
    thread: 1,
    kind: "Leak_DefinitelyLost",
    what: `${amount} bytes in ${blocks} blocks are definitely lost in loss record ${record} of 0`,
    frames: frames.flatMap((place) => symbols.framesAt(place)),
    auxiliary: [],
    leaked: { bytes, blocks },
  };
}
