import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Compared } from "../../src/findings/compare.ts";
import { type Judgement, NOTHING } from "../../src/findings/judgement.ts";
import { judgeTogether, suspectsOf } from "../../src/findings/merge-engines.ts";
import type { Finding } from "../../src/model/finding.ts";
import { finding, inTest, run } from "../support/builders.ts";

const scanned = (name: string, overrides: Partial<Finding> = {}): Finding => finding(name, { engine: "scan", ...overrides });
const fresh = (one: Finding): Compared => ({ status: "new", finding: one });
const entryOf = ({ engine, test: { file }, signature, kind, normalizedStack, blocks }: Finding) => ({
  engine,
  test: file,
  signature,
  kind,
  stack: normalizedStack.map((group) => [...group]),
  blocks,
});
const known = (one: Finding): Compared => ({
  status: "known",
  finding: one,
  before: { entry: entryOf(one), pass: "exact", similarity: 1, blocks: one.blocks, most: one.blocks },
});
const judgement = (overrides: Partial<Judgement>): Judgement => ({ ...NOTHING, ...overrides });
const told = (list: readonly Compared[]): string[] => list.map(({ finding: one }) => `${one.engine} ${one.segment.join()} ${one.blocks}`);

test("suspects are the test files in which a scan found a new leak that memcheck can see, each once", () => {
  const reference = scanned("(str 'x')", { kind: "ReferenceLeak", ...inTest("test_v") });
  const confirmed = [scanned("f"), scanned("g"), scanned("h", inTest("test_y")), reference].map(fresh);
  const scan = judgement({ confirmed, flaky: [fresh(scanned("i", inTest("test_z")))] });
  assert.deepEqual(suspectsOf(scan), ["test_x", "test_y"]);
});

suite("what the scan found new", () => {
  const scan = judgement({ confirmed: [fresh(scanned("f"))] });

  test("is told as memcheck saw it, where memcheck saw it in a suspect", () => {
    const looks = [run({ findings: [finding("f", { blocks: 3 }), finding("g")] })];
    assert.deepEqual(told(judgeTogether(scan, NOTHING, looks).confirmed), ["memcheck f 3"]);
  });

  test("stays the scan's where memcheck did not see it", () => {
    for (const looks of [[], [run({ findings: [finding("g")] })], [run({ findings: [finding("f", inTest("test_y"))] })]]) {
      assert.deepEqual(told(judgeTogether(scan, NOTHING, looks).confirmed), ["scan f 1"]);
    }
  });

  test("is told once where memcheck found it new too, and is not new where memcheck knows it", () => {
    const found = finding("f");
    assert.deepEqual(told(judgeTogether(scan, judgement({ confirmed: [fresh(found)] }), []).confirmed), ["memcheck f 1"]);
    const before = judgeTogether(scan, judgement({ known: [known(found)] }), []);
    assert.deepEqual([told(before.confirmed), told(before.known)], [[], ["memcheck f 1"]]);
  });

  test("is told with memcheck's trouble, where memcheck could not look", () => {
    const { confirmed, notes } = judgeTogether(scan, NOTHING, [run({ incomplete: "it took longer than 90 s and was killed" })]);
    assert.deepEqual(told(confirmed), ["scan f 1"]);
    assert.match(notes.join(), /test_x: memcheck could not confirm .* longer than 90 s/);
  });

  test("brings up what else memcheck sees in its test file, as a note", () => {
    const { confirmed, notes } = judgeTogether(scan, NOTHING, [run({ findings: [finding("g", { kind: "InvalidRead" })] })]);
    assert.deepEqual(told(confirmed), ["scan f 1"]);
    assert.match(notes.join(), /test_x.* InvalidRead in g/);
  });
});

test("what both engines say of the rest is told once, by memcheck", () => {
  const one = finding("f");
  const other = scanned("f");
  const scan = judgement({ known: [known(other)], unrecorded: [other], fixed: [entryOf(other)], reasons: ["why"], notes: ["so"] });
  const memcheck = judgement({ known: [known(one)], unrecorded: [one], fixed: [entryOf(one)], reasons: ["why"], notes: ["so"] });
  const both = judgeTogether(scan, memcheck, []);
  assert.deepEqual(both, memcheck);
  assert.deepEqual(judgeTogether(scan, NOTHING, []), scan);
});
