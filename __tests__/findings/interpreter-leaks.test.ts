import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutInterpreterLeaks } from "../../src/findings/interpreter-leaks.ts";
import { finding } from "../support/builders.ts";

test("leaks without an extension on the stack are set apart, with their places and blocks; all else stays", () => {
  const own = finding("basket_pair", { owner: "project" });
  const cut = finding("cut", { owner: "unknown" });
  const read = finding("read", { owner: "interpreter", kind: "InvalidRead" });
  const left = [finding("intern", { owner: "interpreter", blocks: 5 }), finding("type_new", { owner: "interpreter", blocks: 2 })];
  assert.deepEqual(withoutInterpreterLeaks([own, ...left, cut, read]), { findings: [own, cut, read], left: { sites: 2, blocks: 7 } });
  assert.deepEqual(withoutInterpreterLeaks([own]), { findings: [own], left: undefined });
});
