// Decides which leaks of the scan a suppression hides, as valgrind would. Pure.

import { plainName } from "../../findings/linker-name.ts";
import type { LeakSuppression, Pattern } from "../../findings/suppression-file.ts";
import type { Frame, MemoryError } from "../../model/memory-error.ts";

/** The suppression that matches the innermost frames of a leak's stack, if there is one. Pure. */
export function suppressionFor({ frames }: MemoryError, suppressions: readonly LeakSuppression[]): LeakSuppression | undefined {
  const calls = callsOf(frames);
  return suppressions.find((suppression) => matches(suppression.frames, calls));
}

/** A frame with the file that valgrind compares with `src:` at its position in the stack. */
interface Call {
  readonly frame: Frame;
  readonly source: Frame | undefined;
}

/**
 * Valgrind looks up a frame's file by its position in the list of addresses, in which inlined functions have no entry: after an inlined
 * function, `src:` is compared with a frame further out (supp_pattEQinp in m_errormgr.c; tried with 3.19 and 3.27).
 */
function callsOf(frames: readonly Frame[]): readonly Call[] {
  const innermost: Frame[] = [];
  for (const [index, frame] of frames.entries()) {
    const [before, first] = [frames[index - 1], innermost.at(-1)];
    // A recursive function has the same address several times, each time starting with the same innermost frame.
    if (first === undefined || before?.address !== frame.address || before.object !== frame.object || isSame(frame, first)) {
      innermost.push(frame);
    }
  }
  return frames.map((frame, index) => ({ frame, source: innermost[index] }));
}

function isSame(one: Frame, other: Frame): boolean {
  return one.function === other.function && one.file === other.file && one.line === other.line;
}

function matches(patterns: readonly Pattern[], calls: readonly Call[]): boolean {
  return matchesWildly(patterns, calls, { isAny: ({ of }) => of === "any", fits, toTheEnd: false });
}

function fits(pattern: Pattern, { frame, source }: Call): boolean {
  switch (pattern.of) {
    case "any":
      return false;
    case "source":
      // Only the file's name: valgrind ignores its folder.
      return source?.file !== undefined && matchesGlob(pattern.glob, source.file) && (pattern.line ?? source.line) === source.line;
    default:
      return namesOf(frame, pattern.of).some((name) => matchesGlob(pattern.glob, name));
  }
}

/** Valgrind compares functions by linker name, and inlined ones by plain name. */
function namesOf(frame: Frame, of: "function" | "object"): readonly string[] {
  if (of === "object") return [frame.object ?? ""];
  const { function: name = "", linkerName } = frame;
  return linkerName === undefined ? [name] : [linkerName, plainName(name) ?? name];
}

export function matchesGlob(glob: string, name: string): boolean {
  return matchesWildly([...glob], [...name], {
    isAny: (letter) => letter === "*",
    fits: (letter, other) => letter === "?" || letter === other,
    toTheEnd: true,
  });
}

interface Wildcards<Pattern, Item> {
  /** Whether a pattern matches any number of items. */
  readonly isAny: (pattern: Pattern) => boolean;
  /** Whether it matches this one. */
  readonly fits: (pattern: Pattern, item: Item) => boolean;
  readonly toTheEnd: boolean;
}

/** Takes at most as many steps as there are pairs: a suppression file comes with the code under test, and a regular expression could take a day. */
function matchesWildly<Pattern, Item>(
  patterns: readonly Pattern[],
  items: readonly Item[],
  { isAny, fits, toTheEnd }: Wildcards<Pattern, Item>,
): boolean {
  // After the last pattern for any number: only that one may have to match more.
  let [back, from] = [-1, 0];
  for (let at = 0, item = 0; ; ) {
    if (at === patterns.length && (!toTheEnd || item === items.length)) return true;
    const [pattern, next] = [patterns[at], items[item]];
    if (pattern !== undefined && isAny(pattern)) [back, from] = [++at, item];
    else if (pattern !== undefined && next !== undefined && fits(pattern, next)) [at, item] = [at + 1, item + 1];
    else if (back >= 0 && from < items.length) [at, item] = [back, ++from];
    else return false;
  }
}
