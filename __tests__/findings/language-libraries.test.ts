import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isLambdaInLibrary, isLanguageLibrary } from "../../src/findings/language-libraries.ts";
import { assignRoles, segmentOf } from "../../src/findings/segment.ts";
import { siteOf } from "../../src/findings/site.ts";
import type { Frame } from "../../src/model/memory-error.ts";
import { frame, PROJECT, stack } from "../support/builders.ts";

const at = (directory: string, file: string, name = "f"): Frame => frame(name, { directory, file });

suite("a language's library", () => {
  for (const [directory, file] of [
    ["/usr/include/c++/12/bits", "hashtable.h"],
    ["/usr/local/include/c++/15", "vector"],
    ["/tmp/pip-build-env-x/overlay/lib/python3.13/site-packages/pybind11/include/pybind11", "pybind11.h"],
    ["/x/venv/lib/python3.13/site-packages/nanobind/src", "nb_func.cpp"],
    ["/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860", "library/alloc/src/alloc.rs"],
    ["/rust/deps/hashbrown-0.16.1", "src/map.rs"],
    ["/home/dev/.rustup/toolchains/stable/lib/rustlib/src/rust/library/alloc/src", "boxed.rs"],
    ["/home/dev/.cargo/registry/src/index-1949cf8c6b5b557f/pyo3-0.29.3/src/impl_", "trampoline.rs"],
  ] as const) {
    test(`a language's library has the file ${file} in ${directory}`, () => assert.ok(isLanguageLibrary(at(directory, file))));
  }

  test("a language's library has no file of a project, whatever its function is called", () => {
    for (const [directory, file] of [
      ["/src/ext/src", "lib.rs"],
      ["/src/ext/include/ext", "pool.hpp"],
      ["", "two.cpp"],
      ["/src/pybind11/tests", "test_stl.cpp"],
    ] as const)
      assert.ok(!isLanguageLibrary(at(directory, file, "std::vector<int>::push_back(int)")), directory);
  });

  test("a language's library is known by the namespace if a frame has no file", () => {
    const named = (name: string): boolean => isLanguageLibrary({ address: "0x1", function: name });
    for (const name of [
      "std::string::append(char)",
      "alloc::vec::Vec<T,A>::push",
      "<T as core::convert::Into<U>>::into",
      "pyo3::types::list::new",
    ])
      assert.ok(named(name), name);
    for (const name of ["ext::std_like()", "std_sort", "two::std::f", "PyList_New"]) assert.ok(!named(name), name);
  });

  test("a language's library has Cython's helpers, which stand in each file that it makes", () => {
    assert.ok(isLanguageLibrary(at("/src/ext", "demo.c", "__Pyx_PyDict_NewPresized")));
    assert.ok(!isLanguageLibrary(at("/src/ext", "demo.c", "__pyx_pf_4demo_take")));
  });

  test("a language's library lends its name to the user's lambda in the user's file", () => {
    assert.ok(isLambdaInLibrary(at("/src/ext", "m.cpp", "pybind11::cpp_function::initialize<f()::{lambda()#1}>(void (*)())")));
    assert.ok(!isLambdaInLibrary(at("/src/ext", "m.cpp", "ext::take(int)")));
  });
});

suite("frames of a language's library", () => {
  const library = (name: string): Frame =>
    frame(name, { address: `0x${name.length}`, directory: "/usr/include/c++/12/bits", file: "new_allocator.h" });
  const own = frame("ext::learn(int)", { address: "0x90", file: "m.cpp" });
  const [malloc] = stack("malloc");
  const segment = (...frames: readonly Frame[]): readonly string[] => segmentOf(assignRoles({ kind: "Leak_DefinitelyLost", frames }));

  test("frames of a language's library are in no leak's signature or site if the user's function is on the stack", () => {
    const frames = [malloc ?? own, library("allocate"), library("push_back"), own];
    assert.deepEqual(segment(...frames), ["::learn@m.cpp"]);
    assert.deepEqual(
      assignRoles({ kind: "Leak_DefinitelyLost", frames }).map(({ role }) => role),
      ["allocator", "library", "library", "key"],
    );
    assert.equal(siteOf(frames, PROJECT).function, "ext::learn");
  });

  test("frames of a language's library are the signature and the site if nothing else is there", () => {
    const frames = [malloc ?? own, library("allocate"), library("push_back")];
    assert.deepEqual(segment(...frames), ["allocate", "push_back"]);
    assert.equal(siteOf(frames, { roots: [] }).function, "allocate");
  });
});
