import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findHolder, functionsWithPart } from "../../../src/engines/torture/holder.ts";
import { stack } from "../../support/builders.ts";

const FROM_PYTHON = " < _PyEval_EvalFrameDefault < outer";

const part = (failed: string, others: { crash?: string; lost?: string } = {}): readonly string[] =>
  functionsWithPart(stack(failed + FROM_PYTHON), {
    ...(others.crash && { crash: stack(others.crash + FROM_PYTHON) }),
    ...(others.lost && { lost: stack(others.lost + FROM_PYTHON) }),
  });

suite("the functions that had a part in an error of torture", () => {
  test("the involved functions are those between a failed allocation and the function that held the lost block, or that crashed", () => {
    const failed = "malloc < fails < holder < caller";
    assert.deepEqual(part(failed, { lost: "malloc < makes < holder < caller" }), ["malloc", "fails", "holder"]);
    assert.deepEqual(part(failed, { crash: "crashes < holder < caller" }), ["malloc", "fails", "holder", "crashes"]);
  });

  test("without a holder, all functions called by Python are involved, with the eval loop", () => {
    const all = ["malloc", "fails", "caller", "_PyEval_EvalFrameDefault"];
    assert.deepEqual(part("malloc < fails < caller", { lost: "malloc" }), all);
    assert.deepEqual(part("malloc < fails < caller"), all);
  });

  test("functions that the holder is inlined into are involved, too", () => {
    const inlined = stack("malloc < fails < inlined < holder < caller").map((frame, index) => ({
      ...frame,
      address: `${[0, 1, 2, 2, 3][index]}`,
    }));
    assert.deepEqual(functionsWithPart(inlined, { lost: inlined.slice(2) }), ["malloc", "fails", "inlined", "holder"]);
  });

  test("involved functions are found by the name that a function's versions share", () => {
    assert.deepEqual(part("malloc < calls_impl < caller", { crash: "crashes < calls.part.0 < caller" }), [
      "malloc",
      "calls_impl",
      "crashes",
      "calls.part.0",
    ]);
  });
});

test("a constructor with many callers holds something only if its caller is the same, too; allocators and functions that forward a call never do", () => {
  assert.deepEqual(findHolder(["malloc", "PyList_New", "f"], ["malloc", "PyList_New", "f"]), [1, 1]);
  assert.deepEqual(findHolder(["malloc", "PyList_New", "f", "g"], ["malloc", "PyList_New", "h", "g"]), [3, 3]);
  assert.deepEqual(findHolder(["malloc", "PyObject_Call", "f"], ["PyObject_Call", "h", "f"]), [2, 2]);
  assert.equal(findHolder(["malloc", "f"], ["malloc", "g"]), undefined);
});
