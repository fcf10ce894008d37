// Calls and jumps between functions of one section, which the assembler resolves without a relocation. Pure.

import type { Relocation } from "./elf.ts";
import type { Range } from "./function-map.ts";

export interface Jump {
  /** Offset of the distance field in the section. */
  readonly field: number;
  readonly target: string;
}

const FIELD_BYTES = 4;

/** Jumps from inside the range to the start of a function outside it. @param startingAt returns the function that starts at an offset. */
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

/** Whether these are the last bytes of the opcode of `call`, `jmp`, a conditional jump, or `lea` relative to the instruction pointer. */
function isBeforeDistance(byte = 0, before = 0): boolean {
  const [isCall, isJump, isConditional] = [byte === 0xe8, byte === 0xe9, before === 0x0f && byte >= 0x80 && byte <= 0x8f];
  return isCall || isJump || isConditional || (before === 0x8d && (byte & 0xc7) === 0x05);
}
