import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { logText, printable } from "../../src/report/escape.ts";
import { hostileText } from "../support/hostile-text.ts";

suite("printable text", () => {
  test("printable text has no control, format or surrogate character but the ends of lines", () => {
    fc.assert(
      fc.property(hostileText, (raw) => assert.doesNotMatch(printable(raw).replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)),
    );
  });

  test("printable text keeps what can be printed, in every script", () => {
    for (const plain of ["PyUnicode_New (Objects/unicodeobject.c:1300)", "naïve 日本語 🐍 ñ", "two\nlines", ""])
      assert.equal(printable(plain), plain);
  });

  test("printable text shows tabs as spaces, since the ends of logs have many", () => {
    assert.equal(printable("make:\tgcc\n\tx.c"), "make:    gcc\n    x.c");
  });

  test("printable text says which character was there", () => {
    assert.equal(printable("\u001b[31mred\u202e"), "\\u{1b}[31mred\\u{202e}");
    assert.equal(printable("half \ud800 pair"), "half \\u{d800} pair");
  });
});

suite("text for a job's log", () => {
  test("text for a job's log holds no command to the runner on any line, also behind blanks", () => {
    fc.assert(
      fc.property(hostileText, (raw) => {
        const safe = logText(raw);
        for (const line of safe.split(/[\n\r\u2028\u2029]/)) assert.ok(!line.trimStart().startsWith("::"), JSON.stringify(line));
        assert.ok(!safe.includes("##["));
      }),
    );
  });

  test("text for a job's log holds no command to the runner on a later line or behind any kind of blank", () => {
    for (const blank of ["", " ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\ufeff", "  \n \n"]) {
      const lines = logText(`x${blank}\n${blank}::error::y\n:::add-mask::z`).split("\n");
      for (const line of lines) assert.doesNotMatch(line.trimStart(), /^::/);
    }
  });

  test("text for a job's log keeps everything but commands", () => {
    for (const plain of ["ns::solve(int)", "  a:b :: c", "# heading [x]", "time: 3 s"]) assert.equal(logText(plain), plain);
  });
});
