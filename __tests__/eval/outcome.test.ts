import assert from "node:assert/strict";
import { test } from "node:test";
import type { Case } from "../../eval/cases/case.ts";
import { type Look, notRun, outcomeOf } from "../../eval/cases/outcome.ts";
import { describeOutcome, recallTable, summaryOf } from "../../eval/cases/text.ts";
import { type JudgedFinding, NOTHING } from "../../src/findings/judgement.ts";
import { CRASHED, finding, leak, run } from "../support/builders.ts";

const BUG: Case = {
  name: "a-bug",
  group: "injected",
  what: "leak-raw-malloc",
  site: "leaky (Modules/_x.c)",
  expect: "Leak_DefinitelyLost",
  test: "test_x",
  match: [],
  seen: "yes",
};
const HARMLESS: Case = { ...BUG, name: "a-rename", group: "benign", expect: "nothing new", seen: "no" };

function look(overrides: Partial<Look> = {}): Look {
  return { runs: [run()], judgements: { memcheck: NOTHING, scan: NOTHING }, errors: [], baseErrors: [], ...overrides };
}

const NEW: JudgedFinding = { status: "new", finding: finding(), isConfirmed: true };
const foundBy = (memcheck: readonly JudgedFinding[], scan: readonly JudgedFinding[]): Look =>
  look({ judgements: { memcheck: { ...NOTHING, findings: memcheck }, scan: { ...NOTHING, findings: scan } } });

test("new findings detect a bug, and falsely accuse a harmless change", () => {
  assert.equal(outcomeOf(BUG, foundBy([NEW], [])).verdict, "found");
  assert.equal(outcomeOf(HARMLESS, foundBy([], [NEW])).verdict, "false");
});

test("if everything ran and nothing is new, a bug is missed and a harmless change is quiet", () => {
  assert.equal(outcomeOf(BUG, look()).verdict, "missed");
  assert.equal(outcomeOf(HARMLESS, look()).verdict, "quiet");
});

test("a crash of a case never counts as clean: it finds a bug, and accuses a harmless change", () => {
  const crashed = look({
    runs: [run({ status: "crashed", incomplete: CRASHED })],
  });
  assert.equal(outcomeOf(BUG, crashed).verdict, "found");
  assert.match(describeOutcome(outcomeOf(BUG, crashed), 1), /crash: its process was killed by SIGSEGV/);
  assert.equal(outcomeOf(HARMLESS, crashed).verdict, "false");
});

test("a case that did not run to its end is unchecked, and spoils the summary", () => {
  const incomplete = { code: "timeout", seconds: 600 } as const;
  const problems = [{ code: "test-incomplete", test: "test_x", engine: "memcheck", incomplete }] as const;
  const cut = look({ judgements: { memcheck: { ...NOTHING, problems }, scan: NOTHING } });
  const outcome = outcomeOf(HARMLESS, cut);
  assert.equal(outcome.verdict, "unchecked");
  assert.deepEqual(summaryOf([outcome]), { line: "recall 0/0 false 0/1", isGood: false });
});

test("the engines agree on a leak if one signature is new to both", () => {
  const other: JudgedFinding = { ...NEW, finding: finding("other") };
  assert.deepEqual(outcomeOf(BUG, foundBy([NEW, other], [NEW])).engines, { memcheck: true, scan: true, sameSignature: true });
  assert.match(describeOutcome(outcomeOf(BUG, foundBy([NEW], [other])), 1), /WITH DIFFERENT SIGNATURES/);
  assert.match(describeOutcome(outcomeOf(BUG, foundBy([], [NEW])), 1), /found by the scan only/);
});

test("a case that no engine detects is listed with its kind", () => {
  assert.match(describeOutcome(outcomeOf(BUG, look()), 1), /not seen: leak-raw-malloc, at leaky \(Modules\/_x\.c\)/);
});

test("simple ways are judged by memcheck's raw errors", () => {
  const seen = outcomeOf(
    BUG,
    look({ errors: [leak("malloc < PyMem_Malloc < leaky < main")], baseErrors: [leak("malloc < PyMem_Malloc < leaky < start")] }),
  );
  assert.equal(seen.ways.get("top 3 frames"), false);
  assert.equal(seen.ways.get("all function names"), true);
});

test("the table of outcomes counts bugs found by kind, and false alarms separately", () => {
  const table = recallTable([outcomeOf(BUG, foundBy([NEW], [])), outcomeOf(BUG, look()), outcomeOf(HARMLESS, look())]);
  const [head = "", ours = ""] = table.split("\n");
  assert.match(head, /leak +false$/);
  assert.match(ours, /^ours +1\/2 +0\/1$/);
});

test("an evaluation is good when each bug that was seen before is found and each harmless change is quiet", () => {
  const unseen = outcomeOf({ ...BUG, seen: "no" }, look());
  const found = outcomeOf(BUG, foundBy([NEW], []));
  const quiet = outcomeOf(HARMLESS, look());
  assert.deepEqual(summaryOf([unseen, found, quiet]), { line: "recall 1/2 false 0/1", isGood: true });
  assert.equal(summaryOf([outcomeOf(BUG, look()), quiet]).isGood, false);
  assert.equal(summaryOf([outcomeOf(HARMLESS, foundBy([NEW], []))]).isGood, false);
});

test("a case whose patch can't be applied is not a success", () => {
  const outcome = notRun(BUG, "the patch cannot be applied");
  assert.match(describeOutcome(outcome, 0), /unchecked.*\n +engines: found by none\n +the patch cannot be applied/);
  assert.equal(summaryOf([outcome]).isGood, false);
});
