import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findHolder, functionsInError } from "../../src/findings/holder.ts";
import type { Finding, StackFrame } from "../../src/model/finding.ts";

const frames = (...names: readonly string[]): StackFrame[] =>
  names.map((name) => ({ function: name, file: null, line: null, object: null, role: null }));

const PYTHON = ["_PyEval_EvalFrameDefault", "outer"];

const error = (
  kind: string,
  stack: readonly string[],
  ...further: readonly (readonly string[])[]
): Pick<Finding, "kind" | "stack" | "further"> => ({
  kind,
  stack: frames(...stack),
  further: further.map((names) => ({ what: "", frames: frames(...names, ...PYTHON) })),
});

suite("the functions that had a part in an error of torture", () => {
  test("are those between an allocation that failed, what is lost, and who held it", () => {
    const leak = error(
      "ErrorPathLeak",
      ["holder", "caller"],
      ["malloc", "makes", "holder", "caller"],
      ["malloc", "fails", "holder", "caller"],
    );
    assert.deepEqual(functionsInError(leak), [
      ["malloc", "fails", "holder"],
      ["malloc", "makes", "holder"],
    ]);
  });

  test("are all that one call from Python made, with the eval loop, where nobody held it", () => {
    const leak = error("ErrorPathLeak", ["fails"], ["malloc", "makes"], ["malloc", "fails", "caller"]);
    assert.deepEqual(functionsInError(leak), [
      ["malloc", "fails", "caller", "_PyEval_EvalFrameDefault"],
      ["malloc", "makes", "_PyEval_EvalFrameDefault"],
    ]);
  });

  test("are those of both stacks of a crash up to the call that both have, and of an error that is lost all", () => {
    const crash = error("ErrorPathCrash", ["crashes", "calls", "main"], ["malloc", "fails", "calls", "main"]);
    assert.deepEqual(functionsInError(crash), [
      ["malloc", "fails", "calls"],
      ["crashes", "calls"],
    ]);
    assert.deepEqual(functionsInError(error("LostError", ["fails"], ["malloc", "fails", "calls"])), [
      ["malloc", "fails", "calls", "_PyEval_EvalFrameDefault"],
    ]);
  });

  test("are looked for by the names that versions of a function share", () => {
    const crash = error("ErrorPathCrash", ["crashes", "calls.part.0"], ["malloc", "calls_impl"]);
    assert.deepEqual(functionsInError(crash), [
      ["malloc", "calls_impl"],
      ["crashes", "calls.part.0"],
    ]);
  });
});

test("a constructor that many call holds something only where its caller is the same, too; an allocator and who passes on a call never do", () => {
  assert.deepEqual(findHolder(["malloc", "PyList_New", "f"], ["malloc", "PyList_New", "f"]), [1, 1]);
  assert.deepEqual(findHolder(["malloc", "PyList_New", "f", "g"], ["malloc", "PyList_New", "h", "g"]), [3, 3]);
  assert.deepEqual(findHolder(["malloc", "PyObject_Call", "f"], ["PyObject_Call", "h", "f"]), [2, 2]);
  assert.equal(findHolder(["malloc", "f"], ["malloc", "g"]), undefined);
});
