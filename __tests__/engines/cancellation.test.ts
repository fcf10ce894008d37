import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { withCancellation } from "../../src/engines/cancellation.ts";
import type { Job } from "../../src/engines/job.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { Processes } from "../../src/system/processes.ts";
import { run } from "../support/builders.ts";

const JOB: Job = { name: "test_x", args: ["test", "test_x"], cwd: "/", env: {} };

/** What comes of a job that does this. */
const does = (work: (processes: Processes) => Promise<TestRun>): Promise<TestRun> => {
  const processes = new Processes();
  return withCancellation({ run: () => work(processes), stop: async () => {} }, { name: "scan" }, processes).run(JOB);
};

suite("a check that is stopped", () => {
  test("begins no test file any more", async () => {
    const processes = new Processes();
    processes.stop("SIGTERM came");
    const refuse = (): never => assert.fail("it ran");
    const { status, incomplete, engine } = await withCancellation(
      { run: refuse, stop: async () => {} },
      { name: "memcheck" },
      processes,
    ).run(JOB);
    assert.deepEqual([status, incomplete, engine], ["stopped", "the check was stopped before it ran", "memcheck"]);
  });

  test("takes what was cut off for nothing, however that ended", async () => {
    const crash = async (processes: Processes): Promise<TestRun> => {
      processes.stop("SIGTERM came");
      return run({ status: "crashed", incomplete: "it died" });
    };
    const fail = async (processes: Processes): Promise<TestRun> => {
      processes.stop("SIGTERM came");
      throw new Error("no interpreter");
    };
    for (const work of [crash, fail]) assert.equal((await does(work)).incomplete, "the check was stopped while it ran");
  });

  test("keeps what came to its end just then", async () => {
    const end = async (processes: Processes): Promise<TestRun> => {
      processes.stop("SIGTERM came");
      return run({ status: "passed" });
    };
    assert.equal((await does(end)).status, "passed");
  });
});

test("a failure of a check that goes on stays a failure", async () => {
  await assert.rejects(
    does(async () => {
      throw new Error("no interpreter");
    }),
    /no interpreter/,
  );
});
