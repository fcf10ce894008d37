import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { findingOf, signatureOf } from "../../src/findings/make-finding.ts";
import { assignRoles, segmentOf } from "../../src/findings/segment.ts";
import type { Frame, MemoryError } from "../../src/model/memory-error.ts";
import { errorsOf, readReport, recorded } from "../engines/memcheck/xml-files.ts";
import { error, findingFrom, leak, PROJECT, stack } from "../support/builders.ts";

const KINDS = ["InvalidRead", "InvalidWrite", "UninitCondition", "InvalidFree", "Leak_DefinitelyLost", "SomethingNew"];
const NAMES = ["malloc", "PyMem_Malloc", "parse", "parse_field", "encode", "Reader_next", "type_call", "_PyEval_EvalFrameDefault", "main"];

/** Errors as one build makes them: a name now and then at the address of another call of it, some frames inlined. */
const errors: fc.Arbitrary<MemoryError> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    calls: fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 30 }),
  })
  .map(({ kind, calls }) =>
    error({
      kind,
      frames: calls.map(([name, call]) => ({ address: `0x${NAMES.indexOf(name)}${call}`, function: name, file: "x.c", line: 3 })),
    }),
  );

/** The segment of the only error of a recorded report. */
async function recordedSegment(name: string): Promise<string> {
  return errorsOf(await readReport(recorded(name)))
    .map((found) => findingFrom(found).segment.join(" < "))
    .join();
}

const signature = (found: MemoryError): string => findingFrom(found).signature;

/** The same error of another build in another process: all numbers differ, and names have compiler suffixes. */
function elsewhere(found: MemoryError, shift: number, suffix: string): MemoryError {
  const moved = (frame: Frame): Frame => ({
    ...frame,
    address: `0x${(Number.parseInt(frame.address, 16) * 16 + shift).toString(16)}`,
    directory: `/home/${shift}/tree`,
    line: (frame.line ?? 0) + shift,
    ...(frame.function === undefined || frame.function === "main" ? {} : { function: `${frame.function}${suffix}` }),
  });
  return {
    ...found,
    unique: `0x${shift}`,
    what: `${shift * 8} bytes in ${shift} blocks are lost in loss record ${shift} of 999`,
    frames: found.frames.map(moved),
    leaked: { bytes: shift * 8, blocks: shift },
  };
}

suite("a signature", () => {
  test("a signature ignores lines, threads, sizes, block counts, compiler suffixes, and addresses by themselves", () => {
    const suffixes = fc.constantFrom("", ".part.0", ".isra.0.cold", ".constprop.3", "@@GLIBC_2.2.5");
    fc.assert(
      fc.property(errors, fc.integer({ min: 1, max: 500 }), suffixes, (found, shift, suffix) => {
        assert.equal(signature(elsewhere(found, shift, suffix)), signature(found));
      }),
    );
  });

  test("a signature ignores the test and the project's folder", () => {
    const found = leak("malloc < f < g");
    const here = findingOf({ engine: "memcheck", error: found, testFile: "test_a", testId: "test.test_a.A.test_b", objects: [] }, PROJECT);
    const there = findingOf({ engine: "memcheck", error: found, testFile: "test_c", testId: null, objects: [] }, { roots: ["/elsewhere"] });
    assert.equal(there.signature, here.signature);
  });

  test("a signature ignores memcheck's text about the block and where it was allocated", () => {
    const auxiliary = [{ what: "Address 0x4a is 0 bytes after a block of size 8 alloc'd", frames: stack("malloc < f") }];
    assert.equal(signature(error({ auxiliary })), signature(error()));
  });

  test("a signature ignores frames below the four innermost addresses of an error, and below the eval loop of a leak", () => {
    assert.equal(signature(error({ frames: stack("a < b < c < d < e < f") })), signature(error({ frames: stack("a < b < c < d < g") })));
    const tail = "_PyEval_EvalFrameDefault < method_vectorcall";
    assert.equal(signature(leak(`malloc < a < ${tail} < b`)), signature(leak(`malloc < a < ${tail} < c`)));
  });

  test("a signature differs when the function that allocates differs", () => {
    fc.assert(
      fc.property(fc.constantFrom("malloc", "malloc < PyMem_Malloc", "calloc"), (top) => {
        assert.notEqual(signature(leak(`${top} < parse_field < parse`)), signature(leak(`${top} < save_field < parse`)));
      }),
    );
  });

  test("a signature differs when the kind differs", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...KINDS), { minLength: 2, maxLength: 2 }), ([one = "", other = ""]) => {
        assert.notEqual(signatureOf(one, ["f"]), signatureOf(other, ["f"]));
      }),
    );
  });

  test("a signature is the same for all kinds of leaks", () => {
    const kinds = ["Leak_DefinitelyLost", "Leak_PossiblyLost", "Leak_IndirectlyLost", "Leak_StillReachable"];
    assert.equal(new Set(kinds.map((kind) => signatureOf(kind, ["f", "g"]))).size, 1);
  });

  test("a signature depends on where each name of the segment ends", () => {
    assert.notEqual(signatureOf("InvalidRead", ["a", "b"]), signatureOf("InvalidRead", ["a,b"]));
    assert.notEqual(signatureOf("InvalidRead", ["a", "b"]), signatureOf("InvalidRead", ["b", "a"]));
    assert.notEqual(signatureOf("InvalidRead", []), signatureOf("InvalidRead", [""]));
  });

  test("a signature is a function of the kind and of the stored segment, so that it can be made again from a baseline", () => {
    fc.assert(fc.property(errors, (found) => assert.equal(signature(found), signatureOf(found.kind, segmentOf(assignRoles(found))))));
  });

  test("a signature is the same whether functions from a C++ header were inlined or not compiled at all", async () => {
    assert.equal(await recordedSegment("header-inlined"), await recordedSegment("header-not-inlined"));
  });

  test("the signature of a leak in a standard library includes the user's function that caused it", async () => {
    assert.equal(await recordedSegment("rust-session"), "::remember_session@two.rs < ::ext_session@two.rs < ::main@two.rs");
    assert.equal(await recordedSegment("rust-answer"), "::cache_answer@two.rs < ::ext_answer@two.rs < ::main@two.rs");
    const inCpp = "::cache_answer@dealloc.cpp < ::ext_answer@dealloc.cpp < ::main@dealloc.cpp";
    assert.equal(await recordedSegment("cpp-O0-answer"), [inCpp, inCpp].join());
  });

  test("a signature has no name in it that valgrind does not know", async () => {
    assert.equal(await recordedSegment("unknown-inlined"), "make_table < module_exec");
  });

  /** When this fails, signatures changed: SIGNATURE_VERSION must go up, or every baseline out there reports everything as new. */
  test("a signature does not change within this version", () => {
    assert.deepEqual(
      [signatureOf("InvalidRead", ["siphash13", "memory_hash"]), signatureOf("Leak_PossiblyLost", ["prepare_s"])],
      ["2f058fc7f5a18920", "b3574803233b4052"],
    );
    const frames = "malloc < _PyMem_RawMalloc < PyUnicode_New.part.0 < PyUnicode_New < parse_save_field_impl < _PyEval_EvalFrameDefault";
    assert.deepEqual(findingFrom(leak(frames)).segment, ["PyUnicode_New", "parse_save_field"]);
  });
});
