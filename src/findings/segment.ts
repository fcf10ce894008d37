import type { FrameRole, NormalizedStack } from "../model/finding.ts";
import type { Frame, MemoryError } from "../model/memory-error.ts";
import { isAllocator, isBoundary, isGenericConstructor, isTrampoline } from "./cpython-functions.ts";
import { type AmbiguousNames, isFolded, type NormalFrame, normalizeFrame } from "./frames.ts";
import { isLanguageLibrary } from "./language-libraries.ts";

const LEAK_FRAMES = 12;

/** Valgrind takes two errors for the same when the addresses of their four innermost frames are; what is below is an accident of the tests' order. */
const ERROR_FRAMES = 4;

export interface AnnotatedFrame extends NormalFrame {
  readonly role: FrameRole;
}

/** What is still pointed at, but more of it after each run of the tests. Its first frame is what keeps it; the others are the allocation's. */
export const GROWTH = "Growth";

export function isLeak(kind: string): boolean {
  return kind.startsWith("Leak_");
}

/** Every frame of an error with what it is to the signature. */
export function assignRoles({ kind, frames }: Pick<MemoryError, "kind" | "frames">, ambiguous?: AmbiguousNames): readonly AnnotatedFrame[] {
  const normal = frames.map((frame) => normalizeFrame(frame, ambiguous));
  const shown = normal.filter((_, index) => !isFolded(frames, index));
  const roles = kind === GROWTH ? growthRoles(shown) : isLeak(kind) ? leakRoles(shown) : errorRoles(shown, normal);
  return normal.map((frame) => ({ ...frame, role: roles.get(frame) ?? "inlined" }));
}

/** The part of an error's stack that says what the error is, innermost first: what stays when the code around it is called differently. */
export function segmentOf(annotated: readonly AnnotatedFrame[]): readonly string[] {
  return annotated.filter(({ role }) => role === "key").map(({ key }) => key);
}

/**
 * From the function that allocated up to the one that Python code called. Recursion folds: of each name the first occurrence stays. How the
 * call got from the eval loop to that function is the interpreter's choice, and changes when code gets hot. Where nothing but allocators and
 * trampolines is there (`type_call` made an instance), those are the segment. A language's library stands between the allocator and the function
 * that a reader knows, with more frames than a segment has: it is left out unless nothing else tells where this is.
 */
function leakRoles(shown: readonly NormalFrame[]): ReadonlyMap<NormalFrame, FrameRole> {
  const boundary = shown.findIndex(({ name }) => isBoundary(name));
  const near = boundary < 1 ? shown : shown.slice(0, boundary);
  const first = firstOfEach(near.some(tells) ? near.filter(({ frame }) => !isLanguageLibrary(frame)) : near);
  const start = first.findIndex(({ name }) => !isAllocator(name) && !isTrampoline(name));
  const end = first.findLastIndex(({ name }) => !isTrampoline(name));
  const own = start === -1 ? first : first.slice(start, end + 1);
  const roles = new Map<NormalFrame, FrameRole>(shown.map((frame) => [frame, "caller"]));
  for (const frame of near) roles.set(frame, isLanguageLibrary(frame.frame) ? "library" : "repeated");
  for (const frame of first) roles.set(frame, isAllocator(frame.name) ? "allocator" : "call");
  own.forEach((frame, index) => {
    roles.set(frame, index < LEAK_FRAMES ? "key" : "beyond");
  });
  return roles;
}

function growthRoles([kept, ...stack]: readonly NormalFrame[]): ReadonlyMap<NormalFrame, FrameRole> {
  const roles = new Map(leakRoles(stack));
  if (kept !== undefined) roles.set(kept, "key");
  return roles;
}

/** Whether a frame says where its stack is from. */
function tells({ name, frame }: NormalFrame): boolean {
  return !isAllocator(name) && !isTrampoline(name) && !isGenericConstructor(name) && !isLanguageLibrary(frame);
}

/**
 * The frames of the first addresses; neighbours with one address are one frame and what the compiler inlined into it. Frames are distinguished by
 * their places: in a recursion the reader gives the same object for the same frame. As in a leak, how the call got here from the eval loop is
 * left out, unless there is nothing else.
 */
function errorRoles(shown: readonly NormalFrame[], normal: readonly NormalFrame[]): ReadonlyMap<NormalFrame, FrameRole> {
  const starts = normal.flatMap(({ frame }, index) => (frame.address === normal[index - 1]?.frame.address ? [] : [index]));
  const near = new Set(normal.slice(0, starts[ERROR_FRAMES] ?? normal.length));
  const first = firstOfEach(shown.filter((frame) => near.has(frame)));
  const boundary = first.findIndex(({ name }) => isBoundary(name));
  const called = boundary === -1 ? first : first.slice(0, boundary);
  const end = called.findLastIndex(({ name }) => !isTrampoline(name));
  const own = end === -1 ? first : called.slice(0, end + 1);
  const roles = new Map<NormalFrame, FrameRole>(shown.map((frame) => [frame, near.has(frame) ? "repeated" : "beyond"]));
  for (const frame of first) roles.set(frame, called.includes(frame) ? "call" : "caller");
  for (const frame of own) roles.set(frame, "key");
  return roles;
}

function firstOfEach(frames: readonly NormalFrame[]): readonly NormalFrame[] {
  const seen = new Set<string>();
  return frames.filter(({ key }) => !seen.has(key) && seen.add(key));
}

/** What a baseline keeps of a stack, so that a later signature can be made of it: of a leak up to the eval loop, of other errors what counts. */
export function normalizedStackOf(kind: string, annotated: readonly AnnotatedFrame[]): NormalizedStack {
  const shown = annotated.filter(({ role }) => role !== "inlined" && role !== "library");
  const kept = hasAllocation(kind) ? upToBoundary(shown, kind === GROWTH ? 1 : 0) : shown.filter(({ role }) => role !== "beyond");
  const groups: string[][] = [];
  kept.forEach(({ key, frame }, index) => {
    if (index > 0 && frame.address === kept[index - 1]?.frame.address) groups.at(-1)?.push(key);
    else groups.push([key]);
  });
  return groups;
}

function hasAllocation(kind: string): boolean {
  return isLeak(kind) || kind === GROWTH;
}

/** @param start where the allocation's stack begins. */
function upToBoundary(shown: readonly AnnotatedFrame[], start: number): readonly AnnotatedFrame[] {
  const boundary = shown.slice(start).findIndex(({ name }) => isBoundary(name));
  return shown.slice(0, boundary < 1 ? shown.length : start + boundary + 1);
}

/** The roles of a stack that a baseline kept. */
export function rolesOfStack(kind: string, stack: NormalizedStack): readonly AnnotatedFrame[] {
  const frames = stack.flatMap((group, index) => group.map((key) => frameOf(key, `${index}`)));
  const ambiguous = new Set(frames.flatMap((frame) => (frame.file === undefined ? [] : [frame.function])));
  return assignRoles({ kind, frames }, ambiguous);
}

function frameOf(key: string, address: string): Frame & { readonly function: string } {
  const [, name = key, file] = /^((?:::)?[^@(:]+)@([^@]+)$/.exec(key) ?? [];
  return { address, function: name, ...(file === undefined ? {} : { file }) };
}
