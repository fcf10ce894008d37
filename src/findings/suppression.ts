import type { Frame, MemcheckError } from "../memcheck/error.ts";
import { normalizeName } from "./frames.ts";
import { inlinedPattern, linkerPattern } from "./linker-name.ts";
import { isLeak } from "./segment.ts";
import { isBoundary } from "./vocabulary.ts";

/** Valgrind's parser takes at most this many callers (VG_MAX_SUPP_CALLERS). */
const MOST_FRAMES = 500;

/**
 * A suppression to paste, in the form of valgrind's manual (2.5), from the innermost frame up to the Python code that called it. Null for a
 * kind that no suppression exists for.
 */
export function suppressionOf(error: MemcheckError, name: string): string | null {
  const head = suppressionKind(error);
  if (head === undefined) return null;
  const boundary = error.frames.findIndex((frame) => isBoundary(normalizeName(frame)));
  const frames = boundary < 1 ? error.frames : error.frames.slice(0, boundary);
  const exact = linesOfValgrind(error);
  const lines = [
    name,
    ...head,
    ...frames.slice(0, MOST_FRAMES).map((frame, index) => exact?.[index] ?? frameLine(frame, frames[index + 1])),
  ];
  return `{\n${lines.map((line) => `   ${line}\n`).join("")}}\n`;
}

/** The kinds' names in a suppression, with the further line that some need. */
function suppressionKind({ kind, what }: MemcheckError): readonly string[] | undefined {
  if (isLeak(kind)) return ["Memcheck:Leak", "match-leak-kinds: definite,possible"];
  const size = /of size (\d+)/.exec(what)?.[1];
  const parameter = /^Syscall param (\S+)/.exec(what)?.[1];
  switch (kind) {
    case "InvalidRead":
    case "InvalidWrite":
      return size === undefined ? undefined : [`Memcheck:Addr${size}`];
    case "UninitCondition":
      return ["Memcheck:Cond"];
    case "UninitValue":
      return size === undefined ? undefined : [`Memcheck:Value${size}`];
    case "SyscallParam":
      return parameter === undefined ? undefined : ["Memcheck:Param", parameter];
    case "InvalidFree":
    case "MismatchedFree":
      return ["Memcheck:Free"];
    case "InvalidJump":
      return ["Memcheck:Jump"];
    case "Overlap":
      return ["Memcheck:Overlap"];
    case "ReallocSizeZero":
      return ["Memcheck:ReallocZero"];
    case "FdBadClose":
    case "FdNotClosed":
    case "FdBadUse":
      return [`CoreError:${kind}`];
    default:
      return undefined;
  }
}

/** Where valgrind made a suppression itself: a line for each frame, with the names that it will compare. */
function linesOfValgrind({ suppression, frames }: MemcheckError): readonly string[] | undefined {
  const lines = suppression?.split("\n").map((line) => line.trim()) ?? [];
  const exact = lines.filter((line) => /^(fun|obj):/.test(line));
  return exact.length === frames.length ? exact : undefined;
}

/** C++ and Rust names are shown readable, but suppressions match them as the linker has them, and inlined functions as debug information does. */
function frameLine({ function: name, linkerName, object, address }: Frame, next: Frame | undefined): string {
  if (name !== undefined && /^[\w.@$]+$/.test(name)) return `fun:${name}`;
  const isInlined = address === next?.address;
  const pattern = name === undefined ? undefined : isInlined ? inlinedPattern(name) : (linkerName ?? linkerPattern(name));
  return pattern === undefined ? `obj:${object ?? "*"}` : `fun:${pattern}`;
}
