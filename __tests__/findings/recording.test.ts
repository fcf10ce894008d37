import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Footprints } from "../../src/affected/footprints.ts";
import type { Baseline, BaselineEntry } from "../../src/findings/baseline.ts";
import type { BaselineRecording, BaselineStore } from "../../src/findings/baseline-store.ts";
import type { History } from "../../src/findings/history.ts";
import { followMovedTests } from "../../src/findings/moved-tests.ts";
import { type Recordable, type Recorded, recordRuns } from "../../src/findings/recording.ts";
import { NO_CHANGES } from "../../src/git/changes.ts";
import { DEFAULT_BRANCH } from "../../src/model/recorder.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { baseline, CRASHED, entry, finding, IDENTITY, inTest, recordedTest, run } from "../support/builders.ts";

const where = "here";
const FIRST: History = { kind: "first-run", where };

/** What was recorded, and what is said of it. */
async function record(
  overrides: Partial<Recordable>,
  outcome: BaselineRecording = { kind: "recorded", where },
): Promise<{ recorded: Baseline | undefined; said: Recorded }> {
  const kept: Baseline[] = [];
  const store = {
    automaticScope: "nothing",
    mayRecord: true,
    recorder: DEFAULT_BRANCH,
    load: async () => ({ kind: "none", where }),
    resume: () => undefined,
    record: async (next: Baseline) => {
      kept.push(next);
      return outcome;
    },
  } satisfies BaselineStore;
  const functionsOf = async (): Promise<ReadonlySet<string>> => new Set(["g", "f"]);
  const said = await recordRuns(
    {
      scope: "everything",
      past: FIRST,
      identity: IDENTITY,
      runs: [run()],
      sha: "c0ffee",
      content: "c0de",
      gone: [],
      relaxations: [],
      functionsOf,
      ...overrides,
    },
    store,
  );
  return { recorded: kept[0], said };
}

const byFunction = (a: BaselineEntry, b: BaselineEntry): number => (a.stack.join() < b.stack.join() ? -1 : 1);

const namesIn = (recorded: Baseline | undefined): string[] | undefined => recorded?.tests.map(({ name }) => name);

suite("recording runs", () => {
  test("a recording keeps complete runs with their findings, commit and tools", async () => {
    const { recorded, said } = await record({ runs: [run({ findings: [finding("f")], seconds: 1.2345 })] });
    assert.deepEqual(recorded?.findings, [entry("f")]);
    assert.deepEqual(recorded?.tests, [recordedTest({ seconds: 1.2 })]);
    assert.deepEqual([recorded?.sha, recorded?.content, recorded?.identity], ["c0ffee", "c0de", IDENTITY]);
    assert.deepEqual(recorded?.functions, ["f", "g"]);
    assert.deepEqual([said.isRecorded, said.problems], [true, []]);
    assert.deepEqual(said.notes, [{ code: "baseline-recorded", where, tests: ["test_x"], findings: 1 }]);
  });

  test("a recording keeps no findings of an incomplete run, but how it ended", async () => {
    const runs = [
      run({ name: "test_a", incomplete: CRASHED, status: "crashed" }),
      run({ name: "test_b" }),
      run({ name: "test_c", incomplete: { code: "report-missing" }, findings: [finding("f", inTest("test_c"))] }),
    ];
    const { recorded } = await record({ runs });
    assert.deepEqual(
      recorded?.tests.map(({ name, status, cause }) => [name, status, cause]),
      [
        ["test_a", "crashed", "signal:SIGSEGV"],
        ["test_b", "passed", null],
        ["test_c", "passed", "report"],
      ],
    );
    assert.deepEqual(recorded?.findings, []);
  });

  const before = baseline({ tests: [recordedTest({ ran: 9 })], findings: [entry("known")] });
  const past: History = { kind: "comparable", baseline: before, where };
  const failed = run({ status: "failed", ran: 2, findings: [finding("other")] });
  const latest = { status: "failed", ran: 2, cause: null } as const;

  test("a recording does not replace a run that got further, but keeps how the latest ended", async () => {
    const { recorded } = await record({ past, runs: [{ ...failed, findings: [] }] });
    assert.deepEqual([recorded?.tests, recorded?.findings], [[recordedTest({ ran: 9, latest })], [entry("known")]]);
    const again = await record({
      past: { kind: "comparable", baseline: recorded ?? before, where },
      content: "next",
      runs: [run({ ran: 9 })],
    });
    assert.deepEqual([again.recorded?.tests, again.recorded?.findings], [[recordedTest({ ran: 9 })], []]);
  });

  test("a recording adds the errors of a run that failed to those of one that got further: they were shown, and are known afterwards", async () => {
    const leaks = (name: string, blocks: number) => finding(name, { blocks });
    const { recorded } = await record({ past, runs: [{ ...failed, findings: [leaks("new", 1), leaks("known", 3)] }] });
    assert.deepEqual(recorded?.tests, [recordedTest({ ran: 9, latest })]);
    assert.deepEqual(recorded?.findings.toSorted(byFunction), [entry("known", { blocks: 3 }), entry("new")]);
    const fewer = await record({ past: { kind: "comparable", baseline: recorded ?? before, where }, runs: [failed] });
    assert.deepEqual(fewer.recorded?.findings.toSorted(byFunction), [entry("known", { blocks: 3 }), entry("new"), entry("other")]);
  });

  test("a recording adds no errors of a run that was cut short to those of one that got further", async () => {
    const crashed = run({ status: "crashed", incomplete: CRASHED, findings: [finding("new")] });
    const { recorded } = await record({ past, runs: [crashed] });
    assert.deepEqual(recorded?.findings, [entry("known")]);
  });

  test("a recording replaces a run that got further if it is asked to", async () => {
    const { recorded } = await record({ past, runs: [failed], scope: "replace" });
    assert.deepEqual([recorded?.tests, recorded?.findings], [[recordedTest({ status: "failed", ran: 2 })], [entry("other")]]);
  });

  test("a recording drops test files that do not exist any more, with their findings", async () => {
    const { recorded } = await record({ past, runs: [run({ name: "test_b" })], gone: [recordedTest()] });
    assert.deepEqual([namesIn(recorded), recorded?.findings], [["test_b"], []]);
    const ofOther = await record({ past, runs: [run({ name: "test_b" })], gone: [recordedTest({ engine: "scan" })] });
    assert.deepEqual([namesIn(ofOther.recorded), ofOther.recorded?.findings], [["test_b", "test_x"], [entry("known")]]);
  });

  test("a recording keeps by what to compare the findings that it does not renew: functions that are gone, and files that moved", async () => {
    const findings = [entry("known", { stack: [["known@_old.c"]] })];
    const { recorded } = await record({
      past: { kind: "comparable", baseline: { ...before, findings, functions: ["f", "known"] }, where },
      runs: [run({ name: "test_b", findings: [finding("f", inTest("test_b"))] })],
      moves: new Map([["Modules/_old.c", "Modules/_new.c"]]),
    });
    assert.deepEqual(recorded?.otherBuilds, [{ had: ["known"], lacked: ["g"], moves: [{ from: "_old.c", to: "_new.c" }] }]);
    assert.deepEqual(recorded?.functions, ["f", "g"]);
  });

  test("a recording says and does nothing if nothing is to be recorded", async () => {
    const nothing = { recorded: undefined, said: { isRecorded: false, notes: [], problems: [] } };
    assert.deepEqual(await record({ scope: "nothing" }), nothing);
    assert.deepEqual(await record({ runs: [] }), nothing);
    assert.deepEqual(await record({ runs: [run({ incomplete: { code: "stopped", hadStarted: false }, status: "stopped" })] }), nothing);
  });

  test("a recording adds missing tests and leaves the others unchanged", async () => {
    const before = baseline({ findings: [entry("old", { test: "test_a" })] }, ["test_a"]);
    const runs = [run({ name: "test_a", findings: [finding("new", inTest("test_a"))] }), run({ name: "test_b" })];
    const past: History = { kind: "comparable", baseline: before, where };
    const { recorded } = await record({ scope: "what-is-missing", past, runs });
    assert.deepEqual([namesIn(recorded), recorded?.findings], [["test_a", "test_b"], [entry("old", { test: "test_a" })]]);
    assert.deepEqual(await record({ scope: "what-is-missing", past, runs: [run({ name: "test_a" })] }), {
      recorded: undefined,
      said: { isRecorded: false, notes: [], problems: [] },
    });
  });

  suite("a recording that only adds missing test files", () => {
    const skipped = recordedTest({ name: "test_winreg", status: "skipped", ran: 0 });
    const footprints: Footprints = {
      sha: "f00d",
      code: { keys: [], kinds: "", hashes: "" },
      sources: { names: [], hashes: "" },
      tests: ["test_x", "test_winreg"],
      users: [],
      usersOfCode: [],
      usersOfSources: [],
    };
    const before = baseline({
      ...{ content: "before", functions: ["old"], relaxations: ["hidden"], footprints },
      tests: [recordedTest(), skipped].map((one) => ({ ...one, engine: "scan" })),
      findings: [entry("known", { engine: "scan" })],
    });
    const add = (overrides: Partial<Recordable>) =>
      record({ scope: "what-is-missing", past: { kind: "comparable", baseline: before, where }, ...overrides });
    const scanOf = (overrides: Partial<TestRun> = {}) => run({ engine: "scan", ...overrides });

    test("a recording that only adds does not add a test file again that has no findings because it is always skipped or crashes", async () => {
      const asBefore = scanOf({ name: "test_winreg", status: "skipped", ran: 0 });
      assert.equal((await add({ runs: [scanOf(), asBefore] })).recorded, undefined);
      assert.equal((await add({ runs: [{ ...asBefore, status: "crashed", incomplete: CRASHED }] })).recorded, undefined);
    });

    test("a recording that only adds replaces a record without findings by a run that got further", async () => {
      const { recorded } = await add({ runs: [scanOf({ name: "test_winreg", findings: [finding("f", inTest("test_winreg"))] })] });
      assert.deepEqual(
        recorded?.tests.map(({ name, status }) => [name, status]),
        [
          ["test_winreg", "passed"],
          ["test_x", "passed"],
        ],
      );
      assert.deepEqual(recorded?.footprints?.tests, ["test_x", ""]);
    });

    test("a recording that only adds leaves to the other findings the commit, content and functions that they belong to", async () => {
      const relaxations = ["other"];
      const { recorded } = await add({ relaxations, runs: [scanOf({ name: "test_new", findings: [finding("f", inTest("test_new"))] })] });
      const { sha, content, functions, relaxations: hiding } = recorded ?? before;
      assert.deepEqual([sha, content, functions, hiding], [before.sha, "before", ["old"], ["hidden"]]);
      assert.deepEqual(recorded?.footprints, footprints);
      assert.equal(recorded?.timeline.at(-1)?.sha, "c0ffee");
    });

    test("a recording that only adds takes the functions of the build if there were no findings before", async () => {
      const clean = { ...before, findings: [], functions: [] };
      const { recorded } = await add({
        past: { kind: "comparable", baseline: clean, where },
        runs: [scanOf({ name: "test_new", findings: [finding("f", { engine: "scan", ...inTest("test_new") })] })],
      });
      assert.deepEqual(recorded?.functions, ["f", "g"]);
    });

    test("a recording that only adds keeps test files that another branch has, also under another name", async () => {
      const names = (recorded: Baseline | undefined) => [namesIn(recorded), recorded?.findings.map(({ test }) => test)];
      const kept = [["test_new", "test_winreg", "test_x"], ["test_x"]];
      const runs = [scanOf({ name: "test_new" })];
      assert.deepEqual(names((await add({ runs, gone: [recordedTest({ engine: "scan" })] })).recorded), kept);
      const renamed = followMovedTests(
        { kind: "comparable", baseline: before, where },
        { ...NO_CHANGES, moves: new Map([["Lib/test/test_x.py", "Lib/test/test_renamed.py"]]) },
        "",
      );
      const added = await add({
        past: renamed,
        unmoved: { kind: "comparable", baseline: before, where },
        runs: [...runs, scanOf({ name: "test_renamed", repeated: true, findings: [finding("g", inTest("test_renamed"))] })],
      });
      assert.deepEqual(names(added.recorded), kept);
    });
  });

  test("a recording adds only reference leaks and growth of a repeated run to the record of a run without repetition", async () => {
    const before = baseline({ findings: [entry("old")] });
    const taken = finding("(str 'x')", { kind: "ReferenceLeak", references: 2 });
    const runs = [run({ repeated: true, ran: 9, findings: [taken, finding("new")] })];
    const { recorded, said } = await record({ scope: "what-is-missing", past: { kind: "comparable", baseline: before, where }, runs });
    assert.deepEqual(recorded?.tests, [recordedTest({ repeated: true })]);
    assert.deepEqual(recorded?.findings.map(({ kind, blocks }) => [kind, blocks]).toSorted(), [
      ["Leak_DefinitelyLost", 1],
      ["ReferenceLeak", 2],
    ]);
    assert.deepEqual(said.notes, [{ code: "baseline-recorded", where: "here", tests: ["test_x"], findings: 1 }]);
    const next = { scope: "what-is-missing", past: { kind: "comparable", baseline: recorded ?? before, where }, runs } as const;
    assert.equal((await record(next)).recorded, undefined);
    const failed = await record(
      { ...next, past: { kind: "comparable", baseline: before, where } },
      { kind: "failed", why: { code: "other-job" } },
    );
    assert.deepEqual(failed.said.problems, [{ code: "baseline-not-recorded", why: { code: "other-job" } }]);
  });

  test("a recording that fails is a note if something was compared, and else a problem", async () => {
    const why = { code: "upload", detail: "the disk is full" } as const;
    const outcome = { kind: "failed", why } as const;
    const compared = await record({ past: { kind: "comparable", baseline: baseline(), where } }, outcome);
    assert.deepEqual([compared.said.isRecorded, compared.said.problems], [false, []]);
    assert.deepEqual(compared.said.notes, [{ code: "previous-baseline-stays", why }]);
    const problems = [{ code: "baseline-not-recorded", why }];
    assert.deepEqual((await record({}, outcome)).said, { isRecorded: false, notes: [], problems });
  });

  test("a failed recording is a problem where findings of a test file without a record are neither compared nor known", async () => {
    const outcome = { kind: "failed", why: { code: "other-job" } } as const;
    const runs = [run(), run({ name: "test_new", findings: [finding("f", inTest("test_new"))] })];
    const { said } = await record({ past: { kind: "comparable", baseline: baseline(), where }, runs }, outcome);
    assert.equal(said.problems.length, 1);
  });

  test("a recording starts from nothing if the past cannot be compared with", async () => {
    const { recorded } = await record({ past: { kind: "unreadable", detail: "it is damaged", where }, runs: [run({ name: "test_b" })] });
    assert.deepEqual(namesIn(recorded), ["test_b"]);
  });
});
