import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { errorOf } from "../../../src/engines/torture/error-path.ts";
import type { TortureFinding } from "../../../src/engines/torture/torture-lines.ts";
import type { Frame } from "../../../src/model/memory-error.ts";

/** A place for each name, at the offset that is its index. */
const NAMES = [
  "malloc",
  "PyMem_Malloc",
  "PyList_New",
  "make_table",
  "make_pickler",
  "cfunction_vectorcall_O",
  "_PyEval_EvalFrameDefault",
  "outer",
];

const framesAt = ([, offset]: readonly [string | null, number]): readonly Frame[] => [
  { address: `0x${offset}`, function: NAMES[offset] ?? "?", file: "pickle.c", line: offset + 100 },
];

const stack = (...names: readonly string[]): [string, number][] => names.map((name) => ["/x.so", NAMES.indexOf(name)]);

function errorWith(fields: Partial<TortureFinding>) {
  return errorOf({ event: "torture-finding", kind: "leak", flavor: "once", site: [], failed: [], ...fields }, framesAt);
}

const namesOf = (frames: readonly Frame[]): readonly (string | undefined)[] => frames.map((frame) => frame.function);

suite("an unhandled failure of an allocation", () => {
  test("the stack of an error path leak begins at the function that held the lost block when the allocation failed", () => {
    const { kind, what, frames, auxiliary, leaked } = errorWith({
      frames: stack("malloc", "PyMem_Malloc", "make_table", "make_pickler", "_PyEval_EvalFrameDefault"),
      failed: stack("PyMem_Malloc", "PyList_New", "make_pickler", "cfunction_vectorcall_O", "_PyEval_EvalFrameDefault"),
      blocks: 1,
      bytes: 128,
    });
    assert.equal(kind, "ErrorPathLeak");
    assert.equal(what, "128 bytes in 1 blocks are definitely lost after one allocation failed");
    assert.deepEqual(namesOf(frames), ["make_pickler", "cfunction_vectorcall_O", "_PyEval_EvalFrameDefault"]);
    assert.deepEqual(
      auxiliary.map((one) => [one.what, one.frames.length]),
      [
        ["The lost block was allocated here", 5],
        ["The allocation that failed", 5],
      ],
    );
    assert.equal(leaked, undefined);
  });

  test("an error path's leak of others' blocks begins at the function that needed memory, not at a general constructor", () => {
    const { frames } = errorWith({
      frames: stack("malloc", "PyList_New", "_PyEval_EvalFrameDefault", "make_pickler"),
      failed: stack("PyMem_Malloc", "PyList_New", "make_table", "_PyEval_EvalFrameDefault", "make_pickler"),
    });
    assert.deepEqual(namesOf(frames), ["make_table", "_PyEval_EvalFrameDefault", "make_pickler"]);
  });

  test("an error path's leak within a general constructor begins in that constructor", () => {
    const both = stack("malloc", "PyList_New", "make_table", "_PyEval_EvalFrameDefault");
    assert.deepEqual(namesOf(errorWith({ frames: both, failed: both }).frames)[0], "PyList_New");
  });

  test("an error path's error keeps its whole stack if only allocators are on it", () => {
    assert.deepEqual(namesOf(errorWith({ frames: [], failed: stack("malloc", "PyMem_Malloc") }).frames), ["malloc", "PyMem_Malloc"]);
    assert.deepEqual(errorWith({ failed: [] }).frames, []);
  });

  test("an error path's crash has the stack of the crash, and the name of the signal", () => {
    const fields = { kind: "crash", signal: 11, flavor: "from-then-on" } as const;
    const { kind, what, frames, auxiliary } = errorWith({
      ...fields,
      frames: stack("make_table"),
      failed: stack("malloc", "make_pickler"),
    });
    assert.equal(kind, "ErrorPathCrash");
    assert.equal(what, "The process was killed by SIGSEGV after an allocation failed, and all that followed");
    assert.deepEqual(namesOf(frames), ["make_table"]);
    assert.deepEqual(
      auxiliary.map((one) => one.what),
      ["The allocation that failed"],
    );
    assert.match(errorWith({ kind: "crash", signal: 99 }).what, /signal 99/);
  });

  test("an error path's lost error has CPython's message without addresses, and begins where the memory was needed", () => {
    const what = "<function f at 0x7f0012ab> returned NULL without setting an exception";
    const error = errorWith({ kind: "lost-error", what, failed: stack("malloc", "PyList_New", "make_table", "_PyEval_EvalFrameDefault") });
    assert.equal(error.kind, "LostError");
    assert.equal(error.what, "SystemError: <function f> returned NULL without setting an exception after one allocation failed");
    assert.deepEqual(namesOf(error.frames), ["make_table", "_PyEval_EvalFrameDefault"]);
  });
});
