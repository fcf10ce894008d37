// How projects without signatures distinguish known errors from new ones: by their unprocessed stacks. Pure.
import { isLeak } from "../../src/findings/segment.ts";
import type { Frame, MemoryError } from "../../src/model/memory-error.ts";

/** Takes the errors of the base; the result decides whether an error is known. */
export type Way = (base: readonly MemoryError[]) => (error: MemoryError) => boolean;

export const SIMPLE_WAYS = {
  "full stack with lines": byKey(({ kind, frames }) => [kind, ...frames.map((frame) => [nameOf(frame), frame.file, frame.line])]),
  // Chromium's memcheck_analyze.py: names and files of all stacks of an error.
  "all function names": byKey(({ kind, frames, auxiliary }) => [
    kind,
    ...[frames, ...auxiliary.map((stack) => stack.frames)].flat().map((frame) => [nameOf(frame), frame.file ?? frame.object]),
  ]),
  "top 3 frames": byKey(({ kind, frames }) => [kind, ...frames.slice(0, 3).map(nameOf)]),
  "suppression file": suppressedBy,
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof SIMPLE_WAYS;

function byKey(keyOf: (error: MemoryError) => unknown): Way {
  const text = (error: MemoryError): string => JSON.stringify(keyOf(error));
  return (base) => {
    const known = new Set(base.map(text));
    return (error) => known.has(text(error));
  };
}

/**
 * The base's errors as `--gen-suppressions=all` prints them: every frame by its function, else its object. A suppression holds for an error of its
 * kind whose innermost frames are the suppression's (valgrind's manual, 2.5).
 */
function suppressedBy(base: readonly MemoryError[]): (error: MemoryError) => boolean {
  const suppressions = new Map<string, (readonly string[])[]>();
  for (const error of base) {
    const lines = linesOf(error);
    suppressions.set(headOf(error), [...(suppressions.get(headOf(error)) ?? []), lines]);
  }
  return (error) => {
    const lines = linesOf(error);
    return suppressions.get(headOf(error))?.some((frames) => frames.every((frame, index) => frame === lines[index])) ?? false;
  };
}

/** Suppressions with different heads never match the same error. */
function headOf({ kind, frames }: MemoryError): string {
  return JSON.stringify([isLeak(kind) ? "Leak" : kind, frames.slice(0, 1).map(nameOf)]);
}

function linesOf({ frames }: MemoryError): readonly string[] {
  return frames.map(nameOf);
}

function nameOf(frame: Frame): string {
  return frame.function ?? frame.object ?? "???";
}
