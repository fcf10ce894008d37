import type { MemcheckError } from "../memcheck/error.ts";
import { normalizeFrames } from "./frames.ts";
import { isAllocator, isBoundary, isTrampoline } from "./vocabulary.ts";

const LEAK_FRAMES = 12;

/** Valgrind takes two errors for the same when the addresses of their four innermost frames are; what is below is an accident of the tests' order. */
const ERROR_FRAMES = 4;

export function isLeak(kind: string): boolean {
  return kind.startsWith("Leak_");
}

/** The part of an error's stack that says what the error is, innermost first: what stays when the code around it is called differently. */
export function segmentOf(error: MemcheckError): readonly string[] {
  return isLeak(error.kind) ? leakSegment(error) : errorSegment(error);
}

/**
 * From the function that allocated up to the one that Python code called. Recursion folds: of each name the first occurrence stays. How the
 * call got from the eval loop to that function is the interpreter's choice, and changes when code gets hot. Where nothing but allocators and
 * trampolines is there (`type_call` made an instance), those are the segment.
 */
function leakSegment(error: MemcheckError): readonly string[] {
  const frames = normalizeFrames(error.frames);
  const boundary = frames.findIndex(({ name }) => isBoundary(name));
  const names = unique((boundary < 1 ? frames : frames.slice(0, boundary)).map(({ name }) => name));
  const start = names.findIndex((name) => !isAllocator(name) && !isTrampoline(name));
  if (start === -1) return names.slice(0, LEAK_FRAMES);
  const end = names.findLastIndex((name) => !isTrampoline(name));
  return names.slice(start, end + 1).slice(0, LEAK_FRAMES);
}

function errorSegment(error: MemcheckError): readonly string[] {
  return unique(normalizeFrames(innermostFrames(error)).map(({ name }) => name));
}

/** The frames of the first addresses; neighbours with one address are one frame and what the compiler inlined into it. */
function innermostFrames({ frames }: MemcheckError): MemcheckError["frames"] {
  const starts = frames.flatMap(({ address }, index) => (address === frames[index - 1]?.address ? [] : [index]));
  return frames.slice(0, starts[ERROR_FRAMES] ?? frames.length);
}

function unique<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}
