import type { Frame, MemcheckError } from "../memcheck/error.ts";

/** One frame of a suppression: a pattern for its function, for its file, or any number of frames. */
type Pattern = { readonly of: "function" | "object"; readonly glob: RegExp } | { readonly of: "any" };

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
  return entries.flatMap(([_, kind = "", ...frames]) => (isDefiniteLeak(kind, frames[0]) ? [frames.flatMap(patternOf)] : []));
}

/** Whether the innermost frames of a leak's stack are those of a suppression. Pure. */
export function isSuppressed({ frames }: MemcheckError, suppressions: readonly LeakSuppression[]): boolean {
  return suppressions.some((patterns) => matches(patterns, frames));
}

/** `Memcheck:Leak`, and `Memcheck,Helgrind:Leak`. */
function isDefiniteLeak(kind: string, next: string | undefined): boolean {
  if (!/^(\w+,)*memcheck(,\w+)*:leak$/i.test(kind)) return false;
  const kinds = /^match-leak-kinds:(.*)$/.exec(next ?? "")?.[1];
  return kinds === undefined || /\b(definite|all)\b/.test(kinds);
}

function patternOf(line: string): readonly Pattern[] {
  if (line === "...") return [{ of: "any" }];
  const [, tag, glob = ""] = /^(fun|obj):(.*)$/.exec(line) ?? [];
  if (tag === undefined) return [];
  // A build's own suffix (`PyUnicode_New.part.0`) is in memcheck's names, and not in addr2line's.
  const name = tag === "fun" ? glob.replace(/(?<=\w)\.(part|isra|constprop|cold|lto_priv)\..*$/, "") : glob;
  const source = name
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return [{ of: tag === "fun" ? "function" : "object", glob: new RegExp(`^${source}$`, "s") }];
}

function matches([pattern, ...others]: LeakSuppression, frames: readonly Frame[]): boolean {
  if (pattern === undefined) return true;
  if (pattern.of === "any") return frames.some((_, index) => matches(others, frames.slice(index))) || others.length === 0;
  const [frame, ...rest] = frames;
  return frame !== undefined && pattern.glob.test(frame[pattern.of] ?? "") && matches(others, rest);
}
