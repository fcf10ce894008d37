import { plainName } from "../findings/linker-name.ts";
import { MAX_STACK_FRAMES } from "../memcheck/command.ts";
import type { Frame, MemcheckError } from "../memcheck/error.ts";

/** One frame of a suppression: a pattern for its function, for its file, or any number of frames. */
type Pattern = { readonly of: "function" | "object"; readonly glob: string } | { readonly of: "any" };

/** What a suppression file says of definite leaks: for each entry the patterns of its frames, innermost first. */
export type LeakSuppression = readonly Pattern[];

/** Reads suppressions as valgrind's manual (2.5) has them; those of other errors than definite leaks are left out. Pure. */
export function parseLeakSuppressions(text: string): readonly LeakSuppression[] {
  const lines = text.split("\n").map((line) => line.trim());
  const entries: string[][] = [];
  for (const line of lines) {
    if (line === "{") entries.push([]);
    else if (line !== "" && line !== "}" && !line.startsWith("#")) entries.at(-1)?.push(line);
  }
  return entries.flatMap(([_, kind = "", ...frames]) => (isDefiniteLeak(kind, frames[0]) ? [patternsOf(frames)] : []));
}

/** Whether the innermost frames of a leak's stack are those of a suppression. Pure. */
export function isSuppressed({ frames }: MemcheckError, suppressions: readonly LeakSuppression[]): boolean {
  return suppressions.some((patterns) => matches(patterns, frames));
}

/** Valgrind ignores the lines beyond the frames that it keeps of a stack, so they cannot make a suppression narrower. */
function patternsOf(lines: readonly string[]): LeakSuppression {
  const frames = lines.filter((line) => line === "..." || /^[a-z]+:/.test(line));
  return frames.slice(0, MAX_STACK_FRAMES).flatMap(patternOf);
}

/** `Memcheck:Leak`, and `Memcheck,Helgrind:Leak`. Valgrind takes upper and lower case for different tools and kinds. */
function isDefiniteLeak(kind: string, next: string | undefined): boolean {
  if (!/^([^:,]*,)*Memcheck(,[^:]*)?:Leak$/.test(kind)) return false;
  const kinds = /^match-leak-kinds:(.*)$/.exec(next ?? "")?.[1];
  return kinds === undefined || /\b(definite|all)\b/.test(kinds);
}

function patternOf(line: string): readonly Pattern[] {
  if (line === "...") return [{ of: "any" }];
  const [, tag, glob = ""] = /^(fun|obj):(.*)$/.exec(line) ?? [];
  if (tag === undefined) return [];
  // A build's own suffix (`PyUnicode_New.part.0`) is in memcheck's names, and not in addr2line's.
  const name = tag === "fun" ? glob.replace(/(?<=\w)\.(part|isra|constprop|cold|lto_priv)\..*$/, "") : glob;
  return [{ of: tag === "fun" ? "function" : "object", glob: name }];
}

function matches(patterns: LeakSuppression, frames: readonly Frame[]): boolean {
  const fits = (pattern: Pattern, frame: Frame): boolean =>
    pattern.of !== "any" && namesOf(frame, pattern.of).some((name) => matchesGlob(pattern.glob, name));
  return matchesWildly(patterns, frames, { isAny: ({ of }) => of === "any", fits, toTheEnd: false });
}

/** Valgrind compares functions by the linker's names, and by plain ones where they were inlined. */
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
  /** Whether a pattern stands for any number of items. */
  readonly isAny: (pattern: Pattern) => boolean;
  /** Whether it stands for this one. */
  readonly fits: (pattern: Pattern, item: Item) => boolean;
  readonly toTheEnd: boolean;
}

/** In no more steps than there are pairs: a suppression file comes with the code under test, and one regular expression could take a day. */
function matchesWildly<Pattern, Item>(
  patterns: readonly Pattern[],
  items: readonly Item[],
  { isAny, fits, toTheEnd }: Wildcards<Pattern, Item>,
): boolean {
  // Behind the last pattern for any number: only that one may have to take more.
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
