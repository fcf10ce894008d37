// The fields that relocations fill (System V ABI, AMD64 supplement). Pure.

import type { Relocation } from "./elf.ts";
import type { Range } from "./function-map.ts";

export const RELOCATION = { none: 0, absolute: 1, relative: 2 } as const;

/** Bytes from the start of a field to the end of its instruction, usually. */
export const AFTER_FIELD = 4;

/** The relocations in a range. @param relocations sorted by offset. */
export function relocationsIn(relocations: readonly Relocation[], { from, to }: Range): readonly Relocation[] {
  const first = firstIndex(relocations, from);
  return relocations.slice(first, firstIndex(relocations, to, first));
}

function firstIndex(relocations: readonly Relocation[], offset: number, from = 0): number {
  let [low, high] = [from, relocations.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((relocations[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** R_X86_64_PC32, PLT32, GOTPCREL, GOTPCRELX, REX_GOTPCRELX: relative to the end of the instruction. */
export function isRelative(type: number): boolean {
  return [2, 4, 9, 41, 42].includes(type);
}

/** Width of the field in bytes. R_X86_64_64, PC64 and GOTOFF64 have eight; TLSDESC_CALL only marks an instruction. */
export function widthOf(type: number): number {
  if ([1, 24, 25].includes(type)) return 8;
  if ([12, 13].includes(type)) return 2;
  if ([14, 15].includes(type)) return 1;
  return type === 35 ? 0 : 4;
}
