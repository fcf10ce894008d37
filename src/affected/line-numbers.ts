// Line numbers in machine code: those that PyErr_BadInternalCall() puts into its error. A moved line changes no function for that. Pure.

/** What the macro calls with the file and the line. */
export const TAKES_LINE = "_PyErr_BadInternalCall";

/**
 * What gcc makes of such a call on x86-64, up to the call's own opcode: `mov $LINE, %esi`, `lea FILE(%rip), %rdi`, and, where it is the first thing
 * that a function does, `mov %rsp, %rbp`. Null stands for the line; whatever else looks different stays as it is.
 */
const BEFORE_CALL = [0xbe, null, null, 0, 0, 0x48, 0x8d, 0x3d, 0, 0, 0, 0] as const;
const FRAME = [0x48, 0x89, 0xe5] as const;
const CALL = 0xe8;

/** The code with a zero in place of each line. @param calls where the addresses of the called function stand. */
export function withoutLines(code: Uint8Array, calls: readonly number[]): Uint8Array {
  const starts = calls.flatMap((address) => [[], FRAME].flatMap((between) => startOf(code, address - 1, [...BEFORE_CALL, ...between])));
  if (starts.length === 0) return code;
  const copy = Uint8Array.from(code);
  for (const start of starts) copy.fill(0, start + 1, start + 3);
  return copy;
}

function startOf(code: Uint8Array, call: number, pattern: readonly (number | null)[]): readonly number[] {
  const start = call - pattern.length;
  const isHere = start >= 0 && code[call] === CALL && pattern.every((byte, index) => byte === null || code[start + index] === byte);
  return isHere ? [start] : [];
}
