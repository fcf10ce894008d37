// Reads lifecycle.c's output as errors, one for each stack that leaves blocks behind with each interpreter.

import type { Incomplete } from "../../model/incomplete.ts";
import type { MemoryError } from "../../model/memory-error.ts";
import { type Line, parseLine } from "../../probe/protocol.ts";
import { PLANTED } from "../../probe/provide.ts";
import type { Symbols } from "../scan/symbols.ts";

/** Memory that each interpreter leaves behind. The prefix is that of all leaks, whose signatures use the allocation's stack. */
export const LEFT_BY_INTERPRETER = "Leak_PerInterpreter";

export type LifecycleJournal =
  | { readonly kind: "whole"; readonly errors: readonly MemoryError[] }
  | { readonly kind: "unusable"; readonly why: Incomplete };

type Left = Extract<Line, { event: "left" }>;

/** The planted leak proves that the rounds were watched; without it, a missing leak means nothing. */
export async function readLifecycleJournal(text: string, symbols: Symbols): Promise<LifecycleJournal> {
  const parsed = text.split("\n").flatMap((line) => parseLine(line) ?? []);
  const lines = parsed.flatMap((line) => (line === "unreadable" ? [] : [line]));
  const failed = lines.find((line) => line.event === "watch-failed");
  if (lines.length < parsed.length) return unusable({ code: "report-damaged", detail: "a line of it cannot be read" });
  if (failed !== undefined) return unusable({ code: "watch-failed", why: failed.why });
  if (lines.at(-1)?.event !== "rounds") return unusable({ code: "report-partial" });
  const left = lines.filter((line) => line.event === "left").toSorted(byAmount);
  await symbols.learn(left.flatMap(({ frames }) => frames));
  const errors = left.map((one, index) => errorOf(one, index, symbols));
  if (!errors.some(isPlanted)) return unusable({ code: "proof-missing", proof: "leak" });
  return { kind: "whole", errors: errors.filter((error) => !isPlanted(error)) };
}

/** The lines are ordered by addresses, which differ each time; a finding shows the first of its stacks. */
function byAmount(one: Left, other: Left): number {
  const [frames, others] = [one, other].map((left) => JSON.stringify(left.frames));
  return other.blocks - one.blocks || `${frames}`.localeCompare(`${others}`);
}

function unusable(why: Incomplete): LifecycleJournal {
  return { kind: "unusable", why };
}

function isPlanted({ frames }: MemoryError): boolean {
  return frames.some(({ function: name }) => name === PLANTED.leaks[0]);
}

function errorOf({ blocks, bytes, frames }: Left, index: number, symbols: Symbols): MemoryError {
  return {
    unique: `${index}`,
    kind: LEFT_BY_INTERPRETER,
    what: "",
    frames: frames.flatMap((place) => symbols.framesAt(place)),
    auxiliary: [],
    leaked: { bytes, blocks },
  };
}
