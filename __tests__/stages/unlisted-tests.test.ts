import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Job } from "../../src/engines/job.ts";
import type { Baseline } from "../../src/findings/baseline.ts";
import type { BaselineStore } from "../../src/findings/baseline-store.ts";
import type { RecordingScope } from "../../src/findings/history.ts";
import { recordRuns } from "../../src/findings/recording.ts";
import type { Skip } from "../../src/findings/skip.ts";
import { NO_CHANGES } from "../../src/git/changes.ts";
import type { Problem } from "../../src/model/problem.ts";
import { DEFAULT_BRANCH } from "../../src/model/recorder.ts";
import { Execution } from "../../src/stages/execution.ts";
import { runStage } from "../../src/stages/stage.ts";
import { type Listed, unlistedTests } from "../../src/stages/unlisted-tests.ts";
import { baseline, IDENTITY, recordedTest, run } from "../support/builders.ts";
import { QuietProgress } from "../support/progress.ts";

const recordedBy = (engine: "scan" | "memcheck" | "torture" | "lifecycle", ...names: readonly string[]) =>
  names.map((name) => recordedTest({ engine, name }));

const namesOf = (recorded: ReturnType<typeof recordedBy>, listed: Omit<Listed, "listings">, names: readonly string[]): readonly string[] =>
  unlistedTests(recorded, { ...listed, listings: new Map([["scan", names]]) }).map(({ engine, name }) => `${engine} ${name}`);

suite("recorded test files that are not listed any more", () => {
  const cpython = (scope: RecordingScope): Omit<Listed, "listings"> => ({ work: "all-tests", scope });

  test("of CPython, those are dropped that became a package, or a file again", () => {
    const recorded = recordedBy("scan", "test_inspect", "test_io.test_bufferedio", "test_csv", "test_gdb");
    const names = ["test_inspect.test_inspect", "test_io", "test_csv", "test_gdbm"];
    assert.deepEqual(namesOf(recorded, cpython("everything"), names), ["scan test_inspect", "scan test_io.test_bufferedio"]);
  });

  test("those of an engine without a listing of all test files stay", () => {
    const recorded = [...recordedBy("memcheck", "test_inspect"), ...recordedBy("lifecycle", "lifecycle.interpreter")];
    for (const scope of ["everything", "replace"] as const)
      assert.deepEqual(namesOf(recorded, cpython(scope), ["test_inspect.test_inspect"]), []);
  });

  test("of a suite, whose files may be collected again, all stay unless the baseline is replaced, which drops them for all engines", () => {
    const recorded = [
      ...recordedBy("scan", "tests/test_a.py", "tests/test_b.py", "pkg.test_c"),
      ...recordedBy("torture", "tests/test_b.py"),
    ];
    const suiteOf = (scope: RecordingScope) => namesOf(recorded, { work: "suite", scope }, ["tests/test_a.py", "pkg.test_c.test_d"]);
    assert.deepEqual(suiteOf("everything"), []);
    assert.deepEqual(suiteOf("replace"), ["scan tests/test_b.py", "scan pkg.test_c", "torture tests/test_b.py"]);
  });
});

suite("a test file that is missing on the default branch", () => {
  /** What runs with these scopes report, one after another. */
  async function push(
    work: Listed["work"],
    before: readonly string[],
    now: readonly string[],
    scopes: readonly RecordingScope[],
    skips: readonly Skip[] = [],
  ) {
    let past = baseline({ tests: recordedBy("scan", ...before) });
    const said: (readonly Problem[])[] = [];
    for (const scope of scopes) {
      const { next, problems } = await pushOnce(past, scope);
      past = next;
      said.push(problems);
    }
    return said.map((problems) => problems.map((problem) => ("test" in problem ? `${problem.code} ${problem.test}` : problem.code)));

    async function pushOnce(from: Baseline, scope: RecordingScope): Promise<{ next: Baseline; problems: readonly Problem[] }> {
      const history = { kind: "comparable", baseline: from, where: "here" } as const;
      const change = { changes: NO_CHANGES, functionsOf: async () => new Set<string>(), acceptances: [], today: "2026-06-01" };
      const jobs = now.map((name): Job => ({ name, args: [], cwd: "/", env: {} }));
      const testRunner = { run: async ({ name }: Job) => run({ engine: "scan", name }), stop: async () => {} };
      const context = { past: history, scope, width: 2, progress: new QuietProgress(), change, skips, execution: Execution.whole() };
      const { runs, judgement, listed = [] } = await runStage({ engine: "scan", title: "Scan", jobs, testRunner, allBut: [] }, context);
      let next = from;
      const store = {
        automaticScope: "everything",
        mayRecord: true,
        recorder: DEFAULT_BRANCH,
        load: async () => ({ kind: "none", where: "here" }),
        resume: () => undefined,
        record: async (recorded) => {
          next = recorded;
          return { kind: "recorded", where: "here" };
        },
      } satisfies BaselineStore;
      const gone = unlistedTests(from.tests, { work, scope, listings: new Map([["scan", listed]]) });
      const recordable = { scope, past: history, identity: IDENTITY, runs, sha: null, content: null, gone, relaxations: [] };
      await recordRuns({ ...recordable, functionsOf: change.functionsOf }, store);
      return { next, problems: judgement.problems };
    }
  }

  test("one that became a package is missing once", async () => {
    const said = await push(
      "all-tests",
      ["test_csv", "test_inspect"],
      ["test_csv", "test_inspect.test_inspect"],
      ["everything", "everything"],
    );
    assert.deepEqual(said, [["test-missing test_inspect"], []]);
  });

  const A_AND_B = ["tests/test_a.py", "tests/test_b.py"];

  test("one that exists and is not collected is missing until the baseline is replaced", async () => {
    const scopes = ["everything", "everything", "replace", "everything"] as const;
    const missing = ["test-missing tests/test_b.py"];
    assert.deepEqual(await push("suite", A_AND_B, ["tests/test_a.py"], scopes), [missing, missing, missing, []]);
  });

  test("one that is not collected is not missing if the repository skips it", async () => {
    const skips = [{ test: "tests/test_b.py", reason: "needs a GPU" }];
    assert.deepEqual(await push("suite", A_AND_B, ["tests/test_a.py"], ["everything"], skips), [[]]);
  });
});
