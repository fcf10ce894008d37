import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { forDefiniteLeaks } from "../../src/build/definite-leaks.ts";

suite("suppressions for a check of definite leaks", () => {
  test("suppressions for a check of definite leaks name their kind", () => {
    const before = "{\n   ADDRESS\n   Memcheck:Leak\n   fun:malloc\n}\n";
    assert.equal(forDefiniteLeaks(before), "{\n   ADDRESS\n   Memcheck:Leak\n   match-leak-kinds: definite\n   fun:malloc\n}\n");
  });

  test("suppressions for a check of definite leaks keep the kinds that they name", () => {
    const before = "{\n\tone\n\tMemcheck:Leak\n\tmatch-leak-kinds: possible,reachable\n\tfun:malloc\n}\n";
    assert.equal(forDefiniteLeaks(before), before);
  });

  test("suppressions of other errors, and those commented out, stay as they are in a check of definite leaks", () => {
    const before = "{\n   one\n   Memcheck:Cond\n   fun:strlen\n}\n###{\n###   two\n###   Memcheck:Leak\n###   fun:malloc\n###}\n";
    assert.equal(forDefiniteLeaks(before), before);
  });
});
