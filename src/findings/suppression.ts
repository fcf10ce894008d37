import type { Frame, MemoryError } from "../model/memory-error.ts";
import { isBoundary } from "./cpython-functions.ts";
import { normalizeFrame } from "./frames.ts";
import { inlinedPattern, linkerPattern } from "./linker-name.ts";
import { isDistinctive, isLeak } from "./segment.ts";

/** Valgrind's parser takes at most this many callers (VG_MAX_SUPP_CALLERS). */
const MAX_FRAMES = 500;

/**
 * A suppression to paste, in the format of valgrind's manual (2.5), from the innermost frame up to the Python code that called it. Null if the
 * kind can't be suppressed, or the error has no stack, such as an inherited file descriptor.
 */
export function suppressionOf(error: MemoryError, name: string): string | null {
  const head = suppressionKind(error);
  // Valgrind rejects a whole file because of one suppression without a stack.
  if (head === undefined || error.frames.length === 0) return null;
  const frames = framesToMatch(error.frames);
  const exact = linesOfValgrind(error);
  const lines = [
    name,
    ...head,
    ...frames
      .slice(0, MAX_FRAMES)
      .map((frame, index) => exact?.[index] ?? frameLine(frame, frames[index + 1]))
      .map(withoutSuffix),
  ];
  return `{\n${lines.map((line) => `   ${line}\n`).join("")}}\n`;
}

/**
 * Valgrind compares only as many frames as a suppression has. So if all of them make objects for anyone, the eval loop is the last one: without it, every
 * leaked list would be hidden.
 */
function framesToMatch(frames: readonly Frame[]): readonly Frame[] {
  const normal = frames.map((frame) => normalizeFrame(frame));
  const boundary = normal.findIndex(({ name }) => isBoundary(name));
  if (boundary < 1) return frames;
  return frames.slice(0, normal.slice(0, boundary).some(isDistinctive) ? boundary : boundary + 1);
}

/** Valgrind's names of kinds in suppressions, if the kind alone determines it. */
const HEADS: ReadonlyMap<string, readonly string[]> = new Map([
  ["UninitCondition", ["Memcheck:Cond"]],
  ["InvalidFree", ["Memcheck:Free"]],
  ["MismatchedFree", ["Memcheck:Free"]],
  ["InvalidJump", ["Memcheck:Jump"]],
  ["Overlap", ["Memcheck:Overlap"]],
  ["ReallocSizeZero", ["Memcheck:ReallocZero"]],
  ["ClientCheck", ["Memcheck:User"]],
  ["InvalidMemPool", ["Memcheck:Mempool"]],
  // As memcheck writes it, although up to 3.27 it never matches: it is compared with a text that memcheck does not read from the file.
  ["CoreMemError", ["Memcheck:CoreMem"]],
  ["InvalidAlignment", ["Memcheck:BadAlign"]],
  ["InvalidSizeAndAlignment", ["Memcheck:BadAlign"]],
  ["MismatchedAllocateDeallocateSize", ["Memcheck:SizeMismatch"]],
  ["MismatchedAllocateDeallocateAlignment", ["Memcheck:AlignMismatch"]],
  ["FdBadClose", ["CoreError:FdBadClose"]],
  ["FdNotClosed", ["CoreError:FdNotClosed"]],
  ["FdBadUse", ["CoreError:FdBadUse"]],
]);

/** The first lines of a suppression after its name: the kind, and the additional line that some kinds need. Undefined if unknown. */
function suppressionKind({ kind, what }: MemoryError): readonly string[] | undefined {
  if (isLeak(kind)) return ["Memcheck:Leak", "match-leak-kinds: definite,possible"];
  switch (kind) {
    case "InvalidRead":
    case "InvalidWrite":
      return sizedKind("Addr", what);
    case "UninitValue":
      return sizedKind("Value", what);
    case "InvalidSize":
      // Valgrind versions with different wording know only the older name.
      return [what.startsWith("Unsafe allocation") ? "Memcheck:UnsafeZeroSize" : "Memcheck:BadSize"];
    case "SyscallParam":
      return withLine("Memcheck:Param", parameterOf(what));
    case "FishyValue":
      return withLine("Memcheck:FishyValue", fishyArgumentOf(what));
    default:
      return HEADS.get(kind);
  }
}

function sizedKind(name: "Addr" | "Value", what: string): readonly string[] | undefined {
  const size = /of size (\d+)/.exec(what)?.[1];
  return size === undefined ? undefined : [`Memcheck:${name}${size}`];
}

function withLine(kind: string, line: string | undefined): readonly string[] | undefined {
  return line === undefined ? undefined : [kind, line];
}

/** `semctl(IPC_SET, arg.buf)` */
function parameterOf(what: string): string | undefined {
  return /^Syscall param (\w.*?) (?:points to|contains) /.exec(what)?.[1];
}

/** `malloc(size)` */
function fishyArgumentOf(what: string): string | undefined {
  const [, argument, allocator] = /^Argument '(\w+)' of function (\w.*) has a fishy /.exec(what) ?? [];
  return allocator === undefined ? undefined : `${allocator}(${argument})`;
}

/** The compiler numbers its copies of a function (`f.constprop.0`) in each build, and Rust's linker names contain a hash of the crate's version. */
function withoutSuffix(line: string): string {
  return (
    line
      .replace(/^(fun:_ZN.*17h)[0-9a-f]{16}E.*$/, "$1*")
      .replace(/^fun:_R.*$/, (name) => name.replace(/Cs[0-9A-Za-z]+_/g, "Cs*_"))
      // Two dots are Rust's `::`.
      .replace(/^(fun:[\w$]+(?:\.\.[\w$]+)*)\.(?!\.).*$/, "$1*")
  );
}

/** From a suppression that valgrind generated: a line for each frame, with the names that it will compare. */
function linesOfValgrind({ suppression, frames }: MemoryError): readonly string[] | undefined {
  const lines = suppression?.split("\n").map((line) => line.trim()) ?? [];
  const exact = lines.filter((line) => /^(fun|obj):/.test(line));
  return exact.length === frames.length ? exact : undefined;
}

/** C++ and Rust names are shown in readable form, but suppressions match linker names, and inlined functions by their name in debug information. */
function frameLine({ function: name, linkerName, object, address }: Frame, next: Frame | undefined): string {
  if (name !== undefined && /^[\w.@$]+$/.test(name)) return `fun:${name}`;
  const isInlined = address === next?.address;
  const pattern = name === undefined ? undefined : isInlined ? inlinedPattern(name) : (linkerName ?? linkerPattern(name));
  return pattern === undefined ? `obj:${object ?? "*"}` : `fun:${pattern}`;
}
