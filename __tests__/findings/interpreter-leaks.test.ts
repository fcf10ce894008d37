import assert from "node:assert/strict";
import { test } from "node:test";
import { InterpreterLeaks } from "../../src/findings/interpreter-leaks.ts";
import { finding } from "../support/builders.ts";

test("leaks without an extension on the stack are counted, by their places and blocks, and no findings; all else is one", () => {
  const leaks = new InterpreterLeaks();
  assert.equal(leaks.left, undefined);
  assert.ok(leaks.take(finding("intern", { owner: "interpreter", blocks: 5 })));
  assert.ok(leaks.take(finding("intern", { owner: "interpreter", blocks: 1 })));
  assert.ok(leaks.take(finding("parse", { owner: "unknown", blocks: 2 })));
  // An extension may lose what is allocated at the same place.
  assert.ok(!leaks.take(finding("intern", { owner: "project" })));
  assert.ok(!leaks.take(finding("take", { owner: "extension" })));
  assert.ok(!leaks.take(finding("read", { owner: "interpreter", kind: "InvalidRead" })));
  assert.deepEqual(leaks.left, { sites: 2, blocks: 8 });
});
