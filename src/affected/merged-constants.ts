// Strings and constants, of which the linker keeps one where several are equal. Pure.

import { FLAG, type Section, stringAt } from "./elf.ts";

/** Bytes that an instruction may have between its field and its end. */
const LONGER = 3;

/** Strings or constants of one size, of which the linker merges equal ones. LLVM's marks what it mixes with them in the same way, without a size. */
export function isOfConstants({ flags, entrySize }: Section): boolean {
  return (flags & FLAG.merged) !== 0 && entrySize > 0;
}

/** A string or constant. @param isExact whether it begins there, and not up to three bytes behind: then the next one may count, too. */
export function constantAt({ bytes, flags, entrySize }: Section, at: number, isExact: boolean): string {
  const start = Math.max(at, 0);
  if ((flags & FLAG.strings) !== 0 && entrySize === 1)
    return JSON.stringify(stringAt(bytes, isExact || bytes[start] !== 0 ? start : start + 1));
  const first = start - (start % entrySize);
  const furthest = start + (isExact ? 0 : LONGER);
  const last = furthest - (furthest % entrySize);
  const end = (flags & FLAG.strings) !== 0 ? bytes.length : last + entrySize;
  return Buffer.from(bytes.subarray(first, end)).toString("hex");
}
