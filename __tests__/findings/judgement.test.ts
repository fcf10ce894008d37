import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Baseline, BaselineTest } from "../../src/findings/baseline.ts";
import type { History, RecordingScope } from "../../src/findings/history.ts";
import { type Judgement, judgeFindings } from "../../src/findings/judgement.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { baseline, entry, finding, groundsOf, inTest, recordedTest, run } from "../support/builders.ts";

const where = "the baseline file";

function judge(runs: readonly TestRun[], past: Baseline | History, scope: RecordingScope = "nothing"): Promise<Judgement> {
  const history: History = "kind" in past ? past : { kind: "comparable", baseline: past, where };
  return judgeFindings(runs, groundsOf(history, { scope }), async (names) => runs.filter(({ name }) => names.includes(name)));
}

suite("with a baseline", () => {
  test("nothing new gives no reason to doubt, and nothing runs again", async () => {
    const before = baseline({ findings: [entry("f")] });
    const history: History = { kind: "comparable", baseline: before, where };
    const judgement = await judgeFindings([run({ findings: [finding("f")] })], groundsOf(history), () => assert.fail("nothing is fresh"));
    assert.deepEqual(judgement.reasons, []);
    assert.deepEqual([judgement.known.length, judgement.confirmed.length, judgement.fixed.length], [1, 0, 0]);
  });

  test("what is gone is fixed", async () => {
    const { fixed, reasons } = await judge([run()], baseline({ findings: [entry("f")] }));
    assert.deepEqual([fixed, reasons], [[entry("f")], []]);
  });

  test("an incomplete run is a reason, and neither adds nor fixes anything", async () => {
    const runs = [run({ status: "crashed", incomplete: "its process was ended by SIGSEGV", findings: [finding("g")] })];
    const judgement = await judge(runs, baseline({ findings: [entry("f")] }));
    assert.deepEqual(judgement.reasons, ["test_x: its process was ended by SIGSEGV."]);
    assert.deepEqual([judgement.confirmed, judgement.known, judgement.fixed, judgement.unrecorded], [[], [], [], []]);
  });

  test("a test that passed before and fails or is skipped now is a reason, and fixes nothing", async () => {
    const before = baseline({ findings: [entry("f")] });
    const failed = await judge([run({ status: "failed" })], before);
    assert.deepEqual(
      [failed.reasons, failed.fixed],
      [["test_x fails, and passed when the baseline was recorded, so not all of it was checked."], []],
    );
    const skipped = await judge([run({ status: "skipped" }), run({ name: "test_y" })], before);
    assert.deepEqual(skipped.fixed, []);
    assert.ok(skipped.reasons.some((reason) => reason.startsWith("test_x is skipped, and passed")));
  });

  test("a test that failed before as now is compared", async () => {
    const before = baseline({ tests: [recordedTest({ status: "failed" })], findings: [entry("f")] });
    const { reasons, fixed } = await judge([run({ status: "failed" })], before);
    assert.deepEqual([reasons, fixed], [[], [entry("f")]]);
  });

  test("when every test is skipped nothing was checked", async () => {
    const before = baseline({ tests: [recordedTest({ status: "skipped" })] });
    const { reasons } = await judge([run({ status: "skipped" })], before);
    assert.deepEqual(reasons, ["No test file was checked: each was skipped or is incomplete."]);
    assert.notDeepEqual((await judge([], before)).reasons, []);
  });

  test("findings of a test without a record are a reason, unless they are recorded now", async () => {
    const runs = [run(), run({ name: "test_new", findings: [finding("f", inTest("test_new"))] })];
    const { reasons, unrecorded } = await judge(runs, baseline(), "nothing");
    assert.deepEqual(reasons, ["test_new is not in the baseline, so its errors can't be compared."]);
    assert.equal(unrecorded.length, 1);
    assert.deepEqual((await judge(runs, baseline(), "what-is-missing")).reasons, []);
    assert.deepEqual((await judge([run(), run({ name: "test_new" })], baseline(), "nothing")).reasons, []);
  });
});

suite("a test file that falls short", () => {
  const crashed = run({ status: "crashed", incomplete: "its process was ended by SIGSEGV" });
  const alike = { status: "crashed", ran: null, cause: "signal:SIGSEGV" } as const;
  const both = (tests: readonly BaselineTest[], runs: readonly TestRun[]) =>
    judge([...runs, run({ name: "test_y" })], baseline({ tests: [...tests] }));

  test("as on the default branch is a note, not a reason", async () => {
    for (const before of [recordedTest({ latest: alike }), recordedTest(alike)]) {
      const { reasons, notes } = await both([before, recordedTest({ name: "test_y" })], [crashed]);
      assert.deepEqual([reasons, notes.length], [[], 1]);
    }
  });

  test("in another way than on the default branch is a reason", async () => {
    const other = { ...alike, cause: "signal:SIGABRT" };
    const { reasons } = await both([recordedTest({ latest: other }), recordedTest({ name: "test_y" })], [crashed]);
    assert.equal(reasons.length, 1);
  });

  test("because most of its tests are gone is a reason", async () => {
    const few = run({ ran: 1 });
    assert.equal((await judge([few], baseline({ tests: [recordedTest({ ran: 200 })] }))).reasons.length, 1);
    assert.equal((await judge([few], baseline({ tests: [recordedTest({ ran: 2 })] }))).reasons.length, 0);
  });

  test("is compared with what was known before the default branch broke it", async () => {
    const before = baseline({ tests: [recordedTest({ latest: { ...alike } })], findings: [entry("f")] });
    const { known, confirmed, reasons } = await judge([run({ findings: [finding("f")] })], before);
    assert.deepEqual([known.length, confirmed.length, reasons], [1, 0, []]);
  });

  test("as the only one leaves nothing checked, which is never clean", async () => {
    const { reasons } = await judge([crashed], baseline({ tests: [recordedTest({ latest: alike })] }));
    assert.equal(reasons.length, 1);
  });
});

test("a test file of the baseline that is not listed any more is a reason", async () => {
  const history: History = { kind: "comparable", baseline: baseline({}, ["test_x", "test_gone"]), where };
  const { reasons } = await judgeFindings([run()], groundsOf(history, { missing: ["test_gone"] }), async () => []);
  assert.equal(reasons.length, 1);
  assert.match(reasons.join(), /test_gone/);
});

suite("without a baseline to compare with", () => {
  const pasts: readonly (readonly [History, RegExp])[] = [
    [{ kind: "first-run", where }, /There was no baseline yet \(the baseline file\)\. .*default branch records one/],
    [
      { kind: "incomparable", reason: "other tools", where },
      /cannot be compared with this check: other tools\. .*`record-baseline: always`/,
    ],
    [{ kind: "unreadable", reason: "it is damaged", where }, /cannot be read: it is damaged\. .*`record-baseline: always`/],
  ];

  for (const [past, said] of pasts) {
    test(`${past.kind}: nothing is called new; where nothing is recorded either, nothing can be concluded`, async () => {
      const judgement = await judge([run({ findings: [finding("f")] })], past, "nothing");
      assert.deepEqual([judgement.confirmed, judgement.known, judgement.fixed], [[], [], []]);
      assert.equal(judgement.unrecorded.length, 1);
      assert.match(judgement.reasons.join("\n"), said);
    });

    test(`${past.kind}: where it is recorded, a note says that nothing was compared`, async () => {
      const judgement = await judge([run({ findings: [finding("f")] })], past, "everything");
      assert.deepEqual(judgement.reasons, []);
      assert.match(judgement.notes.join("\n"), /Nothing was compared/);
    });
  }

  test("unreachable: nothing can be concluded, also where it is recorded", async () => {
    const past = { kind: "unreachable", reason: "GitHub answered 403", where, remedy: "It needs `actions: read`." } as const;
    for (const scope of ["nothing", "everything"] as const) {
      const { reasons, notes } = await judge([run({ findings: [finding("f")] })], past, scope);
      assert.match(reasons.join("\n"), /could not be looked up: GitHub answered 403\. .*nothing was compared\. It needs `actions: read`\./);
      assert.deepEqual(notes, []);
    }
  });

  test("the three kinds are told apart", async () => {
    const all = await Promise.all(pasts.map(async ([past]) => (await judge([run()], past)).reasons.join()));
    assert.equal(new Set(all).size, 3);
  });

  test("incomplete runs are a reason all the same", async () => {
    const { reasons } = await judge([run({ incomplete: "it was killed", status: "timeout" })], { kind: "first-run", where }, "everything");
    assert.deepEqual(reasons, ["test_x: it was killed."]);
  });
});
