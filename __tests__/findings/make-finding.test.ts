import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { FindingCollection } from "../../src/findings/make-finding.ts";
import type { Finding } from "../../src/model/finding.ts";
import { error, finding, findingFrom, frame, inTest, leak, stack, TREE } from "../support/builders.ts";

function collect(findings: readonly Finding[]): readonly Finding[] {
  const collection = new FindingCollection();
  for (const one of findings) collection.add(one);
  return collection.all();
}

suite("a finding made of an error", () => {
  test("a finding made of an error says where, when and how much", () => {
    const made = findingFrom(leak("malloc < PyMem_Malloc < prepare_s", 2, 96), "test_struct", "test.test_struct.T.test_a");
    assert.deepEqual(made.test, { file: "test_struct", id: "test.test_struct.T.test_a" });
    assert.deepEqual([made.blocks, made.bytes], [2, 96]);
    assert.deepEqual(made.site, { function: "prepare_s", file: "Modules/_x.c", line: 7 });
    assert.match(made.suppression ?? "", new RegExp(`cpython-memcheck ${made.signature}`));
  });

  test("a finding that is not a leak has neither blocks nor bytes", () => {
    const made = findingFrom(error());
    assert.deepEqual([made.blocks, made.bytes], [0, 0]);
  });

  test("a finding's stacks show the compiler's names, the project's paths, and each frame's part in the signature", () => {
    const frames = [
      frame("Py_INCREF", { address: "0x1", directory: `${TREE}/Include`, file: "object.h" }),
      frame("copy.part.0", { address: "0x1", directory: `${TREE}/./Modules`, file: "_csv.c", line: 12 }),
      { address: "0x2", object: "/lib/libz.so.1" },
    ];
    const made = findingFrom(error({ frames, auxiliary: [{ what: "Address is inside a block alloc'd", frames: stack("malloc") }] }));
    assert.deepEqual(made.stack, [
      { function: "Py_INCREF", file: "Include/object.h", line: 7, object: null, role: "inlined" },
      { function: "copy.part.0", file: "Modules/_csv.c", line: 12, object: null, role: "key" },
      { function: "???", file: null, line: null, object: "/lib/libz.so.1", role: "key" },
    ]);
    assert.deepEqual(
      made.further.map(({ what, frames }) => [what, frames.map((one) => one.function)]),
      [["Address is inside a block alloc'd", ["malloc"]]],
    );
  });
});

const SITE = { function: "a", file: "demo.c", line: 7 };

suite("a collection of findings", () => {
  test("a collection of findings adds up the blocks and bytes of one signature in one test file", () => {
    const [sum, ...rest] = collect([finding("a", { blocks: 2, bytes: 10 }), finding("a", { blocks: 3, bytes: 7 })]);
    assert.deepEqual([sum?.blocks, sum?.bytes, rest.length], [5, 17, 0]);
  });

  test("a collection of findings adds up the references to objects that have one name", () => {
    const taken = finding("(list)", { kind: "ReferenceLeak", references: 2 });
    assert.equal(collect([taken, { ...taken, references: 1 }])[0]?.references, 3);
  });

  test("a collection of findings shows a stack with the project's code, whatever came before it", () => {
    const others = (["interpreter", "unknown", "extension"] as const).map((owner) => finding("a", { owner, site: { ...SITE, line: 1 } }));
    const [sum] = collect([...others, finding("a", { owner: "project", site: SITE }), ...others]);
    assert.deepEqual([sum?.owner, sum?.site, sum?.blocks], ["project", SITE, 7]);
  });

  test("a collection of findings keeps some of the objects that were lost", () => {
    const objects = Array.from({ length: 4 }, (_, index) => ({ type: `T${index}`, refcount: 1 }));
    const [sum] = collect([finding("a", { objects }), finding("a", { objects })]);
    assert.deepEqual(
      sum?.objects.map(({ type }) => type),
      ["T0", "T1", "T2", "T3", "T0"],
    );
  });

  test("a collection of findings keeps test files separate", () => {
    assert.equal(collect([finding("a", inTest("test_a")), finding("a", inTest("test_b"))]).length, 2);
  });

  test("a collection of findings has the same findings in the same order whatever the order of the errors", () => {
    const one = fc.record({ name: fc.constantFrom("a", "b", "c"), file: fc.constantFrom("test_a", "test_b"), blocks: fc.nat(9) });
    const made = fc
      .array(one)
      .map((list) => list.map(({ name, file, blocks }) => finding(name, { ...inTest(file), blocks, bytes: blocks })));
    const shuffled = made.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(fc.property(shuffled, ([list, other]) => assert.deepEqual(collect(other), collect(list))));
  });
});
