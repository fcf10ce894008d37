import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { forDefiniteLeaks } from "../../src/build/definite-leaks.ts";

suite("suppressions for a check of definite leaks", () => {
  test("name their kind", () => {
    const before = "{\n   ADDRESS\n   Memcheck:Leak\n   fun:malloc\n}\n";
    assert.equal(forDefiniteLeaks(before), "{\n   ADDRESS\n   Memcheck:Leak\n   match-leak-kinds: definite\n   fun:malloc\n}\n");
  });

  test("keep the kinds that they name", () => {
    const before = "{\n\tone\n\tMemcheck:Leak\n\tmatch-leak-kinds: possible,reachable\n\tfun:malloc\n}\n";
    assert.equal(forDefiniteLeaks(before), before);
  });

  test("of other errors, and what is commented out, stay as they are", () => {
    const before = "{\n   one\n   Memcheck:Cond\n   fun:strlen\n}\n###{\n###   two\n###   Memcheck:Leak\n###   fun:malloc\n###}\n";
    assert.equal(forDefiniteLeaks(before), before);
  });
});
