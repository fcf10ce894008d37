import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { withCancellation } from "../../src/engines/cancellation.ts";
import type { Job } from "../../src/engines/job.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { Processes } from "../../src/system/processes.ts";
import { CRASHED, run } from "../support/builders.ts";

const JOB: Job = { name: "test_x", args: ["test", "test_x"], cwd: "/", env: {} };

const WHY = { code: "signal", signal: "SIGTERM" } as const;

/** The outcome of a job that does this. */
const does = (work: (processes: Processes) => Promise<TestRun>): Promise<TestRun> => {
  const processes = new Processes(process.env);
  return withCancellation({ run: () => work(processes), stop: async () => {} }, { name: "scan" }, processes).run(JOB);
};

suite("a check that is stopped", () => {
  test("a stopped check starts no further test file", async () => {
    const processes = new Processes(process.env);
    processes.stop(WHY);
    const refuse = (): never => assert.fail("it ran");
    const { status, incomplete, engine } = await withCancellation(
      { run: refuse, stop: async () => {} },
      { name: "memcheck" },
      processes,
    ).run(JOB);
    assert.deepEqual([status, incomplete, engine], ["stopped", { code: "stopped", hadStarted: false }, "memcheck"]);
  });

  test("a stopped check ignores test files that were cut off, however they ended", async () => {
    const crash = async (processes: Processes): Promise<TestRun> => {
      processes.stop(WHY);
      return run({ status: "crashed", incomplete: CRASHED });
    };
    const fail = async (processes: Processes): Promise<TestRun> => {
      processes.stop(WHY);
      throw new Error("no interpreter");
    };
    for (const work of [crash, fail]) assert.deepEqual((await does(work)).incomplete, { code: "stopped", hadStarted: true });
  });

  test("a stopped check keeps runs that ended at the same moment", async () => {
    const end = async (processes: Processes): Promise<TestRun> => {
      processes.stop(WHY);
      return run({ status: "passed" });
    };
    assert.equal((await does(end)).status, "passed");
  });
});

test("a failure in a check that was not stopped stays a failure", async () => {
  await assert.rejects(
    does(async () => {
      throw new Error("no interpreter");
    }),
    /no interpreter/,
  );
});
