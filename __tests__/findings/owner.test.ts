import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ownerOf } from "../../src/findings/owner.ts";
import type { Project } from "../../src/findings/site.ts";
import type { Frame } from "../../src/model/memory-error.ts";

const PROJECT: Project = {
  roots: ["/src/ext"],
  interpreter: ["/builds/tree"],
  ownsObject: (object) => object.startsWith("/venv/lib/site-packages/ext/"),
};

const frameIn = (object: string, name: string, directory = "/build", file = "x.c"): Frame => ({
  address: name,
  object,
  function: name,
  directory,
  file,
});
const malloc = frameIn("/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so", "malloc");
const inPython = frameIn("/builds/tree/python", "PyList_New", "/cpython/Objects", "listobject.c");
const loop = frameIn("/builds/tree/python", "_PyEval_EvalFrameDefault", "/cpython/Python", "ceval.c");
const json = frameIn("/builds/tree/build/lib.linux/_json.cpython-313.so", "scan_once");
const probe = frameIn("/builds/key/probe/1/cpython_memcheck_probe.cpython-313-x86_64-linux-gnu.so", "leak");
const xml = frameIn("/usr/lib/x86_64-linux-gnu/libxml2.so.2", "xmlNewDoc");
const own = frameIn("/venv/lib/site-packages/ext/_ext.cpython-313-x86_64-linux-gnu.so", "take");
const other = frameIn("/venv/lib/site-packages/numpy/_core/_multiarray_umath.so", "array_new");

suite("the owner of an error", () => {
  test("an error is the project's if one of its shared objects is on the stack, however far out", () => {
    assert.equal(ownerOf([malloc, own, loop], PROJECT), "project");
    assert.equal(ownerOf([malloc, inPython, loop, own, loop], PROJECT), "project");
    assert.equal(ownerOf([malloc, xml, own, loop], PROJECT), "project");
    assert.equal(ownerOf([malloc, other, own, loop], PROJECT), "project");
  });

  test("an error is the project's if a file of it is, in whatever object", () => {
    assert.equal(ownerOf([malloc, frameIn("/tmp/x/lib.so", "f", "/src/ext/src", "f.c"), loop], PROJECT), "project");
  });

  test("an error is another package's if only its shared object is there", () => {
    assert.equal(ownerOf([malloc, other, loop], PROJECT), "extension");
  });

  test("an error is the interpreter's if there is nothing but itself, its modules, the system and those that watch", () => {
    assert.equal(ownerOf([malloc, inPython, loop], PROJECT), "interpreter");
    assert.equal(ownerOf([malloc, json, probe, loop], PROJECT), "interpreter");
    assert.equal(ownerOf([malloc, xml, frameIn("/usr/lib/libc.so.6", "start_thread")], PROJECT), "interpreter");
  });

  test("an error is of unknown origin if the stack ends before the eval loop", () => {
    assert.equal(ownerOf([malloc, inPython], PROJECT), "unknown");
    assert.equal(ownerOf([], PROJECT), "unknown");
  });

  test("an error is the project's if CPython itself is under test", () => {
    assert.equal(ownerOf([malloc, inPython], { roots: ["/builds/tree"] }), "project");
  });
});
