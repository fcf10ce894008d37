import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { normalizeFrames, normalizeName } from "../../src/findings/frames.ts";
import type { Frame } from "../../src/model/memory-error.ts";
import { frame } from "../support/builders.ts";

const nameOf = (name: string): string => normalizeName({ address: "0x1", function: name });
/** Without the mark of C++ and Rust. */
const namesOf = (frames: readonly Frame[]): string[] => normalizeFrames(frames).map(({ name }) => name.replace(/^::/, ""));

suite("names of functions", () => {
  test("compiler suffixes are cut from names of functions, however many there are", () => {
    for (const suffix of [".isra.0", ".part.0", ".constprop.1.isra.0", ".cold", ".lto_priv.3", ".part.0.cold", ".llvm.123456"]) {
      assert.equal(nameOf(`PyUnicode_New${suffix}`), "PyUnicode_New", suffix);
    }
  });

  test("a symbol's version and glibc's internal prefix are cut from its name", () => {
    assert.equal(nameOf("memcpy@@GLIBC_2.14"), "memcpy");
    assert.equal(nameOf("realpath@GLIBC_2.3"), "realpath");
    assert.equal(nameOf("__GI_strlen"), "strlen");
    assert.equal(nameOf("__GI___printf_fp.isra.0"), "__printf_fp");
  });

  test("the halves of one function have one name", () => {
    for (const half of ["list_sort", "list_sort_impl", "list_sort_lock_held", "list_sort_unlocked", "list_sort_lock_held_impl"]) {
      assert.equal(nameOf(half), "list_sort", half);
    }
    assert.equal(nameOf("_imp_lock_held_impl"), nameOf("_imp_lock_held"));
  });

  test("a half of a function is recognized by a whole word at the end of its name", () => {
    for (const name of ["_impl", "unimpl", "impl_list", "x_implement", "reimpl"]) assert.equal(nameOf(name), name);
  });

  test("the numbers in names of the generated parser do not count, since new grammar renumbers them", () => {
    assert.equal(nameOf("_tmp_12_rule"), nameOf("_tmp_253_rule"));
    assert.equal(nameOf("_loop0_1_rule"), nameOf("_loop0_160_rule"));
    assert.equal(nameOf("_gather_3_rule.isra.0"), nameOf("_gather_71_rule"));
    assert.notEqual(nameOf("_loop0_1_rule"), nameOf("_loop1_1_rule"));
    assert.equal(nameOf("star_targets_rule"), "star_targets_rule");
  });

  test("C++ names keep their last part in full, since every engine and every build reports it", () => {
    const names = [
      ["operator new(unsigned long)", "operator new(unsigned long)"],
      ["std::vector<int, std::allocator<int> >::push_back(int&&)", "::push_back"],
      ["basix::cell::sub_entity_impl", "::sub_entity_impl"],
      ["solver::step_unlocked", "::step_unlocked"],
      ["print(char const*, ...)", "::print"],
      ["operator==", "::operator=="],
      ["{lambda(auto:1)#1}::operator()<int>(int) const", "::{closure}"],
    ] as const;
    for (const [name, last] of names) assert.equal(nameOf(name), last);
  });

  test("the compiler's suffix is cut from a C++ name in the form that the demangler gives it", () => {
    assert.equal(nameOf("solve(double, float) [clone .constprop.0]"), "::solve");
    assert.equal(nameOf("print(char const*, ...) [clone .isra.0] [clone .cold]"), "::print");
    assert.equal(nameOf("ns::grab(int) [clone .part.0]"), "::grab");
  });

  test("a C name that begins like a C++ operator is a C name", () => {
    assert.equal(nameOf("operator_call.isra.0"), "operator_call");
  });

  test("a frame without a function is known by its object, without versions and build tags", () => {
    const objectName = (object?: string): string => normalizeName({ address: "0x1", ...(object === undefined ? {} : { object }) });
    assert.equal(objectName("/lib/x86_64-linux-gnu/libz.so.1.2.13"), "(libz.so)");
    assert.equal(objectName("/x/_csv.cpython-313-x86_64-linux-gnu.so"), "(_csv.so)");
    assert.equal(objectName("/usr/bin/python3.13"), "(python3.13)");
    assert.equal(objectName(), "(unknown)");
  });

  test("normalizing a function's name twice changes nothing, and no name becomes empty", () => {
    const part = fc.constantFrom("list", "_", "impl", "_impl", "_unlocked", ".", ".part.0", "@", "__GI_", "tmp_3_rule", "::", "(", "a");
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(name, (raw) => {
        const once = nameOf(raw);
        assert.notEqual(once, "");
        if (!raw.includes("__GI_") && !raw.includes("@")) assert.equal(nameOf(once), once);
      }),
    );
  });
});

suite("inlined frames", () => {
  const inlined = (name: string, address: string): Frame => frame(name, { address, directory: "/builds/tree/Include", file: "object.h" });

  test("inlined frames from headers are folded into the function that has them, also several at once", () => {
    const stack = [
      inlined("Py_TYPE", "0x1"),
      inlined("Py_IS_TYPE", "0x1"),
      frame("encode", { address: "0x1" }),
      frame("f", { address: "0x2" }),
    ];
    assert.deepEqual(namesOf(stack), ["encode", "f"]);
  });

  const headers = [
    "a.hpp",
    "a.hxx",
    "a.hh",
    "a.h++",
    "a.H",
    "a.tcc",
    "a.tpp",
    "a.txx",
    "a.inl",
    "a.ipp",
    "a.icc",
    "a.inc",
    "a.cuh",
    "vector",
  ];
  for (const file of headers) {
    test(`inlined frames from C++ headers are folded, such as ${file}`, () => {
      assert.deepEqual(namesOf([frame("grow", { address: "0x1", file }), frame("append", { address: "0x1", file: "m.cpp" })]), ["append"]);
      assert.deepEqual(namesOf([frame("grow", { address: "0x1", file }), frame("append", { address: "0x2" })]), ["grow", "append"]);
    });
  }

  for (const file of ["a.c", "a.cc", "a.cpp", "a.cxx", "a.C", "a.rs", "a.pyx", "a.f90", "a.inl.cpp", "hpp.c"]) {
    test(`inlined frames from source files stay, such as ${file}`, () => {
      assert.deepEqual(namesOf([frame("grow", { address: "0x1", file }), frame("append", { address: "0x1" })]), ["grow", "append"]);
    });
  }

  test("inlined frames whose name valgrind does not know are folded, and have their object's name elsewhere", () => {
    const unknown = (address: string): Frame => ({ address, function: "UnknownInlinedFun", object: "/x/_m.so", file: "m.c" });
    assert.deepEqual(namesOf([unknown("0x1"), unknown("0x1"), frame("make", { address: "0x1" })]), ["make"]);
    assert.deepEqual(namesOf([unknown("0x1"), frame("make", { address: "0x2" })]), ["(_m.so)", "make"]);
  });

  test("inlined frames from the project's own files stay", () => {
    assert.deepEqual(namesOf([frame("helper", { address: "0x1" }), frame("caller", { address: "0x1" })]), ["helper", "caller"]);
  });

  test("a frame of a header's function that was not inlined stays", () => {
    assert.deepEqual(namesOf([inlined("_PyObject_VectorcallTstate", "0x1"), frame("caller", { address: "0x2" })]), [
      "_PyObject_VectorcallTstate",
      "caller",
    ]);
    assert.deepEqual(namesOf([frame("f", { address: "0x1" }), inlined("last", "0x2")]), ["f", "last"]);
  });

  test("frames of the argument clinic's functions stay, though their files end like headers", () => {
    const clinic = frame("Struct___init__", { address: "0x1", directory: "/builds/tree/Modules/clinic", file: "_struct.c.h" });
    const body = frame("Struct___init___impl", { address: "0x1", file: "_struct.c" });
    assert.deepEqual(namesOf([body, clinic, frame("type_call", { address: "0x2" })]), ["Struct___init__", "Struct___init__", "type_call"]);
  });

  test("an inlined frame that has no file is not folded", () => {
    assert.deepEqual(namesOf([{ address: "0x1" }, { address: "0x1" }]), ["(unknown)", "(unknown)"]);
  });
});
