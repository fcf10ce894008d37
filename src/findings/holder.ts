// Which functions may have mishandled an allocation that failed, by the stacks of such an error. Pure.

import type { Finding, StackFrame } from "../model/finding.ts";
import { isAllocator, isBoundary, isGenericConstructor, isTrampoline } from "./cpython-functions.ts";
import { normalizeName } from "./frames.ts";

/**
 * Of two stacks that Python code called, given as normalized names, innermost first: where the innermost call is in each that made both. It held
 * what the one allocated when the other one failed.
 */
export function findHolder(failed: readonly string[], other: readonly string[]): readonly [number, number] | undefined {
  for (const [index, name] of failed.entries()) {
    const at = isOwnFunction(name) ? other.indexOf(name) : -1;
    // Two calls of a function that many call are the same call only if the caller is the same, too.
    const caller = failed[index + 1];
    if (at !== -1 && (!isGenericConstructor(name) || (caller !== undefined && caller === other[at + 1]))) return [index, at];
  }
  return undefined;
}

/** Whether a function does more than to allocate for others, or to pass a call on. */
export function isOwnFunction(name: string): boolean {
  return !isAllocator(name) && !isTrampoline(name);
}

/**
 * The functions of an error of torture that had a part in it, a list for each stack: from the allocation that failed, and from the crash or the
 * allocation of what is lost, as far out as the call that both have in common. Who called that did nothing but call.
 */
export function functionsInError({ kind, stack, further }: Pick<Finding, "kind" | "stack" | "further">): readonly (readonly string[])[] {
  const failed = calledFromPython(further.at(-1)?.frames ?? []);
  if (kind === "LostError") return [failed.map(nameOf)];
  const other = calledFromPython(kind === "ErrorPathCrash" ? stack : (further[0]?.frames ?? []));
  const holder = findHolder(failed.map(normalized), other.map(normalized)) ?? [failed.length, other.length];
  return [failed.slice(0, holder[0] + 1), other.slice(0, holder[1] + 1)].map((frames) => frames.map(nameOf));
}

/** With the eval loop itself, which may be what changed. */
function calledFromPython(frames: readonly StackFrame[]): readonly StackFrame[] {
  const boundary = frames.findIndex((frame) => isBoundary(normalized(frame)));
  return boundary === -1 ? frames : frames.slice(0, boundary + 1);
}

function nameOf(frame: StackFrame): string {
  return frame.function;
}

function normalized(frame: StackFrame): string {
  return normalizeName({ function: frame.function });
}
