import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { suppressionFor } from "../../../src/engines/scan/suppressions.ts";
import { suppressionOf } from "../../../src/findings/suppression.ts";
import { parseLeakSuppressions } from "../../../src/findings/suppression-file.ts";
import type { MemoryError } from "../../../src/model/memory-error.ts";
import { leak } from "../../support/builders.ts";

const entry = (...lines: readonly string[]): string => `# a comment\n{\n   a name\n${lines.map((line) => `   ${line}\n`).join("")}}\n`;

function silences(text: string, one: MemoryError): boolean {
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
    ["memcheck among other tools, with a blank", ["Memcheck, Helgrind:Leak", "fun:malloc"]],
    ["memcheck after other tools", ["Addrcheck,Memcheck:Leak", "fun:malloc"]],
    ["a name with the compiler's suffix, which addr2line leaves out", ["Memcheck:Leak", "...", "fun:list_new.part.0"]],
    ["a name with a suffix that has no number", ["Memcheck:Leak", "...", "fun:list_new.cold"]],
  ];
  for (const [what, lines] of silencing) {
    test(`a suppression of leaks that names ${what} silences a leak`, () => assert.ok(silences(entry(...lines), found)));
  }

  const others: readonly (readonly [string, readonly string[]])[] = [
    ["frames in another order", ["Memcheck:Leak", "fun:_PyMem_RawMalloc", "fun:malloc"]],
    ["a frame too many", ["Memcheck:Leak", "...", "fun:cfunction_call", "fun:main"]],
    ["a part of a name", ["Memcheck:Leak", "fun:mallo"]],
    ["a dot where there is none", ["Memcheck:Leak", "fun:mal.oc"]],
    ["possible leaks only", ["Memcheck:Leak", "match-leak-kinds: possible", "fun:malloc"]],
    ["another line", ["Memcheck:Leak", "fun:malloc", "src:_x.c:8"]],
    ["another file", ["Memcheck:Leak", "fun:malloc", "src:x.c:7"]],
    ["a file with its folder", ["Memcheck:Leak", "fun:malloc", "src:*/_x.c"]],
    ["a file where none is known", ["Memcheck:Leak", "match-leak-kinds: definite", "src:_x.c"]],
    ["another kind of error", ["Memcheck:Cond", "fun:malloc"]],
    ["another tool", ["Helgrind:Leak", "fun:malloc"]],
    ["memcheck in lower case", ["memcheck:Leak", "fun:malloc"]],
    ["leaks in lower case", ["Memcheck:leak", "fun:malloc"]],
    ["both in lower case", ["memcheck:leak", "fun:malloc"]],
  ];
  for (const [what, lines] of others) {
    test(`a suppression of leaks that names ${what} silences nothing`, () => assert.ok(!silences(entry(...lines), found)));
  }

  const cpp = leak([
    { address: "0x1", function: "operator new(unsigned long)", linkerName: "_Znwm" },
    { address: "0x2", function: "ext::Pool<char>::take(int)", linkerName: "_ZN3ext4PoolIcE4takeEi" },
    { address: "0x2", function: "ext::load(int)", linkerName: "_ZN3ext4loadEi" },
    { address: "0x3", function: "entry" },
  ]);

  test("a suppression of C++ leaks is matched by the linker's names, or by plain names if functions were inlined", () => {
    assert.ok(silences(entry("Memcheck:Leak", "fun:_Znwm", "fun:take", "fun:_ZN3ext4loadEi", "fun:entry"), cpp));
    assert.ok(silences(entry("Memcheck:Leak", "fun:_Znw*", "...", "fun:_ZN3ext4load*"), cpp));
    assert.ok(!silences(entry("Memcheck:Leak", "...", "fun:_ZN3ext4loadEd"), cpp));
    assert.ok(!silences(entry("Memcheck:Leak", "...", "fun:ext::load(int)"), cpp));
  });

  test("a suppression that is offered with a leak of C++ silences it, and no overload of its function", () => {
    const text = suppressionOf(cpp, "cpython-memcheck 0123456789abcdef") ?? "";
    assert.ok(silences(text, cpp));
    const overload = { function: "ext::load(double)", linkerName: "_ZN3ext4loadEd" };
    const other = leak(cpp.frames.map((one) => (one.linkerName === "_ZN3ext4loadEi" ? { ...one, ...overload } : one)));
    assert.ok(!silences(text, other));
  });

  test("a suppression that is offered with a leak silences it", () => {
    const text = suppressionOf(found, "cpython-memcheck 0123456789abcdef");
    assert.ok(text !== null && silences(text, found));
  });

  test("a suppression with more frames than valgrind keeps matches by its first frames", () => {
    const names = Array.from({ length: 30 }, (_, index) => `f${index}`);
    const lines = ["Memcheck:Leak", "match-leak-kinds: definite", ...names.map((name) => `fun:${name}`)];
    const deep = leak([...names, "caller"].join(" < "));
    assert.ok(silences(entry(...lines, "fun:nowhere"), deep));
    assert.ok(!silences(entry(...lines.slice(0, -1), "fun:nowhere", "fun:caller"), deep));
    assert.ok(!silences(entry(...lines.slice(0, -2), "fun:nowhere"), deep));
  });

  test("a suppression of leaks is found among other entries", () => {
    const text = entry("Memcheck:Cond", "fun:f") + entry("Memcheck:Leak", "fun:calloc") + entry("Memcheck:Leak", "fun:malloc");
    assert.equal(parseLeakSuppressions(text, "x.supp").length, 2);
    assert.ok(silences(text, found));
  });

  test("a suppression of leaks with very many patterns is matched quickly", () => {
    const stack = leak(Array.from({ length: 30 }, () => "a".repeat(40)).join(" < "));
    assert.ok(!silences(entry("Memcheck:Leak", `fun:${"*a".repeat(40)}b`), stack));
    assert.ok(!silences(entry("Memcheck:Leak", ...Array.from({ length: 14 }, () => ["...", "fun:a*"]).flat(), "fun:b"), stack));
    assert.ok(silences(entry("Memcheck:Leak", ...Array.from({ length: 20 }, () => "..."), `fun:${"*a?".repeat(9)}*`), stack));
  });
});
