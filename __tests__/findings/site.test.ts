import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { indexFiles } from "../../src/findings/project-files.ts";
import { projectFile, siteOf } from "../../src/findings/site.ts";
import type { Frame } from "../../src/model/memory-error.ts";
import { frame, PROJECT, stack, TREE } from "../support/builders.ts";

const siteIn = (frames: readonly Frame[]): string => siteOf(frames, PROJECT).function;
const site = (text: string): string => siteIn(stack(text));

/** A frame of a library with debug information. */
const foreign = (name: string): Frame => frame(name, { directory: "/usr/src/zlib", file: "inflate.c", line: 99 });

suite("a file of the project", () => {
  const fileIn = (directory: string, file: string): string | undefined => projectFile(frame("f", { directory, file }), PROJECT);

  test("a file of the project is named by its path in the project, however the compiler wrote it", () => {
    assert.equal(fileIn("/builds/tree/Modules", "_csv.c"), "Modules/_csv.c");
    assert.equal(fileIn("/builds/tree/./Modules/_sre", "sre.c"), "Modules/_sre/sre.c");
    assert.equal(fileIn("/builds/out/../tree/Python", "ceval.c"), "Python/ceval.c");
    assert.equal(fileIn("/builds/tree", "./Modules//clinic/../_csv.c"), "Modules/_csv.c");
  });

  test("files beside or above the project are not files of the project", () => {
    assert.equal(fileIn("/builds/tree2/Modules", "_csv.c"), undefined);
    assert.equal(fileIn("/builds/tree/../other", "x.c"), undefined);
    assert.equal(fileIn("/builds", "x.c"), undefined);
    assert.equal(projectFile({ address: "0x1", file: "x.c" }, PROJECT), undefined);
    assert.equal(projectFile({ address: "0x1", directory: "/builds/tree" }, PROJECT), undefined);
  });
});

suite("the site of an error", () => {
  test("the site of an error has the function, the file in the project and the line", () => {
    const frames = [frame("parse_impl.isra.0", { directory: "/builds/tree/Modules", file: "_csv.c", line: 702 })];
    assert.deepEqual(siteOf(frames, PROJECT), { function: "parse", file: "Modules/_csv.c", line: 702 });
  });

  test("the site of an error is in the project, even if a library's frames come first", () => {
    assert.equal(siteIn([foreign("inflate"), foreign("inflateInit"), frame("zlib_decompress"), frame("caller")]), "zlib_decompress");
  });

  test("the site of an error is the innermost frame if the project has none, with as much as is known", () => {
    assert.deepEqual(siteOf([foreign("inflate"), foreign("main")], PROJECT), { function: "inflate", file: "inflate.c", line: 99 });
    const bare = siteOf([{ address: "0x1", object: "/lib/libz.so.1" }], PROJECT);
    assert.deepEqual(bare, { function: "(libz.so)", file: null, line: null });
  });

  test("the site of an error that has no stack is said to be missing", () => {
    assert.deepEqual(siteOf([], PROJECT), { function: "(no stack)", file: null, line: null });
  });

  test("the site of an error is not a function inlined from a header", () => {
    const inlined = frame("Py_TYPE", { address: "0x5", directory: "/builds/tree/Include", file: "object.h", line: 1 });
    assert.equal(
      siteIn([inlined, frame("encoder_listencode_obj", { address: "0x5" }), frame("f", { address: "0x6" })]),
      "encoder_listencode_obj",
    );
  });

  test("the site of an error is not an allocator, a trampoline or a constructor while there is anything else", () => {
    assert.equal(site("malloc < PyMem_Malloc < PyUnicode_New < _PyObject_Vectorcall < parse_save_field"), "parse_save_field");
    assert.equal(site("malloc < _PyLong_New < PyLong_FromLong < slot_tp_init < f"), "f");
  });

  test("the site of an error is a constructor before a trampoline, and a trampoline before an allocator", () => {
    assert.equal(site("malloc < PyMem_Malloc < type_call < PyList_New"), "PyList_New");
    assert.equal(site("malloc < PyMem_Malloc < type_call"), "type_call");
    assert.equal(site("malloc < PyMem_Malloc < PyMem_Calloc"), "PyMem_Malloc");
  });

  test("the site of an error is on this side of the eval loop: frames beyond it called the Python code, not the failing function", () => {
    assert.equal(site("malloc < gc_alloc < PyList_New < _PyEval_EvalFrameDefault < run_eval_code_obj"), "PyList_New");
    assert.equal(site("malloc < PyType_GenericAlloc < type_call < _PyEval_EvalFrameDefault < builtin_exec < map_next"), "type_call");
    assert.equal(site("f < _PyEval_EvalFrameDefault < g"), "f");
  });

  test("the site of an error is the eval loop if it is the innermost frame", () => {
    assert.equal(site("_PyEval_EvalFrameDefault < _PyObject_VectorcallTstate < builtin_exec < run_mod"), "_PyEval_EvalFrameDefault");
  });

  test("the site of an error is beyond the eval loop only if nothing of the project is on this side of it", () => {
    const project = { roots: ["/builds/tree/ext"] };
    const own = frame("ext_callback", { directory: "/builds/tree/ext/src" });
    assert.equal(siteOf([...stack("malloc < PyList_New < _PyEval_EvalFrameDefault < call"), own], project).function, "ext_callback");
  });
});

suite("the site of an error in an extension that was compiled elsewhere", () => {
  const PROJECT_OF_EXTENSION = {
    roots: ["/home/runner/work/ext"],
    interpreter: ["/cpython", TREE],
    files: indexFiles(["src/m.c", "src/table.c"]),
  };
  const MODULE = "/home/runner/work/ext/deps/_m.so";
  const interpreter = (name: string, overrides: Partial<Frame> = {}): Frame =>
    frame(name, { directory: "/cpython/Objects", file: "listobject.c", object: `${TREE}/python`, ...overrides });
  const own = (name: string, overrides: Partial<Frame> = {}): Frame =>
    frame(name, { directory: "/github/workspace/src", file: "m.c", line: 12, object: MODULE, ...overrides });
  const [malloc = own("malloc")] = stack("malloc");
  const of = (...frames: readonly Frame[]) => siteOf(frames, PROJECT_OF_EXTENSION);

  test("the site in an extension that was compiled elsewhere is its own function, and its file by the end of the path", () => {
    const site = of(malloc, interpreter("list_grow"), own("append"), interpreter("cfunction_call"));
    assert.deepEqual(site, { function: "append", file: "src/m.c", line: 12 });
  });

  test("the site in an extension that was compiled elsewhere is its own function, also without a source file", () => {
    const bare = { address: "0x77", function: "append", object: MODULE };
    assert.deepEqual(of(malloc, interpreter("list_grow"), bare), { function: "append", file: null, line: null });
  });

  test("the site in an extension that was compiled elsewhere is its function if the project's files are unknown", () => {
    const site = siteOf([malloc, interpreter("list_grow"), own("append", { file: "new.c" })], {
      ...PROJECT_OF_EXTENSION,
      files: indexFiles([]),
    });
    assert.deepEqual(site, { function: "append", file: "new.c", line: 12 });
  });

  test("the site in an extension that was compiled elsewhere is not in the interpreter or system if there is any other", () => {
    const system = frame("getdelim", { directory: "./libio", file: "m.c", object: "/usr/lib/x86_64-linux-gnu/libc.so.6" });
    assert.equal(of(malloc, system, interpreter("f", { directory: `${TREE}/src`, file: "m.c" }), own("append")).function, "append");
    assert.equal(of(malloc, system, interpreter("f")).function, "getdelim");
    assert.equal(of(malloc, interpreter("list_grow"), interpreter("cfunction_call")).function, "list_grow");
  });

  test("the site in an extension has no file of the project if another library has one of that name", () => {
    const system = frame("parse", { directory: "/build/src", file: "m.c", object: "/lib/x86_64-linux-gnu/libz.so.1" });
    assert.equal(projectFile(system, PROJECT_OF_EXTENSION), undefined);
    assert.equal(projectFile(interpreter("f", { directory: "/cpython/src", file: "m.c" }), PROJECT_OF_EXTENSION), undefined);
    assert.equal(projectFile(own("f"), PROJECT_OF_EXTENSION), "src/m.c");
  });
});

test("the site of an error is never an allocator while any other frame is there", () => {
  assert.deepEqual(siteOf([...stack("malloc"), foreign("inflate")], { roots: ["/elsewhere"] }).function, "inflate");
});

test("the site of an error is always one of its frames, by its normal name", () => {
  const names = ["malloc", "PyMem_Malloc", "type_call", "_PyEval_EvalFrameDefault", "PyList_New", "f", "g_impl", "main"];
  const normal = new Set(["malloc", "PyMem_Malloc", "type_call", "_PyEval_EvalFrameDefault", "PyList_New", "f", "g", "main"]);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 30 }), (chosen) => {
      assert.ok(normal.has(site(chosen.join(" < "))));
    }),
  );
});
