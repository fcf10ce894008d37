import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { suite, test } from "node:test";
import fc from "fast-check";
import { quoteWord, splitWords } from "../../src/settings/shell-words.ts";

const words = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom("'", '"', "\\", " ", "\n", "$", "a") })));

suite("words", () => {
  test("shell words that are quoted and joined come back as they were", () => {
    fc.assert(fc.property(words, (list) => assert.deepEqual(splitWords(list.map(quoteWord).join(" ")), list)));
    fc.assert(fc.property(words, (list) => assert.deepEqual(splitWords(`\n ${list.map(quoteWord).join(" \n\t")} `), list)));
  });

  test("shell words that need no quotes get none", () => {
    for (const word of ["valgrind", "--leak-check=full", "/usr/bin/python3.13", "PYTHONMALLOC=malloc", "a@b%c+d:e,f"])
      assert.equal(quoteWord(word), word);
    for (const word of ["", "a b", "$HOME", "*", "it's", "~", "#x", "a;b"]) assert.notEqual(quoteWord(word), word);
  });

  test("words are split as a shell splits them", () => {
    const lines = [
      `a  b\tc`,
      `'a b' "c d" e\\ f`,
      `"a\\"b" 'c\\d' e\\\\f`,
      `x'y z'"q"\\w`,
      `"" '' a`,
      `"\\$x \\\`y\\\` \\n"`,
      `one \\\n two th\\\nree "fo\\\nur"`,
      `\\'`,
    ];
    const script = 'eval "set -- $1"; for word; do printf "%s\\0" "$word"; done';
    for (const line of lines) {
      const shell = execFileSync("sh", ["-c", script, "sh", line], { encoding: "utf8" }).split("\0").slice(0, -1);
      assert.deepEqual(splitWords(line), shell, line);
    }
  });

  test("a word that is quoted is one word to a shell", () => {
    const list = ["", "it's", '"', "$(exit 1)", "a\nb", "`x`", "\\", "*"];
    const shell = execFileSync("sh", ["-c", `printf '%s\\0' ${list.map(quoteWord).join(" ")}`], { encoding: "utf8" });
    assert.deepEqual(shell.split("\0").slice(0, -1), list);
  });

  test("a line with an open quote or backslash has no shell words", () => {
    for (const line of ["'", '"', "a 'b", 'a "b', '"a\\"', "a\\", "it's"]) assert.equal(splitWords(line), undefined, line);
  });

  test("a blank line has no shell words", () => {
    assert.deepEqual([splitWords(""), splitWords(" \n\t")], [[], []]);
  });
});
