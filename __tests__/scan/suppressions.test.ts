import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { suppressionOf } from "../../src/findings/suppression.ts";
import type { MemcheckError } from "../../src/memcheck/error.ts";
import { parseLeakSuppressions } from "../../src/scan/suppression-file.ts";
import { suppressionFor } from "../../src/scan/suppressions.ts";
import { leak } from "../support/builders.ts";

const entry = (...lines: readonly string[]): string => `# a comment\n{\n   a name\n${lines.map((line) => `   ${line}\n`).join("")}}\n`;

function silences(text: string, one: MemcheckError): boolean {
  return suppressionFor(one, parseLeakSuppressions(text, "x.supp")) !== undefined;
}

suite("a suppression of leaks", () => {
  const found = leak("malloc < _PyMem_RawMalloc < list_new < reader_new < cfunction_call");

  const silencing: readonly (readonly [string, readonly string[]])[] = [
    ["the innermost frames", ["Memcheck:Leak", "fun:malloc", "fun:_PyMem_RawMalloc"]],
    ["patterns", ["Memcheck:Leak", "fun:*alloc", "fun:_PyMem_Raw?alloc", "fun:*"]],
    ["a source file", ["Memcheck:Leak", "fun:malloc", "src:_x.c"]],
    ["a source file and a line", ["Memcheck:Leak", "fun:malloc", "src:_?.c:7"]],
    ["any number of frames", ["Memcheck:Leak", "...", "fun:reader_new"]],
    ["any number of frames, which may be none", ["Memcheck:Leak", "...", "fun:malloc"]],
    ["any number of frames at the end", ["Memcheck:Leak", "fun:malloc", "..."]],
    ["a file", ["Memcheck:Leak", "obj:*/vgpreload_memcheck-*.so"]],
    ["definite leaks among others", ["Memcheck:Leak", "match-leak-kinds: possible,definite", "fun:malloc"]],
    ["leaks of all kinds", ["Memcheck:Leak", "match-leak-kinds: all", "fun:malloc"]],
    ["memcheck among other tools", ["Memcheck,Helgrind:Leak", "fun:malloc"]],
    ["a name with the compiler's suffix, which addr2line leaves out", ["Memcheck:Leak", "...", "fun:list_new.part.0"]],
  ];
  for (const [what, lines] of silencing) {
    test(`that names ${what} silences a leak`, () => assert.ok(silences(entry(...lines), found)));
  }

  const others: readonly (readonly [string, readonly string[]])[] = [
    ["frames in another order", ["Memcheck:Leak", "fun:_PyMem_RawMalloc", "fun:malloc"]],
    ["a frame too many", ["Memcheck:Leak", "...", "fun:cfunction_call", "fun:main"]],
    ["a part of a name", ["Memcheck:Leak", "fun:mallo"]],
    ["a dot that is none", ["Memcheck:Leak", "fun:mal.oc"]],
    ["possible leaks only", ["Memcheck:Leak", "match-leak-kinds: possible", "fun:malloc"]],
    ["another line", ["Memcheck:Leak", "fun:malloc", "src:_x.c:8"]],
    ["another file", ["Memcheck:Leak", "fun:malloc", "src:x.c:7"]],
    ["a file with its folder", ["Memcheck:Leak", "fun:malloc", "src:*/_x.c"]],
    ["a file where none is known", ["Memcheck:Leak", "match-leak-kinds: definite", "src:_x.c"]],
    ["another kind of error", ["Memcheck:Cond", "fun:malloc"]],
    ["another tool", ["Helgrind:Leak", "fun:malloc"]],
  ];
  for (const [what, lines] of others) {
    test(`that names ${what} silences nothing`, () => assert.ok(!silences(entry(...lines), found)));
  }

  test("that is offered with a leak silences it", () => {
    const text = suppressionOf(found, "cpython-memcheck 0123456789abcdef");
    assert.ok(text !== null && silences(text, found));
  });

  test("is found among other entries", () => {
    const text = entry("Memcheck:Cond", "fun:f") + entry("Memcheck:Leak", "fun:calloc") + entry("Memcheck:Leak", "fun:malloc");
    assert.equal(parseLeakSuppressions(text, "x.supp").length, 2);
    assert.ok(silences(text, found));
  });

  test("of nothing but patterns takes no longer for that", () => {
    const stack = leak(Array.from({ length: 30 }, () => "a".repeat(40)).join(" < "));
    assert.ok(!silences(entry("Memcheck:Leak", `fun:${"*a".repeat(40)}b`), stack));
    assert.ok(!silences(entry("Memcheck:Leak", ...Array.from({ length: 14 }, () => ["...", "fun:a*"]).flat(), "fun:b"), stack));
    assert.ok(silences(entry("Memcheck:Leak", ...Array.from({ length: 20 }, () => "..."), `fun:${"*a?".repeat(9)}*`), stack));
  });
});
