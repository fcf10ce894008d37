import { count } from "./words.ts";

/** A part of a text in its forms, from the longest to the shortest. */
export type Part = readonly [string, ...string[]];

/**
 * Joins as many parts as fit, each in the longest form that leaves room for the shortest forms of those that follow. What does not fit at all is
 * counted in the last line, which says where it is.
 */
export function fit(parts: readonly Part[], maxBytes: number, elsewhere: string): string {
  const shown = parts.filter(([longest]) => longest !== "");
  const kept: string[] = [];
  let room = maxBytes - CUT_BYTES;
  let later = shown.reduce((sum, part) => sum + sizeOf(part.at(-1)), 0);
  for (const part of shown) {
    later -= sizeOf(part.at(-1));
    // However many parts follow, the first ones get details: they are the worst.
    const reserved = Math.min(later, room / 2);
    const form = part.find((text) => sizeOf(text) <= room - reserved) ?? part.find((text) => sizeOf(text) <= room);
    if (form === undefined) break;
    room -= sizeOf(form);
    kept.push(form);
  }
  const left = shown.length - kept.length;
  if (left > 0) kept.push(`**This is cut: ${count(left, "part")} more in ${elsewhere}.**`);
  return `${kept.join("\n\n")}\n`;
}

/** Room for the line that says what is missing. */
const CUT_BYTES = 200;

/** With the empty line that follows. */
function sizeOf(text = ""): number {
  return Buffer.byteLength(text) + 2;
}
