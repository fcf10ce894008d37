import { count } from "./format.ts";

/** The versions of a part of a text, from the longest to the shortest. */
export type Part = readonly [string, ...string[]];

/**
 * Joins as many parts as fit, each in the longest version that leaves room for the shortest versions of the rest. Parts that do not fit at all
 * are counted in the last line, which says where to find them.
 */
export function fit(parts: readonly Part[], maxBytes: number, elsewhere: string): string {
  const shown = parts.filter(([longest]) => longest !== "");
  const kept: string[] = [];
  let room = maxBytes - CUT_BYTES;
  const shortest = shown.reduce((sum, part) => sum + sizeOf(part.at(-1)), 0);
  // However many parts there are, half of the space is for details of the first ones: they are the worst.
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

/** Space for the line that counts the missing parts. */
const CUT_BYTES = 200;

/** With the empty line that follows. */
function sizeOf(text = ""): number {
  return Buffer.byteLength(text) + 2;
}
