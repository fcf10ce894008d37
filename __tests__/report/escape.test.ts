import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { logText, markdownBlock, markdownCell, markdownCode, markdownText, printable } from "../../src/report/escape.ts";

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

/** Text as an attacker would choose it. */
const hostile = fc.array(fc.oneof(fc.constantFrom(...INVISIBLE, ...MARKS, ...WORDS), fc.string({ unit: "binary", maxLength: 3 })), {
  maxLength: 20,
});
const text = hostile.map((parts) => parts.join(""));

suite("printable text", () => {
  test("has no control, format or surrogate character but the ends of lines", () => {
    fc.assert(fc.property(text, (raw) => assert.doesNotMatch(printable(raw).replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)));
  });

  test("keeps what can be printed, in every script", () => {
    for (const plain of ["PyUnicode_New (Objects/unicodeobject.c:1300)", "naïve 日本語 🐍 ñ", "two\nlines", ""])
      assert.equal(printable(plain), plain);
  });

  test("says which character was there", () => {
    assert.equal(printable("\u001b[31mred\u202e"), "\\u{1b}[31mred\\u{202e}");
    assert.equal(printable("half \ud800 pair"), "half \\u{d800} pair");
  });
});

suite("text for a job's log", () => {
  test("holds no command to the runner on any line, also behind blanks", () => {
    fc.assert(
      fc.property(text, (raw) => {
        const safe = logText(raw);
        for (const line of safe.split(/[\n\r\u2028\u2029]/)) assert.ok(!line.trimStart().startsWith("::"), JSON.stringify(line));
        assert.ok(!safe.includes("##["));
      }),
    );
  });

  test("holds none where the command is on a later line or behind any kind of blank", () => {
    for (const blank of ["", " ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\ufeff", "  \n \n"]) {
      const lines = logText(`x${blank}\n${blank}::error::y\n:::add-mask::z`).split("\n");
      for (const line of lines) assert.doesNotMatch(line.trimStart(), /^::/);
    }
  });

  test("keeps what is no command", () => {
    for (const plain of ["ns::solve(int)", "  a:b :: c", "# heading [x]", "time: 3 s"]) assert.equal(logText(plain), plain);
  });
});

suite("text in markdown", () => {
  test("has every character with a meaning escaped, and is one line", () => {
    fc.assert(
      fc.property(text, (raw) => {
        const safe = markdownText(raw);
        assert.doesNotMatch(safe, /[<>\n]/);
        assert.doesNotMatch(safe.replace(/\\[\\`*_{}[\]()#+!~$]/g, ""), /[\\`*_{}[\]()#+!~$]/);
        assert.doesNotMatch(safe, /&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  test("mentions nobody, and links nowhere", () => {
    fc.assert(
      fc.property(text, (raw) => {
        const safe = markdownText(raw);
        assert.doesNotMatch(safe, /@\w/);
        assert.doesNotMatch(safe, /(https?|ftp):|www\./i);
        assert.doesNotMatch(safe, /#\d/);
      }),
    );
  });

  test("keeps plain words as they are", () => {
    assert.equal(markdownText("Modules/csv.c:702, 3 blocks"), "Modules/csv.c:702, 3 blocks");
  });
});

/** What GitHub shows of a code span, by the rules of CommonMark 6.1; undefined for text that is not one span. */
function contentOfSpan(markdown: string): string | undefined {
  const fence = /^`+/.exec(markdown)?.[0];
  if (fence === undefined) return undefined;
  const inner = markdown.slice(fence.length, -fence.length);
  if (!markdown.endsWith(fence) || inner.match(/`+/g)?.includes(fence)) return undefined;
  return inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "" ? inner.slice(1, -1) : inner;
}

suite("code in markdown", () => {
  test("is one span whatever is in it, and shows what it was given", () => {
    fc.assert(
      fc.property(text, (raw) => {
        const shown = printable(raw).replaceAll("\n", " ");
        const code = markdownCode(raw);
        assert.doesNotMatch(code, /\n/);
        if (shown.trim() === "") assert.equal(code, "");
        else assert.equal(contentOfSpan(code)?.trim(), shown.trim());
      }),
    );
  });

  test("shows backticks at its ends", () => {
    for (const raw of ["`", "``x`", "`x", "x``"]) assert.equal(contentOfSpan(markdownCode(raw)), raw);
  });
});

suite("a cell of a table", () => {
  test("has no bar that would end it", () => {
    fc.assert(fc.property(text, (raw) => assert.doesNotMatch(markdownCell(markdownCode(raw)), /(?<!\\)\|/)));
  });
});

suite("a block in markdown", () => {
  test("ends where it should, whatever is in it", () => {
    fc.assert(
      fc.property(text, (raw) => {
        const lines = markdownBlock(raw).split("\n");
        const fence = lines.at(-1) ?? "";
        assert.match(fence, /^`{3,}$/);
        assert.equal(lines[0], `${fence}text`);
        for (const line of lines.slice(1, -1)) assert.ok(!line.includes(fence), line);
      }),
    );
  });

  test("takes as many backticks as there are, and text with very many runs of them", () => {
    assert.match(markdownBlock("`````"), /^``````text\n`````\n``````$/);
    assert.equal(markdownBlock("` ".repeat(300_000)).slice(0, 7), "```text");
  });
});
