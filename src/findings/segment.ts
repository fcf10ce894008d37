import type { FrameRole, NormalizedStack } from "../model/finding.ts";
import type { Frame, MemoryError } from "../model/memory-error.ts";
import { isAllocator, isBoundary, isGenericConstructor, isTrampoline } from "./cpython-functions.ts";
import { type AmbiguousNames, isFolded, type NormalFrame, normalizeFrame } from "./frames.ts";
import { isLanguageLibrary } from "./language-libraries.ts";

const LEAK_FRAMES = 12;

/** Valgrind considers two errors equal if the addresses of their four innermost frames are; deeper frames depend on the order of tests. */
const ERROR_FRAMES = 4;

export interface AnnotatedFrame extends NormalFrame {
  readonly role: FrameRole;
}

/**
 * Errors in memory that is still referenced, but more of it after each run of the tests. Their first frame is what keeps it; the others are the
 * allocation's.
 */
export const GROWTH = "Growth";

/** References that are never released, to an object that stays alive. */
export const REFERENCE_LEAK = "ReferenceLeak";

/** Whether only repeated runs of the tests find this kind. */
export function needsRepeats(kind: string): boolean {
  return kind === GROWTH || kind === REFERENCE_LEAK;
}

export function isLeak(kind: string): boolean {
  return kind.startsWith("Leak_");
}

/** All frames of an error with their roles in the signature. */
export function assignRoles({ kind, frames }: Pick<MemoryError, "kind" | "frames">, ambiguous?: AmbiguousNames): readonly AnnotatedFrame[] {
  const normal = frames.map((frame) => normalizeFrame(frame, ambiguous));
  const shown = normal.filter((_, index) => !isFolded(frames, index));
  const roles = kind === GROWTH ? growthRoles(shown) : isLeak(kind) ? leakRoles(shown) : errorRoles(shown, normal);
  return normal.map((frame) => ({ ...frame, role: roles.get(frame) ?? "inlined" }));
}

/** The part of an error's stack that identifies it, innermost first: it stays the same if the surrounding code calls it differently. */
export function segmentOf(annotated: readonly AnnotatedFrame[]): readonly string[] {
  return annotated.filter(({ role }) => role === "key").map(({ key }) => key);
}

/**
 * From the allocating function up to the one that Python code called. Recursion is folded: only the first occurrence of each name stays. The
 * path from the eval loop to that function is the interpreter's choice, and changes when code gets hot. If there are only allocators and
 * trampolines (`type_call` made an instance), those are the segment. A language's library has more frames between the allocator and the user's
 * function than fit into a segment, so it is left out unless nothing else identifies the place.
 */
function leakRoles(shown: readonly NormalFrame[]): ReadonlyMap<NormalFrame, FrameRole> {
  const boundary = shown.findIndex(({ name }) => isBoundary(name));
  const near = boundary < 1 ? shown : shown.slice(0, boundary);
  const first = firstOfEach(near.some(isDistinctive) ? near.filter(({ frame }) => !isLanguageLibrary(frame)) : near);
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

/** Whether a frame identifies where its stack comes from. */
export function isDistinctive({ name, frame }: NormalFrame): boolean {
  return !isAllocator(name) && !isTrampoline(name) && !isGenericConstructor(name) && !isLanguageLibrary(frame);
}

/**
 * The frames of the first addresses; adjacent frames with one address are one frame and the functions that the compiler inlined into it. Frames
 * are distinguished by position: in a recursion the reader gives the same object for the same frame. As for a leak, the path from the eval loop
 * is left out, unless there is nothing else.
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

/**
 * The part of a stack that a baseline stores, so that later signature versions can be computed: for a leak up to the eval loop, for other errors
 * the key frames.
 */
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

/** @param start index of the allocation's first frame. */
function upToBoundary(shown: readonly AnnotatedFrame[], start: number): readonly AnnotatedFrame[] {
  const boundary = shown.slice(start).findIndex(({ name }) => isBoundary(name));
  return shown.slice(0, boundary < 1 ? shown.length : start + boundary + 1);
}

/** The roles of frames in a stored stack. */
export function rolesOfStack(kind: string, stack: NormalizedStack): readonly AnnotatedFrame[] {
  const frames = stack.flatMap((group, index) => group.map((key) => frameOf(key, `${index}`)));
  const ambiguous = new Set(frames.flatMap((frame) => (frame.file === undefined ? [] : [frame.function])));
  return assignRoles({ kind, frames }, ambiguous);
}

function frameOf(key: string, address: string): Frame & { readonly function: string } {
  const [, name = key, file] = /^((?:::)?[^@(:]+)@([^@]+)$/.exec(key) ?? [];
  return { address, function: name, ...(file === undefined ? {} : { file }) };
}
