import fc from "fast-check";

const INVISIBLE = [
  "\u0000",
  "\u001b",
  "\u0085",
  "\u00ad",
  "\u061c",
  "\u200b",
  "\u200f",
  "\u2028",
  "\u202e",
  "\u2066",
  "\ufeff",
  "\u{e0041}",
  "\ud800",
];
const MARKS = [
  "`",
  "``",
  "|",
  "\\",
  "<",
  ">",
  "&",
  "@",
  "::",
  ":",
  "##[",
  "#",
  "#1",
  "*",
  "_",
  "[",
  "](",
  "~",
  "$",
  "!",
  "-",
  "\n",
  "\r",
  "\t",
  " ",
  "\u00a0",
];
const WORDS = ["user", "org/team", "https://x.y", "www.x.y", "error", "-->", "</details>", "<!--", "1. x", "GH-1", "%0A"];

const hostile = fc.array(fc.oneof(fc.constantFrom(...INVISIBLE, ...MARKS, ...WORDS), fc.string({ unit: "binary", maxLength: 3 })), {
  maxLength: 20,
});
/** Text as an attacker would choose it. */
export const hostileText = hostile.map((parts) => parts.join(""));
