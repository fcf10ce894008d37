import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { mergeAtoms, summarize } from "../../src/affected/code.ts";
import { makeFootprints } from "../../src/affected/footprints.ts";
import { DEFAULT_TESTS } from "../../src/build/tests.ts";
import type { Job } from "../../src/engines/job.ts";
import { longestFirst } from "../../src/engines/run-all.ts";
import type { WorkerPool } from "../../src/engines/worker-pool.ts";
import type { Work } from "../../src/settings/work.ts";
import type { Affected } from "../../src/stages/choose-affected.ts";
import { Execution } from "../../src/stages/execution.ts";
import { budgetOf, listsSuite, planForMemcheck } from "../../src/stages/memcheck-plan.ts";
import { planMemcheck, planScan } from "../../src/stages/plan.ts";
import type { CheckContext } from "../../src/stages/stage.ts";
import { Processes } from "../../src/system/processes.ts";
import { baseline, recordedTest, run } from "../support/builders.ts";
import { PREPARED } from "../support/prepared.ts";

const NOTHING_KNOWN = { shardResults: [], suite: null, failures: [] } as const;

const job = (name: string): Job => ({ name, args: ["test", name], cwd: "/scratch", env: {} });
const namesOf = (jobs: readonly Job[]): string[] => jobs.map(({ name }) => name);

const plan = (work: Work, passEnv: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) =>
  planMemcheck({ work, passEnv }, PREPARED.python, { directory: "/project", scratch: "/scratch" }, new Processes(env));

test("memcheck collects a suite's test files itself where the scan ran none of them, or leaves some out that memcheck does not", () => {
  const skip = { test: "tests/test_x.py", reason: "too slow" } as const;
  assert.equal(listsSuite([run()], []), true);
  assert.equal(listsSuite([run()], [skip, { ...skip, engine: "memcheck" }]), true);
  assert.equal(listsSuite([run()], [{ ...skip, engine: "scan" }]), false);
  assert.equal(listsSuite([], []), false);
});

test("memcheck's time limit allows the same in all parts of a check, however many test files their machines run at once", () => {
  const part = {
    past: { kind: "first-run", where: "here" },
    scope: "nothing",
    width: 4,
    execution: Execution.ofPart({ ...NOTHING_KNOWN, own: [] }),
  } as const;
  assert.equal(budgetOf(60, part, []).width, 4);
  assert.equal(budgetOf(60, { ...part, plannedWidth: 16 }, []).width, 16);
  const scanned = run({ slowTests: [{ id: "test_slow", seconds: 9 }] });
  assert.deepEqual(budgetOf(60, part, [scanned]).slowTests, new Map());
  assert.deepEqual(budgetOf(60, { ...part, execution: Execution.whole() }, [scanned]).slowTests, new Map([["test_x", scanned.slowTests]]));
});

test("memcheck compares a change with no outdated record, and a branch with all of its records", () => {
  const tests = [
    recordedTest({ name: "a.py", outdated: true }),
    recordedTest({ name: "b.py" }),
    recordedTest({ name: "c.py", engine: "scan" }),
  ];
  const past = { kind: "comparable", where: "here", baseline: baseline({ tests }) } as const;
  const recordedIn = (scope: "nothing" | "everything") => [
    ...budgetOf(60, { past, scope, width: 4, execution: Execution.whole() }, []).recorded.keys(),
  ];
  assert.deepEqual([recordedIn("nothing"), recordedIn("everything")], [["b.py"], ["a.py", "b.py"]]);
});

suite("test files that the repository skips under memcheck", () => {
  const tests = ["a.py", "b.py", "c.py"];
  const scanned = tests.map((name) => run({ name, engine: "scan", seconds: name === "a.py" ? 1 : 1.2 }));
  const planWith = async (affected: Affected) => {
    const settings = { work: { kind: "suite", runner: "pytest", args: [] }, memcheckBudget: 38, passEnv: [], directory: "/project" };
    const context = {
      skips: [{ test: "a.py", reason: "hangs", engine: "memcheck" }],
      change: { today: "2026-06-01" },
      past: { kind: "first-run", where: "here" },
      scope: "everything",
      width: 1,
      execution: Execution.whole(),
    };
    const runContext = { processes: new Processes({}), python: PREPARED.python };
    const checkContext = { settings, context, runContext, prepared: PREPARED } as unknown as CheckContext;
    return await planForMemcheck(checkContext, affected, scanned, {} as unknown as WorkerPool);
  };

  test("test files that the repository skips under memcheck are planned, so that reports list them, and take no time", async () => {
    const { jobs } = await planWith({ kind: "any", why: "records" });
    assert.deepEqual(namesOf(jobs), ["a.py", "b.py"]);
  });

  test("test files that the repository skips under memcheck do not cover the functions that they reach", async () => {
    const footprints = makeFootprints({
      sha: null,
      code: summarize(mergeAtoms([[{ key: "f", kind: "function", hash: "aa", references: [] }]])),
      sources: new Map(),
      watched: new Set(["f"]),
      shared: { functions: new Set(), files: new Set() },
      tests: new Map(tests.map((name) => [name, { functions: new Set(["f"]), files: new Set<string>() }])),
    });
    const chosen = new Map(tests.map((name) => [name, [{ code: "function", name: "f" } as const]]));
    const { jobs, notes } = await planWith({ kind: "some", chosen, functions: ["f"], rewritten: ["f"], scanned: tests, footprints });
    assert.deepEqual(namesOf(jobs), ["b.py", "a.py"]);
    assert.deepEqual(
      notes.flatMap((note) => (note.code === "memcheck-chosen" ? note.looked : [])),
      ["b.py"],
    );
  });
});

suite("the plan", () => {
  test("the plan is a job for each test file, in our folder and with the tests' environment", async () => {
    const { jobs, leftOut } = await plan({ kind: "tests", names: ["test_csv", "test_json"] });
    assert.deepEqual(
      jobs.map(({ name, args, cwd }) => [name, args, cwd]),
      [
        ["test_csv", ["test", "test_csv"], "/scratch"],
        ["test_json", ["test", "test_json"], "/scratch"],
      ],
    );
    assert.equal(jobs[0]?.env.PYTHONMALLOC, "malloc");
    assert.deepEqual(leftOut, []);
  });

  test("the plan has named test files as they were named, suitable or not, and a quick set by default", async () => {
    assert.deepEqual(namesOf((await plan({ kind: "tests", names: ["test_math"] })).jobs), ["test_math"]);
    assert.deepEqual(namesOf((await plan({ kind: "default-tests" })).jobs), DEFAULT_TESTS);
  });

  test("the plan is one job for a command, in the user's folder and with the variables that the user names", async () => {
    const env = { NAMED_FOR_THE_TEST: "1", EXPORTED_FOR_THE_TEST: "1" };
    const { jobs } = await plan({ kind: "command", words: ["-m", "pytest", "my tests"] }, ["NAMED_FOR_THE_TEST"], env);
    assert.deepEqual(
      jobs.map(({ name, args, cwd }) => [name, args, cwd]),
      [["-m pytest my tests", ["command", "-m", "pytest", "my tests"], "/project"]],
    );
    const { NAMED_FOR_THE_TEST, EXPORTED_FOR_THE_TEST, PYTHONHASHSEED } = jobs[0]?.env ?? {};
    assert.deepEqual([NAMED_FOR_THE_TEST, EXPORTED_FOR_THE_TEST, PYTHONHASHSEED], ["1", undefined, "0"]);
  });
});

test("the plan of a scan of named test files has a job for each, suitable or not", async () => {
  const scan = { kind: "names", names: ["test_math", "test_csv"] } as const;
  const { jobs, leftOut } = await planScan(
    scan,
    PREPARED.python,
    { directory: "/project", scratch: "/scratch" },
    new Processes(process.env),
  );
  assert.deepEqual([namesOf(jobs), leftOut], [["test_math", "test_csv"], []]);
});

suite("jobs in the order of their length", () => {
  test("jobs in the order of their length begin with those of no recorded time, then the longest", () => {
    const seconds = new Map([
      ["short", 1],
      ["long", 90],
      ["none", 0],
    ]);
    assert.deepEqual(namesOf(longestFirst(["short", "new", "none", "long", "newer"].map(job), seconds)), [
      "new",
      "newer",
      "long",
      "short",
      "none",
    ]);
  });

  test("jobs in the order of their length are the same jobs, by time, those of the same time in their order", () => {
    const jobs = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f")).map((names) => names.map(job));
    const seconds = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f"), fc.nat(3)).map((times) => new Map(Object.entries(times)));
    fc.assert(
      fc.property(jobs, seconds, (list, times) => {
        const timeOf = (name: string): number => times.get(name) ?? Number.POSITIVE_INFINITY;
        const sorted = namesOf(longestFirst(list, times));
        assert.deepEqual(
          sorted,
          namesOf(list).toSorted((one, other) => (timeOf(one) === timeOf(other) ? 0 : timeOf(other) - timeOf(one))),
        );
      }),
    );
  });

  test("jobs in the order of their length are a new list", () => {
    const jobs = ["a", "b"].map(job);
    longestFirst(
      jobs,
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    );
    assert.deepEqual(namesOf(jobs), ["a", "b"]);
  });
});
