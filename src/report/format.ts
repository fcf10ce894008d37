import type { Stop } from "../model/problem.ts";

/** Memcheck's kinds in words that need no lookup. An unknown kind is shown as is. */
const KINDS: Readonly<Record<string, string>> = {
  Leak_DefinitelyLost: "memory leak",
  Leak_PossiblyLost: "memory leak (possibly lost)",
  Leak_PerInterpreter: "memory leak per interpreter",
  Leak_IndirectlyLost: "memory leak (indirectly lost)",
  ReferenceLeak: "reference leak",
  ErrorPathLeak: "leak in an error path",
  ErrorPathCrash: "crash in an error path",
  LostError: "lost error",
  InvalidRead: "invalid read",
  InvalidWrite: "invalid write",
  InvalidFree: "invalid free",
  InvalidJump: "invalid jump",
  MismatchedFree: "mismatched free",
  Overlap: "overlapping copy",
  UninitCondition: "conditional jump depends on uninitialised value",
  UninitValue: "use of uninitialised value",
  SyscallParam: "bad memory passed to a system call",
  FdBadClose: "double close of a file descriptor",
  FdBadUse: "use of a bad file descriptor",
  FdLeftOpen: "descriptor left open by a test file",
  Growth: "growth",
  FdNotClosed: "file descriptor left open",
};

export function kindInWords(kind: string): string {
  return (Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined) ?? kind;
}

/** Cuts text without splitting a character that takes two code units. */
export function shorten(text: string, maxLength: number, end = "…"): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, "")}${end}`;
}

/** A C++ template name can fill pages. report.json has the full name. */
export function shortName(name: string): string {
  return shorten(name, 160);
}

export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? noun : plural}`;
}

/** `1 new error and 2 grown leaks`. Other counts tell them apart, too. */
export function freshInWords(fresh: number, grown: number): string {
  const parts = [...(fresh > 0 ? [count(fresh, "new error")] : []), ...(grown > 0 ? [count(grown, "grown leak")] : [])];
  return parts.length === 0 ? "no new errors" : parts.join(" and ");
}

/** `test_a, test_b`, or their number. */
export function manyInWords(tests: readonly string[]): string {
  return tests.length > 10 ? `${tests.length} test files` : tests.join(", ");
}

/** `test_a, test_b and 3 more` */
export function namesInWords(names: readonly string[], maxNames = 5): string {
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : "";
  return `${names.slice(0, maxNames).join(", ")}${more}`;
}

/** `Modules/_csv.c:702`, or the known part of it. */
export function placeInWords(site: { readonly file: string | null; readonly line: number | null }): string {
  return site.file === null ? "(no source file)" : !site.line ? site.file : `${site.file}:${site.line}`;
}

export function secondsInWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 9.95 ? seconds.toFixed(1) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** What stopped a check, as a part of a sentence. */
export function stopInWords(why: Stop): string {
  return why.code === "signal" ? `it received ${why.signal}` : `it took longer than ${secondsInWords(why.seconds)}, its \`timeout\``;
}

/** External text, for use within a sentence. */
export function clause(detail: string): string {
  return detail.trimEnd().replace(/\.$/, "");
}

/** Whole sentences. */
export interface Message {
  readonly text: string;
  /** How to fix it; null if NO_REMEDY in messages.ts says why there is no remedy. */
  readonly remedy: string | null;
}
