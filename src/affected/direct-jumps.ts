// Calls and jumps from one function to another that the assembler resolved itself, since both are in one section. Pure.

import type { Relocation } from "./elf.ts";
import type { Range } from "./function-map.ts";

export interface Jump {
  /** Where the distance stands, in the section. */
  readonly field: number;
  readonly target: string;
}

const FIELD_BYTES = 4;

/** Those that lead out of a part of a section, to where a function begins. @param startingAt the function that begins there. */
export function jumpsWithin(
  bytes: Uint8Array,
  { from, to }: Range,
  relocations: readonly Pick<Relocation, "offset">[],
  startingAt: (offset: number) => string | undefined,
): readonly Jump[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const relocated = new Set(relocations.map(({ offset }) => offset));
  const jumps: Jump[] = [];
  for (let field = from + 1; field + FIELD_BYTES <= Math.min(to, bytes.length); field++) {
    if (!isBeforeDistance(bytes[field - 1], bytes[field - 2]) || relocated.has(field)) continue;
    const at = field + FIELD_BYTES + view.getInt32(field, true);
    const target = at >= from && at < to ? undefined : startingAt(at);
    if (target !== undefined) jumps.push({ field, target });
  }
  return jumps;
}

/** `call`, `jmp`, a conditional jump, and `lea` of what is at a distance from here. */
function isBeforeDistance(byte = 0, before = 0): boolean {
  const [isCall, isJump, isConditional] = [byte === 0xe8, byte === 0xe9, before === 0x0f && byte >= 0x80 && byte <= 0x8f];
  return isCall || isJump || isConditional || (before === 0x8d && (byte & 0xc7) === 0x05);
}
