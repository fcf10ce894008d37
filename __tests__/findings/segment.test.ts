import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { assignRoles, GROWTH, normalizedStackOf, rolesOfStack, segmentOf } from "../../src/findings/segment.ts";
import type { Frame } from "../../src/model/memory-error.ts";
import { error, frame, leak, stack } from "../support/builders.ts";

const leakSegment = (text: string): string => segmentOf(assignRoles(leak(text))).join(" < ");

test("the segment of growth has the path that keeps it, and the allocation's stack as in a leak, also from a baseline", () => {
  for (const text of ["malloc < list_append < _PyEval_EvalFrameDefault < f", "_PyEval_EvalFrameDefault < g", "malloc < PyMem_Malloc < f"]) {
    const frames = [{ address: "0x0", function: "(json.KEPT: list → Entry)" }, ...stack(text)];
    const annotated = assignRoles({ kind: GROWTH, frames });
    assert.deepEqual(segmentOf(annotated), ["(json.KEPT: list → Entry)", ...segmentOf(assignRoles(leak(text)))]);
    assert.deepEqual(segmentOf(rolesOfStack(GROWTH, normalizedStackOf(GROWTH, annotated))), segmentOf(annotated));
  }
});

suite("the segment of a leak", () => {
  test("the segment of a leak begins below the allocators", () => {
    assert.equal(leakSegment("malloc < _PyMem_RawMalloc < PyMem_Malloc < prepare_s < Struct___init__"), "prepare_s < Struct___init__");
    assert.equal(leakSegment("malloc < _PyObject_MallocWithType < gc_alloc < _PyObject_GC_New < list_iter < f"), "list_iter < f");
    assert.equal(leakSegment("calloc < PyMem_RawCalloc < f"), "f");
    assert.equal(leakSegment("operator new(unsigned long) < f"), "f");
  });

  test("the segment of a leak begins below the trampolines that follow the allocators", () => {
    assert.equal(leakSegment("malloc < PyType_GenericAlloc < type_call < _PyObject_MakeTpCall < find_internal"), "find_internal");
    assert.equal(leakSegment("malloc < slot_tp_new < wrap_binaryfunc_l < cfunction_vectorcall_O < f"), "f");
  });

  test("the segment of a leak keeps allocators and trampolines that come later", () => {
    assert.equal(leakSegment("malloc < f < type_call < PyMem_Malloc < g"), "f < type_call < PyMem_Malloc < g");
  });

  test("the segment of a leak keeps functions of the project that only have a trampoline's name", () => {
    assert.equal(leakSegment("malloc < PyMem_Malloc < wrap_strftime < date_strftime"), "wrap_strftime < date_strftime");
    assert.equal(leakSegment("malloc < wrap_in_stopiteration_handler < f"), "wrap_in_stopiteration_handler < f");
  });

  test("the segment of a leak ends at the first turn of the eval loop", () => {
    assert.equal(leakSegment("malloc < f < g < _PyEval_EvalFrameDefault < h < _PyEval_EvalFrameDefault < i"), "f < g");
  });

  test("the segment of a leak ends at an import, start-up or the start of a thread", () => {
    for (const boundary of [
      "import_find_and_load",
      "PyImport_ImportModuleLevelObject",
      "pymain_run_module",
      "init_interp_main",
      "thread_run",
    ]) {
      assert.equal(leakSegment(`malloc < f < ${boundary} < g`), "f", boundary);
    }
    assert.equal(leakSegment("malloc < f < main < (below main)"), "f");
  });

  test("the segment of a leak folds recursion at any depth: the first of each name stays", () => {
    const once = leakSegment("malloc < encode_obj < encode_dict < encode_list < dumps");
    assert.equal(leakSegment("malloc < encode_obj < encode_dict < encode_obj < encode_dict < encode_list < encode_obj < dumps"), once);
    assert.equal(leakSegment("malloc < f < f < f < g < f < g"), "f < g");
  });

  test("the segment of a leak has at most twelve names", () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
    assert.equal(leakSegment(["malloc", ...names].join(" < ")), names.slice(0, 12).join(" < "));
  });

  test("the segment of a leak has all frames if only allocators and trampolines made the block", () => {
    const made = "malloc < _PyType_AllocNoTrack < PyType_GenericAlloc < type_call < _PyObject_MakeTpCall";
    assert.equal(leakSegment(`${made} < _PyEval_EvalFrameDefault < f`), made);
  });

  test("the segment of a leak is the whole stack if the eval loop itself is the innermost frame", () => {
    assert.equal(leakSegment("_PyEval_EvalFrameDefault < f"), "_PyEval_EvalFrameDefault < f");
  });
});

suite("the segment of any other error", () => {
  const segment = (frames: readonly Frame[]): string => segmentOf(assignRoles(error({ frames }))).join(" < ");

  test("the segment of an error other than a leak is the four innermost addresses, with any functions", () => {
    assert.equal(segment(stack("free < _PyMem_RawFree < f < g < h < i")), "free < _PyMem_RawFree < f < g");
  });

  test("the segment of an error other than a leak ends with the function that Python code called, directly or not", () => {
    for (const way of [
      "_PyEval_EvalFrameDefault < g",
      "method_vectorcall_O < _PyEval_EvalFrameDefault",
      "method_vectorcall_O < _PyObject_Call",
    ]) {
      assert.equal(segment(stack(`getitem < array_count < ${way} < h < i`)), "getitem < array_count");
    }
  });

  test("the segment of an error other than a leak is all four if the eval loop or a call itself is innermost", () => {
    const loop = "_PyEval_EvalFrameDefault < _PyEval_Vector < gen_send_ex2 < g";
    assert.equal(segment(stack(`${loop} < h`)), loop);
    const call = "method_vectorcall_O < PyObject_Vectorcall < _PyEval_EvalFrameDefault < g";
    assert.equal(segment(stack(`${call} < h`)), call);
  });

  test("the segment of an error other than a leak counts frames that were inlined at one address as one", () => {
    const inlined = [frame("a", { address: "0x1" }), frame("b", { address: "0x1" }), frame("c", { address: "0x1" })];
    const rest = ["d", "e", "f", "g"].map((name, index) => frame(name, { address: `0x${index + 2}` }));
    assert.equal(segment([...inlined, ...rest]), "a < b < c < d < e < f");
  });

  test("the segment of an error other than a leak counts a recursion's frames separately, as valgrind does", () => {
    const frames = ["a", "b", "a", "c", "d", "e"].map((name) => frame(name));
    assert.equal(segment(frames), "a < b < c");
  });

  test("the segment of an error other than a leak does not depend on later frames, even a repetition", () => {
    const four = ["a", "b", "c", "d"].map((name) => frame(name));
    for (const fifth of [...four.slice(0, 3), frame("e")]) assert.equal(segment([...four, fifth, frame("f")]), "a < b < c < d");
  });
});

test("no error that has a frame has an empty segment, or an empty name in it", () => {
  const names = ["malloc", "PyMem_Malloc", "type_call", "_PyEval_EvalFrameDefault", "main", "f", "g_impl", "h.part.0", "thread_run"];
  const frames = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 40 }).map((chosen) => stack(chosen.join(" < ")));
  fc.assert(
    fc.property(frames, fc.constantFrom("Leak_DefinitelyLost", "InvalidRead", "SomethingNew"), (chosen, kind) => {
      const segment = segmentOf(assignRoles(error({ kind, frames: chosen })));
      assert.ok(segment.length >= 1 && segment.length <= 12);
      assert.equal(new Set(segment).size, segment.length);
      assert.ok(segment.every((name) => name !== ""));
    }),
  );
});
