import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type JudgedFinding, type Judgement, NOTHING } from "../../src/findings/judgement.ts";
import { addJudgement, mergeEngines, suspectsOf } from "../../src/findings/merge-engines.ts";
import type { Finding } from "../../src/model/finding.ts";
import { counterpart, entry, finding, inTest, run } from "../support/builders.ts";

const scanned = (name: string, overrides: Partial<Finding> = {}): Finding => finding(name, { engine: "scan", ...overrides });
const confirmed = (one: Finding): JudgedFinding => ({ status: "new", isConfirmed: true, finding: one });
const flaky = (one: Finding): JudgedFinding => ({ status: "flaky", isConfirmed: false, finding: one });
const known = (one: Finding): JudgedFinding => ({ status: "known", isConfirmed: false, finding: one, before: counterpart("f") });
const unrecorded = (one: Finding): JudgedFinding => ({ status: "unrecorded", isConfirmed: false, finding: one });
const judgementOf = (...findings: readonly JudgedFinding[]): Judgement => ({ ...NOTHING, findings });
const summaryOf = ({ findings }: Judgement): string[] =>
  findings.map(({ status, finding: one }) => `${status} ${one.engine} ${one.segment.join()} ${one.blocks}`);

const at = (file: string, line: number): Pick<Finding, "site"> => ({ site: { function: "f", file, line } });

suite("suspects of the scan", () => {
  test("suspects are the test files in which a scan found a new leak that memcheck can see, each once", () => {
    const reference = scanned("(str 'x')", { kind: "ReferenceLeak", ...inTest("test_v") });
    const fresh = [
      scanned("f", at("a.c", 1)),
      scanned("g", at("b.c", 1)),
      scanned("h", { ...at("c.c", 1), ...inTest("test_y") }),
      reference,
    ];
    const flakes = flaky(scanned("i", { ...at("d.c", 1), ...inTest("test_z") }));
    assert.deepEqual(suspectsOf(judgementOf(...fresh.map(confirmed), flakes), []), ["test_x", "test_y"]);
  });

  test("the suspect for a bug that many test files show is the fastest of them", () => {
    const seconds = { test_long: 60, test_short: 1, test_other: 9 };
    const shown = Object.keys(seconds).map((name) => confirmed(scanned(`path of ${name}`, { ...at("a.c", 1), ...inTest(name) })));
    const runs = Object.entries(seconds).map(([name, time]) => run({ name, engine: "scan", seconds: time }));
    assert.deepEqual(suspectsOf(judgementOf(...shown), runs), ["test_short"]);
    const further = confirmed(scanned("g", { ...at("b.c", 1), ...inTest("test_other") }));
    assert.deepEqual(suspectsOf(judgementOf(...shown, further), runs), ["test_short", "test_other"]);
  });

  test("leaks without a place in a file are separate bugs", () => {
    const shown = ["test_a", "test_b"].map((name) =>
      confirmed(scanned("f", { site: { function: "f", file: null, line: null }, ...inTest(name) })),
    );
    assert.deepEqual(suspectsOf(judgementOf(...shown), []), ["test_a", "test_b"]);
  });
});

suite("what the scan found new", () => {
  const scan = judgementOf(confirmed(scanned("f")));

  test("a new finding of the scan is reported as memcheck's if memcheck saw it in a suspect", () => {
    const looks = [run({ findings: [finding("f", { blocks: 3 }), finding("g")] })];
    assert.deepEqual(summaryOf(mergeEngines(scan, NOTHING, looks)), ["new memcheck f 3"]);
  });

  test("a new finding of the scan remains the scan's if memcheck did not see it", () => {
    for (const looks of [[], [run({ findings: [finding("g")] })], [run({ findings: [finding("f", inTest("test_y"))] })]]) {
      assert.deepEqual(summaryOf(mergeEngines(scan, NOTHING, looks)), ["new scan f 1"]);
    }
  });

  test("a new finding of the scan is reported once if it is new to memcheck, too, and not at all if memcheck knows it", () => {
    const found = finding("f");
    assert.deepEqual(summaryOf(mergeEngines(scan, judgementOf(confirmed(found)), [])), ["new memcheck f 1"]);
    assert.deepEqual(summaryOf(mergeEngines(scan, judgementOf(known(found)), [])), ["known memcheck f 1"]);
  });

  test("a leak of which the scan found more than memcheck can see stays new: interpreters that tests start lose it, too", () => {
    const grown: JudgedFinding = { status: "grown", isConfirmed: true, finding: scanned("f", { blocks: 5 }), before: counterpart("f") };
    const both = ["known memcheck f 1", "grown scan f 5"];
    const own = finding("f");
    assert.deepEqual(summaryOf(mergeEngines(judgementOf(grown), judgementOf(known(own)), [run({ findings: [own] })])), both);
    const fewer = { ...grown, finding: scanned("f") };
    assert.deepEqual(summaryOf(mergeEngines(judgementOf(fewer), judgementOf(known(own)), [])), ["known memcheck f 1"]);
  });

  test("a new finding of the scan stays new if memcheck could not confirm it, or only knows a similar one, and is reported once", () => {
    const own = finding("f", { blocks: 3 });
    const doubtful: JudgedFinding = { status: "new", isConfirmed: false, finding: own };
    const changed: JudgedFinding = { ...known(own), status: "changed", before: counterpart("f", { blocks: 3 }) };
    const grown: JudgedFinding = { ...doubtful, status: "grown", before: counterpart("f", { blocks: 2 }) };
    for (const one of [doubtful, changed, grown]) {
      const { findings } = mergeEngines(scan, judgementOf(one), [run({ findings: [own] })]);
      assert.deepEqual([summaryOf({ ...NOTHING, findings }), findings[0]?.isConfirmed], [["new memcheck f 3"], true]);
    }
  });

  test("a new finding of the scan has a note if memcheck could not check the suspect", () => {
    const incomplete = { code: "timeout", seconds: 90 } as const;
    const merged = mergeEngines(scan, NOTHING, [run({ incomplete })]);
    assert.deepEqual([summaryOf(merged), merged.notes], [["new scan f 1"], [{ code: "suspect-incomplete", test: "test_x", incomplete }]]);
  });

  test("a new finding of the scan has a note on other errors that memcheck found in the suspect", () => {
    const merged = mergeEngines(scan, NOTHING, [run({ findings: [finding("g", { kind: "InvalidRead" })] })]);
    const errors = [{ kind: "InvalidRead", function: "g" }];
    assert.deepEqual([summaryOf(merged), merged.notes], [["new scan f 1"], [{ code: "uncovered-errors", test: "test_x", errors }]]);
  });

  test("a new finding of the scan has no note on errors in the suspect that memcheck knows", () => {
    const [own, other] = [finding("f"), finding("g", { kind: "InvalidRead" })];
    const merged = mergeEngines(scan, judgementOf(confirmed(own), known(other)), [run({ findings: [own, other] })]);
    assert.deepEqual(merged.notes, []);
  });
});

test("a leak that is new to memcheck is known if the scan knows as many blocks: memcheck's record of the test file may be older", () => {
  const summaryWith = (knows: JudgedFinding, blocks: number, kind = "Leak_DefinitelyLost"): string[] =>
    summaryOf(mergeEngines(judgementOf(knows), judgementOf(confirmed(finding("f", { blocks, kind }))), []));
  const known5: JudgedFinding = { ...known(scanned("f", { blocks: 5 })), before: counterpart("f", { blocks: 5 }) };
  assert.deepEqual(summaryWith(known5, 5), ["known memcheck f 5"]);
  assert.deepEqual(summaryWith({ ...known5, status: "changed" }, 5), ["changed memcheck f 5"]);
  assert.deepEqual(summaryWith(known5, 6), ["new memcheck f 6"]);
  const fewerNow: JudgedFinding = { ...known5, before: { ...counterpart("f", { blocks: 5 }), most: 4 } };
  assert.deepEqual(summaryWith(fewerNow, 5), ["known memcheck f 5"]);
  assert.deepEqual(summaryWith({ ...known5, status: "flaky" }, 5), ["new memcheck f 5", "flaky scan f 5"]);
  const descriptor = { kind: "FdNotOpen" };
  const other: JudgedFinding = { ...known5, finding: scanned("f", descriptor) };
  assert.deepEqual(summaryWith(other, 0, descriptor.kind), ["new memcheck f 0"]);
});

test("what both the scan and memcheck find is reported once, by memcheck", () => {
  const of = (one: Finding): Judgement => ({
    findings: [known(one), unrecorded(one)],
    fixed: [entry("g", { engine: one.engine })],
    problems: [{ code: "nothing-checked" }],
    notes: [{ code: "unconfined" }],
  });
  const [scan, memcheck] = [of(scanned("f")), of(finding("f"))];
  assert.deepEqual(mergeEngines(scan, memcheck, []), memcheck);
  assert.deepEqual(mergeEngines(scan, NOTHING, []), scan);
});

test("what one of the engines still finds is not fixed", () => {
  const fixed = (one: string) => ({ ...NOTHING, fixed: [entry(one)] });
  assert.deepEqual(mergeEngines(fixed("f"), judgementOf(known(finding("f"))), []).fixed, []);
  assert.deepEqual(mergeEngines(judgementOf(known(scanned("f"))), fixed("f"), []).fixed, []);
  assert.deepEqual(mergeEngines(fixed("f"), fixed("g"), []).fixed, [entry("g"), entry("f")]);
});

suite("what the scan's check after each test adds", () => {
  const id = "tests/test_x.py::test_it";
  const objects = [{ type: "tuple", refcount: 1, python: ["tests/test_x.py:7"] }];
  const found = finding("f", { objects: [{ type: "tuple", refcount: 1 }], ...inTest("test_x") });
  const scan = judgementOf(confirmed({ ...found, engine: "scan", objects, test: { file: "test_x", id } }));
  const detailsOf = ({ findings }: Judgement) => findings.map(({ finding: one }) => [one.engine, one.test.id, one.objects]);

  test("the scan's test and objects are added to memcheck's error, from memcheck's own run or one for the scan", () => {
    assert.deepEqual(detailsOf(mergeEngines(scan, judgementOf(confirmed(found)), [])), [["memcheck", id, objects]]);
    assert.deepEqual(detailsOf(mergeEngines(scan, NOTHING, [run({ findings: [found] })])), [["memcheck", id, objects]]);
  });

  test("the scan's test and objects do not replace what memcheck knows itself", () => {
    const own = { ...found, test: { file: "test_x", id: "tests/test_x.py::test_other" } };
    assert.deepEqual(detailsOf(mergeEngines(scan, judgementOf(confirmed(own)), [])), [["memcheck", own.test.id, objects]]);
  });
});

test("torture's judgement is added to that of the other engines, and a problem of both is reported once", () => {
  const one: Judgement = { ...judgementOf(confirmed(finding("f"))), problems: [{ code: "nothing-checked" }] };
  const other: Judgement = { ...judgementOf(confirmed(finding("f", { engine: "torture" }))), problems: [{ code: "nothing-checked" }] };
  const both = addJudgement(one, other);
  assert.deepEqual(summaryOf(both), ["new memcheck f 1", "new torture f 1"]);
  assert.deepEqual(both.problems, [{ code: "nothing-checked" }]);
});
