// Makes bytes from others: changes, cuts or repeats some, splices in parts of another input, or inserts a word of the program.

const NUMBERS = ["0", "-1", "1e999", "9007199254740993", "4294967296", "\u0000", "\ud800", "\u202e", "\n", "\r\n"].map((text) =>
  Buffer.from(text),
);

export const MAX_BYTES = 8192;

/** A random whole number from 0 to less than `below`. */
export type Draw = (below: number) => number;

/** @param words the strings in the program. */
export function mutate(bytes: Uint8Array, others: readonly Uint8Array[], words: readonly Uint8Array[], draw: Draw): Uint8Array {
  let result = Buffer.from(bytes);
  for (let times = 1 << draw(4); times > 0; times--) result = Buffer.from(once(result, others, words, draw)).subarray(0, MAX_BYTES);
  return result;
}

function once(bytes: Buffer, others: readonly Uint8Array[], words: readonly Uint8Array[], draw: Draw): Uint8Array {
  const at = draw(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + draw(draw(64) + 1));
  const put = (what: Uint8Array, until = at): Buffer => Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(until)]);
  const pick = (list: readonly Uint8Array[]): Uint8Array => list[draw(list.length)] ?? Buffer.alloc(0);
  switch (draw(9)) {
    case 0:
      return put(Buffer.from([(bytes[at] ?? 0) ^ (1 << draw(8))]), at + 1);
    case 1:
      return put(Buffer.from([draw(256)]), at + 1);
    case 2:
      return put(Buffer.from([32 + draw(95)]));
    case 3:
      return put(Buffer.alloc(0), end);
    case 4:
      return put(bytes.subarray(at, end));
    case 5: {
      const other = pick(others);
      return put(other.subarray(draw(other.length + 1)), end);
    }
    case 6:
      return put(pick(NUMBERS), draw(2) === 0 ? at : end);
    case 7:
      return put(Buffer.concat(Array.from({ length: 1 << draw(8) }, () => bytes.subarray(at, end))));
    default:
      return put(pick(words), draw(2) === 0 ? at : end);
  }
}
