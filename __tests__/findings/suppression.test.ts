import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { suppressionFor } from "../../src/engines/scan/suppressions.ts";
import { suppressionOf } from "../../src/findings/suppression.ts";
import { parseLeakSuppressions } from "../../src/findings/suppression-file.ts";
import type { MemoryError } from "../../src/model/memory-error.ts";
import { error, leak, stack } from "../support/builders.ts";

function linesOf(found: MemoryError): readonly string[] {
  const text = suppressionOf(found, "a name");
  return (text ?? "").split("\n").map((line) => line.trim());
}

/** What a suppression of this kind begins with, after its name. */
function headOf(kind: string, what: string): readonly string[] {
  return linesOf(error({ kind, what, frames: stack("f") })).slice(2, -3);
}

suite("the head of a suppression", () => {
  const heads: readonly (readonly [string, string, readonly string[]])[] = [
    ["InvalidRead", "Invalid read of size 8", ["Memcheck:Addr8"]],
    ["InvalidWrite", "Invalid write of size 1", ["Memcheck:Addr1"]],
    ["UninitCondition", "Conditional jump or move depends on uninitialised value(s)", ["Memcheck:Cond"]],
    ["UninitValue", "Use of uninitialised value of size 4", ["Memcheck:Value4"]],
    ["SyscallParam", "Syscall param write(buf) points to uninitialised byte(s)", ["Memcheck:Param", "write(buf)"]],
    [
      "SyscallParam",
      "Syscall param semctl(IPC_SET, arg.buf) points to unaddressable byte(s)",
      ["Memcheck:Param", "semctl(IPC_SET, arg.buf)"],
    ],
    ["SyscallParam", "Syscall param exit_group(status) contains uninitialised byte(s)", ["Memcheck:Param", "exit_group(status)"]],
    ["FishyValue", "Argument 'size' of function malloc has a fishy (possibly negative) value: -1", ["Memcheck:FishyValue", "malloc(size)"]],
    [
      "FishyValue",
      "Argument 'nmemb' of function operator new[] has a fishy (possibly negative) value: -8",
      ["Memcheck:FishyValue", "operator new[](nmemb)"],
    ],
    ["ClientCheck", "Uninitialised byte(s) found during client check request", ["Memcheck:User"]],
    ["InvalidMemPool", "Illegal memory pool address", ["Memcheck:Mempool"]],
    ["CoreMemError", "signal handler frame contains unaddressable byte(s)", ["Memcheck:CoreMem"]],
    ["InvalidAlignment", "Invalid alignment value: 3 (should be power of 2)", ["Memcheck:BadAlign"]],
    ["InvalidSizeAndAlignment", "Invalid size 7 (should be a multiple of alignment 4)", ["Memcheck:BadAlign"]],
    ["InvalidSize", "Unsafe allocation with size of zero is implementation-defined", ["Memcheck:UnsafeZeroSize"]],
    ["InvalidSize", "Invalid size value: 0", ["Memcheck:BadSize"]],
    ["MismatchedAllocateDeallocateSize", "Mismatched new/delete size value: 4", ["Memcheck:SizeMismatch"]],
    ["MismatchedAllocateDeallocateAlignment", "Mismatched new/delete alignment alloc value: 64", ["Memcheck:AlignMismatch"]],
    ["InvalidFree", "Invalid free() / delete / delete[] / realloc()", ["Memcheck:Free"]],
    ["MismatchedFree", "Mismatched free() / delete / delete []", ["Memcheck:Free"]],
    ["InvalidJump", "Jump to the invalid address stated on the next line", ["Memcheck:Jump"]],
    ["Overlap", "Source and destination overlap in memcpy(0x1, 0x2, 9)", ["Memcheck:Overlap"]],
    ["ReallocSizeZero", "realloc() with size 0", ["Memcheck:ReallocZero"]],
    ["FdBadClose", "File descriptor 7: already closed", ["CoreError:FdBadClose"]],
    ["FdNotClosed", "File descriptor 3: /tmp/x is never closed", ["CoreError:FdNotClosed"]],
    ["FdBadUse", "File descriptor 7: used after close", ["CoreError:FdBadUse"]],
    ["Leak_DefinitelyLost", "8 bytes in 1 blocks are definitely lost", ["Memcheck:Leak", "match-leak-kinds: definite,possible"]],
    ["Leak_PossiblyLost", "8 bytes in 1 blocks are possibly lost", ["Memcheck:Leak", "match-leak-kinds: definite,possible"]],
  ];

  for (const [kind, what, head] of heads) {
    test(`the head of a suppression of ${kind} is ${head.join(" and ")}`, () => assert.deepEqual(headOf(kind, what), head));
  }

  test("a suppression has no head for an unknown kind, or an unknown size", () => {
    assert.equal(suppressionOf(error({ kind: "SomethingNew" }), "a name"), null);
    assert.equal(suppressionOf(error({ kind: "InvalidRead", what: "Invalid read" }), "a name"), null);
    assert.equal(suppressionOf(error({ kind: "SyscallParam", what: "" }), "a name"), null);
    assert.equal(suppressionOf(error({ kind: "FishyValue", what: "a fishy value" }), "a name"), null);
    for (const kind of ["constructor", "__proto__"]) assert.equal(suppressionOf(error({ kind }), "a name"), null);
  });
});

suite("the frames of a suppression", () => {
  test("the frames of a suppression are the whole text of one that can be pasted", () => {
    const text = suppressionOf(
      leak("malloc < _PyMem_RawMalloc < prepare_s.part.0 < _PyEval_EvalFrameDefault < f"),
      "cpython-memcheck 12ab",
    );
    const head = "   cpython-memcheck 12ab\n   Memcheck:Leak\n   match-leak-kinds: definite,possible\n";
    assert.equal(text, `{\n${head}   fun:malloc\n   fun:_PyMem_RawMalloc\n   fun:prepare_s*\n}\n`);
  });

  test("the frames of a suppression keep the linker's versions, and not the compiler's suffixes", () => {
    const names = ["memcpy@@GLIBC_2.14", "f$x.isra.0", "f.constprop.0", "load.lto_priv.3", "helper.part.0.cold"];
    const frames = names.map((name, index) => ({ address: `0x${index}`, function: name }));
    const patterns = ["fun:memcpy@@GLIBC_2.14", "fun:f$x*", "fun:f*", "fun:load*", "fun:helper*"];
    assert.deepEqual(linesOf(error({ frames })).slice(3, -2), patterns);
  });

  test("an error without a stack has no suppression, since valgrind would refuse the whole file", () => {
    assert.equal(suppressionOf(error({ kind: "FdNotClosed", frames: [] }), "a name"), null);
  });

  test("the frames of a suppression are patterns of the linker's name if only the readable one is known, or objects", () => {
    const names = ["operator new(unsigned long)", "ns::grab(int)", "solve(double) [clone .cold]", "operator==(A, B)"];
    const frames = names.map((name, index) => ({ address: `0x${index}`, function: name, object: "/x/_m.so" }));
    assert.deepEqual(linesOf(error({ frames })).slice(3, -2), ["fun:_Znw*", "fun:_*2ns*4grab*", "fun:_*5solve*", "obj:/x/_m.so"]);
  });

  test("the frames of a suppression are patterns of the plain name if a function was inlined", () => {
    const names = ["get<int>", "ext::grab(int)", "ext::one(std::string)"];
    const frames = names.map((name) => ({ address: "0x1", function: name }));
    assert.deepEqual(linesOf(error({ frames })).slice(3, -2), ["fun:*get*", "fun:*grab*", "fun:_*3ext*3one*"]);
  });

  test("the frames of a suppression are valgrind's own if it made a suppression of the whole stack", () => {
    const frames = ["operator new(unsigned long)", "ext::load(int)"].map((name, index) => ({ address: `0x${index}`, function: name }));
    const head = "{\n   <insert_a_suppression_name_here>\n   Memcheck:Addr1\n";
    const lines = (suppression: string): readonly string[] => linesOf(error({ frames, suppression })).slice(2, -2);
    assert.deepEqual(lines(`${head}   fun:_Znwm\n   fun:_ZN3ext4loadEi\n}`), ["Memcheck:Addr1", "fun:_Znwm", "fun:_ZN3ext4loadEi"]);
    assert.deepEqual(lines(`${head}   fun:_Znwm\n}`), ["Memcheck:Addr1", "fun:_Znw*", "fun:_*3ext*4load*"]);
  });

  test("the frames of a suppression leave out the hashes in Rust's names, and keep their dots", () => {
    const of = (linkerName: string): readonly string[] =>
      linesOf(error({ frames: [{ address: "0x1", function: "two::f", linkerName }] })).slice(3, -2);
    assert.deepEqual(of("_ZN3two8lose_map17h5790bbe0911e57f2E"), ["fun:_ZN3two8lose_map17h*"]);
    const clone = "_ZN54_$LT$two..Table$u20$as$u20$core..clone..Clone$GT$5clone17h";
    assert.deepEqual(of(`${clone}5790bbe0911e57f2E`), [`fun:${clone}*`]);
    assert.deepEqual(of("_RNvNtCs1a2B_3two5store4save"), ["fun:_RNvNtCs*_3two5store4save"]);
    assert.deepEqual(of("_ZN3ext4loadEi.constprop.0"), ["fun:_ZN3ext4loadEi*"]);
  });

  test("the frames of a suppression are objects if no function is known", () => {
    const frames = [{ address: "0x1", object: "/lib/libz.so.1" }, { address: "0x2" }];
    assert.deepEqual(linesOf(error({ frames })).slice(3, -2), ["obj:/lib/libz.so.1", "obj:*"]);
  });

  test("the frames of a suppression end before the eval loop, unless it is the innermost", () => {
    assert.deepEqual(linesOf(error({ frames: stack("f < _PyEval_EvalFrameDefault < g") })).slice(3, -2), ["fun:f"]);
    const inside = linesOf(error({ frames: stack("_PyEval_EvalFrameDefault < g") })).slice(3, -2);
    assert.deepEqual(inside, ["fun:_PyEval_EvalFrameDefault", "fun:g"]);
  });

  test("the frames of a suppression end with the eval loop if all others make objects for anyone", () => {
    const made = leak("malloc < _PyObject_GC_New < PyList_New < _PyEval_EvalFrameDefault < f");
    const [read] = parseLeakSuppressions(suppressionOf(made, "a name") ?? "", "own.supp");
    const hides = (found: MemoryError): boolean => read !== undefined && suppressionFor(found, [read]) !== undefined;
    assert.ok(hides(made));
    assert.ok(!hides(leak("malloc < _PyObject_GC_New < PyList_New < leaky < _PyEval_EvalFrameDefault < f")));
  });

  test("a suppression has at most as many frames as valgrind accepts", () => {
    const frames = Array.from({ length: 600 }, (_, index) => ({ address: `0x${index}`, function: `f${index}` }));
    assert.equal(linesOf(error({ frames })).filter((line) => line.startsWith("fun:")).length, 500);
  });
});
