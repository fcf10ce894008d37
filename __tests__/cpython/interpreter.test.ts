import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type InterpreterFacts, refuse } from "../../src/cpython/interpreter.ts";

const FACTS: InterpreterFacts = { version: "3.13.5", extensionSuffix: ".so", withValgrind: 1, withPymalloc: 0, gilDisabled: 0 };

suite("an interpreter", () => {
  test("that was built for valgrind is taken, also where it has no word for the global lock", () => {
    assert.equal(refuse(FACTS), undefined);
    assert.equal(refuse({ ...FACTS, gilDisabled: null, withPymalloc: null }), undefined);
  });

  test("that is free-threaded is refused", () => assert.match(refuse({ ...FACTS, gilDisabled: 1 }) ?? "", /free-threaded/));

  test("that has pymalloc is refused", () => assert.match(refuse({ ...FACTS, withPymalloc: 1 }) ?? "", /pymalloc/));

  test("that was not configured for valgrind is refused", () => {
    for (const withValgrind of [0, null]) assert.match(refuse({ ...FACTS, withValgrind }) ?? "", /--with-valgrind/);
  });
});
