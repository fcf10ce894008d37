import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseLeakSuppressions } from "../../src/findings/suppression-file.ts";
import { UserError } from "../../src/model/user-error.ts";

const parse = (...lines: readonly string[]) => parseLeakSuppressions(lines.join("\n"), "/x.supp");
const entry = (...lines: readonly string[]) => parse("{", "a name", ...lines, "}");

suite("a suppression file", () => {
  test("a suppression file gives each suppression of definite leaks, with where it stands", () => {
    const text = [
      "# comment",
      "",
      "  {",
      "\tone",
      "  Memcheck:Cond",
      "fun:f",
      "}",
      "{",
      "two",
      "Memcheck:Leak",
      "fun:g",
      "src:x.c:7",
      "...",
      "}",
      "",
    ];
    const frames = [{ of: "function", glob: "g" }, { of: "source", glob: "x.c", line: 7 }, { of: "any" }];
    assert.deepEqual(parse(...text), [{ name: "two", file: "/x.supp", line: 9, frames }]);
  });

  test("a suppression file has `src:` frames of any line if none is given", () => {
    for (const frame of ["src:x.c", "src:x.c:0"]) {
      assert.deepEqual(entry("Memcheck:Leak", "fun:f", frame)[0]?.frames[1], { of: "source", glob: "x.c", line: null });
    }
  });

  test("a suppression file has no definite leaks if valgrind takes a suppression for something else", () => {
    for (const kind of [
      "memcheck:leak",
      "Memcheck:leak",
      "Helgrind:Leak",
      "Helgrind, Memcheck:Leak",
      "Memcheck:Cond",
      "CoreError:FdBadUse",
    ]) {
      assert.deepEqual(entry(kind, "fun:f"), [], kind);
    }
    for (const kinds of ["none", "possible", "reachable,indirect"])
      assert.deepEqual(entry("Memcheck:Leak", `match-leak-kinds:${kinds}`, "fun:f"), []);
    assert.equal(entry("Helgrind,Memcheck:Leak", "match-leak-kinds:  definite,possible", "fun:f").length, 1);
  });

  test("a suppression in a file is cut after 30 frames, since valgrind reads no more", () => {
    const frames = Array.from({ length: 40 }, (_, index) => `fun:f${index}`);
    assert.equal(entry("Memcheck:Leak", ...frames)[0]?.frames.length, 30);
  });

  test("a suppression file may be empty", () => assert.deepEqual(parse("", "# nothing"), []));

  const refused: readonly (readonly [string, number, readonly string[]])[] = [
    ["text outside of braces", 1, ["Memcheck:Leak"]],
    ["no name", 2, ["{", "}"]],
    ["an end after its name", 2, ["{", "name"]],
    ["a kind without a tool", 3, ["{", "name", "Leak", "fun:f", "}"]],
    ["no end", 4, ["{", "name", "Memcheck:Leak", "fun:f"]],
    ["no end, of another tool", 4, ["{", "name", "Helgrind:Race", "fun:f"]],
    ["no frames", 4, ["{", "name", "Memcheck:Leak", "}"]],
    ["no frames after its kinds", 5, ["{", "name", "Memcheck:Leak", "match-leak-kinds: all", "}"]],
    ["a kind of leaks that does not exist", 4, ["{", "name", "Memcheck:Leak", "match-leak-kinds: definite,lost", "fun:f", "}"]],
    ["`src:` where valgrind expects kinds", 4, ["{", "name", "Memcheck:Leak", "src:x.c:3", "fun:f", "}"]],
    ["an unknown kind of frame", 5, ["{", "name", "Memcheck:Leak", "fun:f", "mod:x.py", "}"]],
    ["a line of a source file that is not a number", 5, ["{", "name", "Memcheck:Leak", "fun:f", "src:x.c:three", "}"]],
    ["a source file without the line that is announced", 5, ["{", "name", "Memcheck:Leak", "fun:f", "src:x.c:", "}"]],
    ["nothing but any frames", 3, ["{", "name", "Memcheck:Leak", "...", "...", "}"]],
    ["nothing but patterns that match everything", 3, ["{", "name", "Memcheck:Leak", "fun:*", "obj:**", "...", "}"]],
    ["any source file", 3, ["{", "name", "Memcheck:Leak", "...", "src:*", "}"]],
  ];
  for (const [what, line, lines] of refused) {
    test(`a suppression file with ${what} is refused by its name and line`, () => {
      assert.throws(
        () => parse(...lines),
        (error) => error instanceof UserError && error.message.includes("/x.supp") && error.message.includes(`line ${line}:`),
      );
    });
  }
});
