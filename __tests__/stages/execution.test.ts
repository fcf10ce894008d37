import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Job } from "../../src/engines/job.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import type { Step } from "../../src/shards/stored-run.ts";
import { Execution, type Part } from "../../src/stages/execution.ts";
import { finding, run } from "../support/builders.ts";
import { foundBy } from "../support/shards.ts";

const jobs: readonly Job[] = ["test_a", "test_b"].map((name) => ({ name, args: [], cwd: "/", env: {} }));
const NOTHING: Part = { own: [], shardResults: [], suite: null, failures: [] };

/** Runs a stage with both jobs. @returns their runs, and the names of the jobs that were really executed */
async function scan(execution: Execution, step: Step = "first"): Promise<{ runs: readonly TestRun[]; executed: readonly string[] }> {
  let executed: readonly string[] = [];
  const runs = await execution.run("scan", step, jobs, async (own) => {
    executed = own.map(({ name }) => name);
    return own.map(({ name }) => run({ name, engine: "scan" }));
  });
  return { runs, executed };
}

const ends = (runs: readonly TestRun[]) => runs.map(({ name, status }) => `${name} ${status}`);

suite("an execution", () => {
  test("an execution of a whole check runs everything", async () => {
    const { runs, executed } = await scan(Execution.whole());
    assert.deepEqual(
      [ends(runs), executed],
      [
        ["test_a passed", "test_b passed"],
        ["test_a", "test_b"],
      ],
    );
  });

  test("an execution for a plan runs nothing, and collects the test files to run", async () => {
    const execution = Execution.planning();
    const { runs, executed } = await scan(execution);
    assert.deepEqual([ends(runs), executed], [["test_a stopped", "test_b stopped"], []]);
    assert.deepEqual(execution.planned, [
      { engine: "scan", name: "test_a" },
      { engine: "scan", name: "test_b" },
    ]);
  });

  test("an execution of a shard runs its own test files, and all second runs", async () => {
    const execution = Execution.ofPart({ ...NOTHING, own: [{ engine: "scan", name: "test_b" }] });
    assert.deepEqual((await scan(execution)).executed, ["test_b"]);
    assert.deepEqual((await scan(execution, "confirm")).executed, ["test_a", "test_b"]);
    assert.deepEqual([execution.runs("scan"), execution.runs("memcheck")], [true, false]);
    assert.deepEqual(
      execution.found.runs.map(({ step, run: { name } }) => `${step} ${name}`),
      ["first test_b", "confirm test_a", "confirm test_b"],
    );
  });

  test("an execution for a report takes the shards' runs, by step", async () => {
    const first = run({ name: "test_a", engine: "scan", findings: [finding("f")] });
    const again = run({ name: "test_a", engine: "scan", seconds: 9 });
    const shardResults = [foundBy([first]), { ...foundBy([]), runs: [{ step: "confirm", run: again } as const] }];
    const execution = Execution.ofPart({ ...NOTHING, shardResults });
    const { runs, executed } = await scan(execution);
    assert.deepEqual([runs[0], executed], [first, []]);
    assert.deepEqual((await scan(execution, "confirm")).runs, [again]);
    assert.deepEqual((await scan(execution, "retry")).runs, []);
    assert.deepEqual(execution.missing, [{ engine: "scan", name: "test_b" }]);
  });

  test("an execution for a report takes the stored stacks of a crash, and runs nothing", async () => {
    const further = [{ what: "Memcheck, before the crash: a read", frames: [] }];
    const crash = finding("f");
    const crashes = [{ test: crash.test.file, signature: crash.signature, further }];
    const execution = Execution.ofPart({ ...NOTHING, shardResults: [foundBy([], { crashes })] });
    const look = async (): Promise<never> => assert.fail("nothing runs here");
    assert.deepEqual(await execution.lookAtCrash(crash, look), further);
    assert.deepEqual(await execution.lookAtCrash(finding("g"), look), []);
  });

  test("an execution for a report adds up the totals of torture", () => {
    const torture = { sites: 5, failures: 9, unjudged: 1, untried: 2, slow: 0, failing: 1 };
    const none = { sites: 0, failures: 0, unjudged: 0, untried: 0, slow: 0, failing: 0 };
    const execution = Execution.ofPart({ ...NOTHING, shardResults: [foundBy([], { torture }), foundBy([]), foundBy([], { torture })] });
    assert.deepEqual(execution.tortured(none), { sites: 10, failures: 18, unjudged: 2, untried: 4, slow: 0, failing: 2 });
  });

  test("an execution for a report takes a project's test files, and memcheck's choice of them, from the plan", async () => {
    const execution = Execution.ofPart({ ...NOTHING, suite: { files: ["tests/a.py", "tests/b.py"], memcheck: ["tests/b.py"] } });
    const ask = (): never => assert.fail("nothing runs here");
    assert.deepEqual(await execution.collect(ask), [{ name: "tests/a.py" }, { name: "tests/b.py" }]);
    assert.deepEqual(execution.chooseForMemcheck(ask), ["tests/b.py"]);
  });

  test("an execution for a report fails for an engine that failed in all shards, with its message and hint", () => {
    const failure = { code: "engine-failed", engine: "scan", detail: "It may not stop a process.", hint: "Allow it." } as const;
    const execution = Execution.ofPart({ ...NOTHING, failures: [failure] });
    assert.throws(() => execution.requireEngine("scan"), { message: failure.detail, hint: failure.hint });
    execution.requireEngine("memcheck");
  });

  test("an execution for a report has footprints only if all shards that scanned have them", () => {
    const recorded = { watched: new Set(["f"]), shared: { functions: new Set<string>(), files: new Set<string>() }, tests: new Map() };
    const made = Execution.whole();
    made.recorded(recorded);
    const { footprints } = made.found;
    const scanned = [run({ engine: "scan" })];
    const execute = (...shardResults: Part["shardResults"]) => Execution.ofPart({ ...NOTHING, shardResults }).recorded(undefined);
    assert.deepEqual(execute(foundBy(scanned, { footprints }), foundBy([run()])), recorded);
    assert.equal(execute(foundBy(scanned, { footprints }), foundBy(scanned)), undefined);
  });
});
