import { count } from "./format.ts";

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
  const shortest = shown.reduce((sum, part) => sum + sizeOf(part.at(-1)), 0);
  // However many parts there are, half of the room is for details of the first ones: they are the worst.
  let details = room - Math.min(shortest, room / 2);
  for (const part of shown) {
    const short = sizeOf(part.at(-1));
    const form = part.find((text) => sizeOf(text) <= room && sizeOf(text) - short <= details);
    if (form === undefined) break;
    room -= sizeOf(form);
    details -= sizeOf(form) - short;
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
