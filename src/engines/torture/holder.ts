// Which functions may have mishandled a failed allocation, from the stacks of such an error. Pure.

import { isAllocator, isBoundary, isGenericConstructor, isTrampoline } from "../../findings/cpython-functions.ts";
import { normalizeName } from "../../findings/frames.ts";
import type { Frame } from "../../model/memory-error.ts";

/**
 * For two stacks called by Python code, given as normalized names, innermost first: the position in each of the innermost call common to both.
 * That call held what one allocated when the other one failed.
 */
export function findHolder(failed: readonly string[], other: readonly string[]): readonly [number, number] | undefined {
  for (const [index, name] of failed.entries()) {
    const at = isOwnFunction(name) ? other.indexOf(name) : -1;
    // Two calls of a widely used function are the same call only if their callers are the same, too.
    const caller = failed[index + 1];
    if (at !== -1 && (!isGenericConstructor(name) || (caller !== undefined && caller === other[at + 1]))) return [index, at];
  }
  return undefined;
}

/** Whether a function does more than allocate for others, or forward a call. */
export function isOwnFunction(name: string): boolean {
  return !isAllocator(name) && !isTrampoline(name);
}

/**
 * The functions involved in an error: on the stack of the failed allocation, and on that of a crash, out to the call common to both stacks. Its
 * callers only made a call, and the function that allocated the lost block did so correctly.
 */
export function functionsWithPart(
  failed: readonly Frame[],
  others: { readonly crash?: readonly Frame[]; readonly lost?: readonly Frame[] },
): readonly string[] {
  const [one, two] = [calledFromPython(failed), calledFromPython(others.crash ?? others.lost ?? [])];
  const [atOne, atTwo] = findHolder(one.map(normalizeName), two.map(normalizeName)) ?? [one.length, two.length];
  const names = [...upTo(one, atOne), ...(others.crash === undefined ? [] : upTo(two, atTwo))].map((frame) => frame.function ?? "???");
  return [...new Set(names)];
}

/** Includes the functions that the last one is inlined into: the code is theirs. */
function upTo(frames: readonly Frame[], index: number): readonly Frame[] {
  const rest = frames.slice(index + 1);
  const end = rest.findIndex(({ address }) => address !== frames[index]?.address);
  return frames.slice(0, end === -1 ? frames.length : index + 1 + end);
}

/** Includes the eval loop itself, which may be what changed. */
function calledFromPython(frames: readonly Frame[]): readonly Frame[] {
  const boundary = frames.findIndex((frame) => isBoundary(normalizeName(frame)));
  return boundary === -1 ? frames : frames.slice(0, boundary + 1);
}
