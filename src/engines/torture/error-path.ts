// An allocation failure that was not handled, as an error with stacks. Pure.

import { isBoundary, isGenericConstructor } from "../../findings/cpython-functions.ts";
import { normalizeName } from "../../findings/frames.ts";
import type { Frame, MemoryError } from "../../model/memory-error.ts";
import { signalName } from "../../system/signal-name.ts";
import { findHolder, functionsWithPart, isOwnFunction } from "./holder.ts";
import type { TortureFinding } from "./torture-lines.ts";

const KINDS = { leak: "ErrorPathLeak", crash: "ErrorPathCrash", "lost-error": "LostError" } as const;

const FLAVORS = { once: "one allocation failed", "from-then-on": "an allocation failed, and all that followed" } as const;

/** The main stack comes first: where it crashed, or the error path that loses something. */
export function errorOf(finding: TortureFinding, framesAt: (place: readonly [string | null, number]) => readonly Frame[]): MemoryError {
  const failed = finding.failed.flatMap(framesAt);
  const other = (finding.frames ?? []).flatMap(framesAt);
  return {
    unique: "torture",
    kind: KINDS[finding.kind],
    what: `${whatOf(finding)} after ${FLAVORS[finding.flavor]}`,
    failure: { site: finding.site, lasting: finding.flavor === "from-then-on" },
    part: functionsWithPart(failed, finding.kind === "crash" ? { crash: other } : { lost: other }),
    frames: finding.kind === "crash" ? other : errorPathOf(failed, finding.kind === "leak" ? other : []),
    auxiliary: [
      ...(finding.kind === "leak" ? [{ what: "The lost block was allocated here", frames: other }] : []),
      { what: "The allocation that failed", frames: failed },
    ],
  };
}

function whatOf({ kind, blocks = 0, bytes = 0, signal, what = "" }: TortureFinding): string {
  switch (kind) {
    case "leak":
      return `${bytes} bytes in ${blocks} blocks are definitely lost`;
    case "crash":
      return `The process was killed by ${signalName(signal ?? 0)}`;
    case "lost-error":
      // Objects are named by their addresses.
      return `SystemError: ${what.replaceAll(/ at 0x[0-9a-f]+/g, "")}`;
  }
}

/**
 * The stack of the failed allocation, starting at the innermost function that also allocated, directly or not, the lost block: it held that
 * block when the other allocation failed. If there is none, it starts at the first function that does more than create an object for its caller.
 */
function errorPathOf(failed: readonly Frame[], lost: readonly Frame[]): readonly Frame[] {
  const near = calledFromPython(failed).map(normalizeName);
  const [holder] = findHolder(near, calledFromPython(lost).map(normalizeName)) ?? [-1];
  const caller = near.findIndex((name) => isOwnFunction(name) && !isGenericConstructor(name));
  return failed.slice([holder, caller, near.findIndex(isOwnFunction), 0].find((index) => index !== -1));
}

function calledFromPython(frames: readonly Frame[]): readonly Frame[] {
  const boundary = frames.findIndex((frame) => isBoundary(normalizeName(frame)));
  return boundary < 1 ? frames : frames.slice(0, boundary);
}
