import type { MemcheckError } from "../memcheck/error.ts";
import { type NormalFrame, normalizeFrames } from "./frames.ts";
import { isAllocator, isBoundary, isTrampoline } from "./vocabulary.ts";

const LEAK_FRAMES = 12;

/** Valgrind takes two errors for the same when their four innermost addresses are; what is below is an accident of the tests' order. */
const ERROR_ADDRESSES = 4;

export function isLeak(kind: string): boolean {
  return kind.startsWith("Leak_");
}

/** The part of an error's stack that says what the error is, innermost first: what stays when the code around it is called differently. */
export function segmentOf(error: MemcheckError): readonly string[] {
  return isLeak(error.kind) ? leakSegment(error) : errorSegment(error);
}

/**
 * From the function that allocated up to the Python code that called it. Recursion folds: of each name the first occurrence stays. Where
 * nothing but allocators and trampolines is there (`type_call` made an instance), those are the segment.
 */
function leakSegment(error: MemcheckError): readonly string[] {
  const frames = normalizeFrames(error.frames);
  const boundary = frames.findIndex(({ name }) => isBoundary(name));
  const names = unique((boundary === -1 ? frames : frames.slice(0, boundary)).map(({ name }) => name));
  const start = names.findIndex((name) => !isAllocator(name) && !isTrampoline(name));
  const segment = start === -1 ? names : names.slice(start);
  if (segment.length > 0) return segment.slice(0, LEAK_FRAMES);
  return unique(frames.map(({ name }) => name)).slice(0, LEAK_FRAMES);
}

function errorSegment(error: MemcheckError): readonly string[] {
  const addresses = unique(error.frames.map(({ address }) => address)).slice(0, ERROR_ADDRESSES);
  const innermost = error.frames.filter(({ address }) => addresses.includes(address));
  return unique(normalizeFrames(innermost).map(({ name }: NormalFrame) => name));
}

function unique<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}
