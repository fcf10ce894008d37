import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { cythonKey, cythonName, namespaceOf, titleName, unqualifiedName } from "../../src/findings/readable-name.ts";

suite("a name of C++ or Rust", () => {
  const LAMBDA = "pybind11::cpp_function::initialize<f(pybind11::module_&)::{lambda()#1}, void>(f(pybind11::module_&)::{lambda()#1}&&)";
  /** The name in debug information, its last part, its title, and its namespace. */
  const names = [
    ["ext::parse(std::string const&)", "::parse", "ext::parse", "ext"],
    ["void* ext::load<int>(int)", "::load", "ext::load", "ext"],
    ["ext::Pool<std::pair<int, char> >::take(int) const", "::take", "ext::Pool::take", "ext"],
    ["ext::Obj::~Obj()", "::~Obj", "ext::Obj::~Obj", "ext"],
    ["ext::Map::operator[](int)", "::operator[]", "ext::Map::operator[]", "ext"],
    ["bool ext::operator==<int>(A, B)", "::operator==", "ext::operator==", "ext"],
    ["ext::run()::{lambda()#1}::operator()() const", "::{closure}", "ext::run::{closure}", "ext"],
    [`${LAMBDA}::{lambda(pybind11::detail::function_call&)#1}::_FUN(pybind11::detail::function_call&)`, "::{closure}", null, "pybind11"],
    ["operator()", "::{closure}", "operator()", ""],
    ["two::store::save", "::save", "two::store::save", "two"],
    ["<two::Table as core::clone::Clone>::clone", "::clone", "two::Table::clone", "two"],
    ["<T as core::convert::Into<U>>::into", "::into", null, "core"],
    ["two::_::<impl two::Table>::__pymethod_learn__", "::__pymethod_learn__", "two::__pymethod_learn__", "two"],
    ["two::main::{{closure}}", "::{closure}", "two::main::{closure}", "two"],
    ["{closure#0}", "::{closure}", "{closure}", undefined],
    ["take<u64>", "::take", "take", undefined],
  ] as const;
  for (const [name, last, title, namespace] of names) {
    test(`a name of C++ or Rust has its last part, its title and its namespace: ${name.slice(0, 60)}`, () => {
      assert.equal(unqualifiedName(name), last);
      if (title !== null) assert.equal(titleName(name), title);
      assert.equal(namespaceOf(name), namespace);
    });
  }

  test("a plain name in a C++ or Rust file is a name of that language, since `main` and `clone` are not C functions there", () => {
    assert.equal(unqualifiedName("clone", "lib.rs"), "::clone");
    assert.equal(unqualifiedName("main", "two.cpp"), "::main");
    assert.equal(unqualifiedName("clone", "clone.c"), undefined);
    assert.equal(unqualifiedName("malloc", "lsan_interceptors.cpp"), undefined);
  });

  test("a name of C, valgrind or our own with brackets is not a C++ or Rust name", () => {
    for (const name of ["PyList_New", "(below main)", "(libz.so)", "operator new(unsigned long)"]) {
      assert.equal(unqualifiedName(name), undefined, name);
      assert.equal(titleName(name), name);
    }
  });
});

suite("a name of Cython's", () => {
  const names = [
    ["__pyx_pw_4demo_5Owner_3take", "demo.Owner.take"],
    ["__pyx_pf_4demo_5Owner_2take", "demo.Owner.take"],
    ["__pyx_pf_4demo_5Owner_take", "demo.Owner.take"],
    ["__pyx_f_4demo_conv_2d", "demo.conv_2d"],
    ["__pyx_fuse_1__pyx_f_4demo_add", "demo.add"],
    ["__pyx_gb_4demo_2generator1", "demo.generator"],
    ["__pyx_tp_new_4demo_Owner", "demo.Owner.tp_new"],
  ] as const;
  for (const [name, readable] of names) test(`a name of Cython's is readable: ${name}`, () => assert.equal(cythonName(name), readable));

  for (const [kind, numbers] of [
    ["pw", [1, 3, 5, 7, 9, 11]],
    ["pf", ["", 2, 4, 6, 8, 10]],
  ] as const) {
    test(`a name of Cython's is the same whatever its running number, even one like a class name's length: ${kind}`, () => {
      for (const number of numbers) {
        assert.equal(cythonName(`__pyx_${kind}_4demo_${number}lose_block`), "demo.lose_block");
        assert.equal(cythonKey(`__pyx_${kind}_4demo_${number}lose_block`), "__pyx_demo_lose_block");
      }
    });
  }

  test("a name of Cython's begins with the module, whose packages have small letters", () => {
    assert.equal(cythonName("__pyx_pf_3pkg_4demo_take", "demo"), "pkg.demo.take");
    assert.equal(cythonName("__pyx_pf_3pkg_4demo_4lose_block", "demo"), "pkg.demo.lose_block");
  });

  test("functions and names that Cython does not number are not Cython names", () => {
    for (const name of ["__pyx_pymod_exec_demo", "__Pyx_PyObject_Call", "PyList_New"]) assert.equal(cythonName(name), undefined, name);
  });
});
