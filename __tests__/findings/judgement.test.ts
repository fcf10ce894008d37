import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Baseline, BaselineTest } from "../../src/findings/baseline.ts";
import type { History, RecordingScope } from "../../src/findings/history.ts";
import { compareRuns, type Judgement, NOTHING, requireChecked, testsToConfirm } from "../../src/findings/judgement.ts";
import { recordInto } from "../../src/findings/record-baseline.ts";
import { NO_CHANGES } from "../../src/git/changes.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import {
  baseline,
  CRASHED,
  codesOf,
  entry,
  finding,
  groundsOf,
  IDENTITY,
  inTest,
  judgeWith,
  namesOf,
  recordedTest,
  run,
} from "../support/builders.ts";

const where = "the baseline file";

function judge(runs: readonly TestRun[], past: Baseline | History, scope: RecordingScope = "nothing"): Judgement {
  const history: History = "kind" in past ? past : { kind: "comparable", baseline: past, where };
  return judgeWith(runs, runs, groundsOf(history, { scope }));
}

suite("a judgement with a baseline", () => {
  test("a judgement with a baseline has no problem and runs nothing again when nothing is new", () => {
    const before = baseline({ findings: [entry("f")] });
    const runs = [run({ findings: [finding("f")] })];
    const judgement = judge(runs, before);
    assert.deepEqual([namesOf(judgement, "known"), judgement.findings.length, judgement.fixed, judgement.problems], [["f"], 1, [], []]);
    const grounds = groundsOf({ kind: "comparable", baseline: before, where });
    assert.deepEqual(testsToConfirm(compareRuns(runs, grounds)), []);
  });

  test("findings that are gone since the baseline are fixed", () => {
    const { fixed, problems } = judge([run()], baseline({ findings: [entry("f")] }));
    assert.deepEqual([fixed, problems], [[entry("f")], []]);
  });

  test("a judgement with a baseline has a problem with an incomplete run, which neither adds nor fixes anything", () => {
    const runs = [run({ status: "crashed", incomplete: CRASHED, findings: [finding("g")] })];
    const judgement = judge(runs, baseline({ findings: [entry("f")] }));
    assert.deepEqual(judgement.problems, [{ code: "test-incomplete", test: "test_x", engine: "memcheck", incomplete: CRASHED }]);
    assert.deepEqual([judgement.findings, judgement.fixed], [[], []]);
  });

  test("a judgement has a problem with a test that passed before and fails or is skipped now, which fixes nothing", () => {
    const before = baseline({ findings: [entry("f")] });
    const failed = judge([run({ status: "failed" })], before);
    assert.deepEqual([codesOf(failed.problems), failed.fixed], [["test-failed"], []]);
    const skipped = judge([run({ status: "skipped" }), run({ name: "test_y" })], before);
    assert.deepEqual([codesOf(skipped.problems), skipped.fixed], [["test-skipped"], []]);
  });

  test("a judgement with a baseline compares a test that failed before as it does now", () => {
    const before = baseline({ tests: [recordedTest({ status: "failed" })], findings: [entry("f")] });
    const { problems, fixed } = judge([run({ status: "failed" })], before);
    assert.deepEqual([problems, fixed], [[], [entry("f")]]);
  });

  test("a judgement with a baseline has a problem when every test is skipped, or none ran", () => {
    const before = baseline({ tests: [recordedTest({ status: "skipped" })] });
    assert.deepEqual(codesOf(judge([run({ status: "skipped" })], before).problems), ["nothing-checked"]);
    assert.deepEqual(codesOf(judge([], before).problems), ["nothing-checked"]);
  });

  test("a judgement has no problem with skipped test files when those are all that a change can reach", () => {
    const before = baseline({ tests: [recordedTest({ status: "skipped" })] });
    const grounds = { ...groundsOf({ kind: "comparable", baseline: before, where }), isPartial: true };
    for (const runs of [[run({ status: "skipped" })], []]) assert.deepEqual(judgeWith(runs, [], grounds).problems, []);
  });

  test("a judgement has a problem with findings of a test without a record, unless they are recorded now", () => {
    const runs = [run(), run({ name: "test_new", findings: [finding("f", inTest("test_new"))] })];
    const judgement = judge(runs, baseline(), "nothing");
    assert.deepEqual(judgement.problems, [{ code: "test-not-in-baseline", test: "test_new", engine: "memcheck" }]);
    assert.deepEqual(namesOf(judgement, "unrecorded"), ["f"]);
    assert.deepEqual(judge(runs, baseline(), "what-is-missing").problems, []);
    assert.deepEqual(judge([run(), run({ name: "test_new" })], baseline(), "nothing").problems, []);
  });

  test("a judgement with a baseline has a problem with a recorded test file that is not listed any more", () => {
    const history: History = { kind: "comparable", baseline: baseline({}, ["test_x", "test_gone"]), where };
    const { problems } = judgeWith([run()], [], groundsOf(history, { missing: ["test_gone"] }));
    assert.deepEqual(problems, [{ code: "test-missing", test: "test_gone" }]);
  });

  test("a judgement shows the new errors of a test file that crashed, unconfirmed, but not its leaks", () => {
    const findings = [finding("g", { kind: "InvalidRead" }), finding("h")];
    const { findings: judged } = judge([run({ status: "crashed", incomplete: CRASHED, findings })], baseline());
    assert.deepEqual(
      judged.map(({ finding: one, status, isConfirmed }) => [one.segment.join(), status, isConfirmed]),
      [["g", "new", false]],
    );
  });
});

test("findings of a test file that is skipped as before are compared, and those of one that is newly skipped are not", () => {
  const findings = [finding("f"), finding("g")];
  const skippedBefore = baseline({
    tests: [recordedTest({ status: "skipped" }), recordedTest({ name: "test_y" })],
    findings: [entry("f")],
  });
  const skipped = judge([run({ status: "skipped", findings }), run({ name: "test_y" })], skippedBefore);
  assert.deepEqual([namesOf(skipped, "known"), namesOf(skipped, "new"), skipped.problems], [["f"], ["g"], []]);
  const crashedBefore = baseline({ tests: [recordedTest({ status: "skipped", cause: "signal:SIGSEGV" })], findings: [entry("f")] });
  for (const before of [skippedBefore, crashedBefore]) {
    const status = before === skippedBefore ? "passed" : "skipped";
    assert.deepEqual(namesOf(judge([run({ status, findings })], before), "unrecorded"), ["f", "g"]);
  }
});

test("an accepted error is accepted in a test file without a record, too, and in one that crashed", () => {
  const read = finding("g", { kind: "InvalidRead" });
  const acceptances = [{ signature: read.signature, reason: "known upstream", expires: "2027-01-01" }];
  const runs = [
    run({ name: "test_new", findings: [{ ...read, ...inTest("test_new") }] }),
    run({ status: "crashed", incomplete: CRASHED, findings: [read, finding("(socket)", { kind: "FdLeftOpen" })] }),
  ];
  const judgedBy = (accepted: typeof acceptances): readonly string[][] => {
    const grounds = groundsOf({ kind: "comparable", baseline: baseline(), where }, { acceptances: accepted });
    const { findings, problems } = judgeWith(runs, [], grounds);
    return [findings.map(({ status }) => status), [...codesOf(problems)]];
  };
  assert.deepEqual(judgedBy(acceptances), [["accepted", "warning", "accepted"], ["test-incomplete"]]);
  assert.deepEqual(judgedBy([]), [
    ["new", "warning", "unrecorded"],
    ["test-incomplete", "test-not-in-baseline"],
  ]);
});

test("a warning that cannot be compared makes no check inconclusive", () => {
  const of = (kind: string) => judge([run({ name: "test_new", findings: [finding("f", { kind, ...inTest("test_new") })] })], baseline());
  assert.deepEqual(codesOf(of("FdLeftOpen").problems), []);
  assert.deepEqual(codesOf(of("InvalidRead").problems), ["test-not-in-baseline"]);
});

test("a new finding of a kind that only warns is not confirmed like an error", () => {
  const findings = [finding("f"), finding("(socket)", { kind: "FdLeftOpen" })];
  const judgement = judge([run({ findings })], baseline());
  const shown = judgement.findings.map((one) => [one.finding.site.function, one.status, one.isConfirmed]);
  assert.deepEqual(shown, [
    ["f", "new", true],
    ["(socket)", "warning", false],
  ]);
});

test("descriptors that are left open as before are known, and more of them are a warning", () => {
  const open = (blocks: number) => finding("(socket)", { kind: "FdLeftOpen", blocks });
  const before = baseline({ findings: [entry("(socket)", { kind: "FdLeftOpen", blocks: 3 })] });
  const statusOf = (blocks: number) => judge([run({ findings: [open(blocks)] })], before).findings.map(({ status }) => status);
  assert.deepEqual([statusOf(3), statusOf(2), statusOf(4)], [["known"], ["known"], ["warning"]]);
});

const taken = (references: number) => finding("(str 'x')", { kind: "ReferenceLeak", references });
const growing = (references: number) => finding("(json.KEPT: list → Entry)", { kind: "Growth", references });
const WITHOUT_TESTS = {
  identity: IDENTITY,
  sha: null,
  content: null,
  recordedAt: "",
  functions: [],
  relaxations: [],
  suppressed: [],
} as const;

/** A baseline whose run of the tests was repeated. */
const withRepeats = (...findings: readonly Finding[]): Baseline =>
  recordInto(undefined, { ...WITHOUT_TESTS, tests: [recordedTest({ repeated: true })], findings });

test("more references that each run takes are new, as more blocks of a leak are", () => {
  const statusOf = (found: Finding, before: Baseline) =>
    judge([run({ repeated: true, findings: [found] })], before).findings.map(({ status }) => status);
  assert.deepEqual(
    [2, 1, 3].map((references) => statusOf(taken(references), withRepeats(taken(2)))),
    [["known"], ["known"], ["grown"]],
  );
  assert.deepEqual(statusOf(growing(9), withRepeats(growing(2))), ["known"]);
});

test("reference leaks and growth are compared only if both sides repeated the tests", () => {
  const found = [taken(2), growing(2), finding("lost")];
  const judged = judge([run({ repeated: true, findings: found })], baseline());
  assert.deepEqual(
    judged.findings.map(({ finding, status }) => [finding.kind, status]),
    [
      ["Leak_DefinitelyLost", "new"],
      ["ReferenceLeak", "unrecorded"],
      ["Growth", "unrecorded"],
    ],
  );
  assert.deepEqual(judged.problems, [{ code: "test-not-in-baseline", test: "test_x", engine: "memcheck" }]);
  assert.deepEqual(
    judge([run()], withRepeats(...found)).fixed.map(({ kind }) => kind),
    ["Leak_DefinitelyLost"],
  );
});

test("a new finding that only warns makes no check inconclusive if a second run crashed", () => {
  const findings = [finding("(socket)", { kind: "FdLeftOpen" })];
  const grounds = groundsOf({ kind: "comparable", baseline: baseline(), where });
  const judgement = judgeWith([run({ findings })], [run({ status: "crashed", incomplete: CRASHED })], grounds);
  assert.deepEqual([judgement.findings.map(({ status }) => status), judgement.problems], [["warning"], []]);
});

test("a check in which no stage ran anything has a problem, and one that ran has none", () => {
  assert.deepEqual(requireChecked(NOTHING, []).problems, [{ code: "nothing-checked" }]);
  assert.deepEqual(requireChecked(NOTHING, [run({ status: "skipped" })]).problems, [{ code: "nothing-checked" }]);
  assert.deepEqual(requireChecked(NOTHING, [run()]).problems, []);
  const missing = [{ code: "test-missing", test: "test_gone" }] as const;
  assert.deepEqual(requireChecked({ ...NOTHING, problems: missing }, []).problems, missing);
});

suite("a test file that falls short", () => {
  const crashed = run({ status: "crashed", incomplete: CRASHED });
  const alike = { status: "crashed", ran: null, cause: "signal:SIGSEGV" } as const;
  const both = (tests: readonly BaselineTest[], runs: readonly TestRun[]): Judgement =>
    judge([...runs, run({ name: "test_y" })], baseline({ tests: [...tests] }));

  test("a test file that falls short as it does on the default branch is a note, not a problem", () => {
    for (const before of [recordedTest({ latest: alike }), recordedTest(alike)]) {
      const { problems, notes } = both([before, recordedTest({ name: "test_y" })], [crashed]);
      assert.deepEqual([problems, codesOf(notes)], [[], ["known-shortfall"]]);
    }
  });

  test("a test file that falls short as on the default branch is a problem where it shows an error beside a changed line", () => {
    const found = finding("f", { kind: "InvalidWrite" });
    const runs = [run({ ...crashed, findings: [found] }), run({ name: "test_y" })];
    const judgedIn = (recorded: BaselineTest, file: string, overrides = {}) => {
      const tests = [recorded, recordedTest({ name: "test_y" })];
      const changes = { ...NO_CHANGES, lines: new Map([[file, [[9, 9]] as const]]) };
      const grounds = groundsOf({ kind: "comparable", baseline: baseline({ tests }), where }, { changes, ...overrides });
      const { problems, findings } = judgeWith(runs, [], grounds);
      return [codesOf(problems), findings.map(({ status, isConfirmed }) => `${status} ${isConfirmed}`)];
    };
    for (const before of [recordedTest({ latest: alike }), recordedTest(alike)])
      assert.deepEqual(judgedIn(before, "Modules/_x.c"), [["not-confirmed"], ["new false"]]);
    assert.deepEqual(judgedIn(recordedTest(alike), "Modules/_y.c"), [[], []]);
    const acceptances = [{ signature: found.signature, reason: "known upstream", expires: "2027-01-01" }];
    assert.deepEqual(judgedIn(recordedTest({ latest: alike }), "Modules/_x.c", { acceptances })[0], []);
  });

  test("a test file that falls short in another way than on the default branch is a problem", () => {
    const other = { ...alike, cause: "signal:SIGABRT" };
    const { problems } = both([recordedTest({ latest: other }), recordedTest({ name: "test_y" })], [crashed]);
    assert.deepEqual(codesOf(problems), ["test-incomplete"]);
  });

  test("a test file that falls short because most of its tests are gone is a problem, with both numbers", () => {
    const few = run({ ran: 1 });
    const { problems } = judge([few], baseline({ tests: [recordedTest({ ran: 200 })] }));
    assert.deepEqual(problems, [{ code: "fewer-tests", test: "test_x", engine: "memcheck", ran: 1, ranBefore: 200 }]);
    assert.deepEqual(judge([few], baseline({ tests: [recordedTest({ ran: 2 })] })).problems, []);
  });

  test("a test file that falls short is compared with its findings before the default branch broke it", () => {
    const before = baseline({ tests: [recordedTest({ latest: { ...alike } })], findings: [entry("f")] });
    const judgement = judge([run({ findings: [finding("f")] })], before);
    assert.deepEqual([namesOf(judgement, "known"), judgement.findings.length, judgement.problems], [["f"], 1, []]);
  });

  test("if the only test file falls short, nothing was checked, which is never clean", () => {
    const { problems } = judge([crashed], baseline({ tests: [recordedTest({ latest: alike })] }));
    assert.deepEqual(codesOf(problems), ["nothing-checked"]);
  });
});

suite("a judgement without a baseline to compare with", () => {
  const other = { code: "other-identity", field: "valgrind", recorded: "3.19.0", current: "3.26.0" } as const;
  const noAnswer = { code: "no-answer", status: 403, detail: "GitHub answered 403" } as const;
  const pasts: readonly (readonly [History, string])[] = [
    [{ kind: "first-run", where }, "baseline-none"],
    [{ kind: "incomparable", why: other, where }, "baseline-incompatible"],
    [{ kind: "unreadable", detail: "it is damaged", where }, "baseline-unreadable"],
  ];
  const runs = [run({ findings: [finding("f")] })];

  for (const [past, code] of pasts) {
    test(`a judgement calls nothing new if the history is ${past.kind}, with a problem if nothing is recorded`, () => {
      const judgement = judge(runs, past, "nothing");
      assert.deepEqual([namesOf(judgement, "unrecorded"), judgement.findings.length, judgement.fixed], [["f"], 1, []]);
      assert.deepEqual(
        judgement.problems.map((problem) => (problem.code === "nothing-compared" ? problem.why.code : problem.code)),
        [code],
      );
    });

    test(`a judgement has a note that nothing was compared if the history is ${past.kind} and recorded now`, () => {
      const { problems, notes } = judge(runs, past, "everything");
      assert.deepEqual(problems, []);
      assert.deepEqual(
        notes.map((note) => (note.code === "first-comparison" ? note.why.code : note.code)),
        [code],
      );
    });
  }

  test("a judgement has a problem if the history is unreachable, even if it would be recorded", () => {
    const past: History = { kind: "unreachable", why: noAnswer, where };
    for (const scope of ["nothing", "everything"] as const) {
      const { problems, notes } = judge(runs, past, scope);
      assert.deepEqual(problems, [{ code: "nothing-compared", why: { code: "baseline-unreachable", where, why: noAnswer } }]);
      assert.deepEqual(notes, []);
    }
  });

  test("a judgement without a baseline to compare with has a problem with incomplete runs all the same", () => {
    const slow = run({ incomplete: { code: "timeout", seconds: 9 }, status: "timeout" });
    const { problems } = judge([slow], { kind: "first-run", where }, "everything");
    assert.deepEqual(codesOf(problems), ["test-incomplete"]);
  });
});
