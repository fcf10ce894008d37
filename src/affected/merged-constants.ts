// Strings and constants in sections whose equal entries the linker merges. Pure.

import { FLAG, type Section, stringAt } from "./elf.ts";

/** An instruction may have up to this many bytes between its address field and its end. */
const MAX_BYTES_AFTER_FIELD = 3;

/** Whether the section has mergeable strings or constants of one size. LLVM also marks mixed sections as mergeable, but with entry size 0. */
export function holdsConstants({ flags, entrySize }: Section): boolean {
  return (flags & FLAG.merged) !== 0 && entrySize > 0;
}

/**
 * The string or constant at an offset. gcc also uses half of a constant of 16 bytes for one of eight, so the position in it counts, too.
 * @param isExact false if it may also start up to three bytes later: then the next one may be included.
 */
export function constantAt({ bytes, flags, entrySize }: Section, at: number, isExact: boolean): string {
  const start = Math.max(at, 0);
  if ((flags & FLAG.strings) !== 0 && entrySize === 1)
    return JSON.stringify(stringAt(bytes, isExact || bytes[start] !== 0 ? start : start + 1));
  const first = start - (start % entrySize);
  const furthest = start + (isExact ? 0 : MAX_BYTES_AFTER_FIELD);
  const last = furthest - (furthest % entrySize);
  const end = (flags & FLAG.strings) !== 0 ? bytes.length : last + entrySize;
  const position = ((at % entrySize) + entrySize) % entrySize;
  return `${position} ${Buffer.from(bytes.subarray(first, end)).toString("hex")}`;
}
