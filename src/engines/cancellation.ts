import { runWithoutReport, type TestRun } from "../model/test-run.ts";
import type { Processes } from "../system/processes.ts";
import type { Engine } from "./engine.ts";
import type { Job } from "./job.ts";
import type { TestRunner } from "./run-all.ts";

/** A test runner that starts nothing once the check is stopped. Its unfinished test files are reported as stopped. */
export function withCancellation(testRunner: TestRunner, { name }: Pick<Engine, "name">, processes: Processes): TestRunner {
  return {
    run: async (job) => {
      if (processes.stopped !== undefined) return stoppedRun(job, name, false);
      const run = await testRunner.run(job).catch((error: unknown) => {
        if (processes.stopped === undefined) throw error;
        return undefined;
      });
      if (run !== undefined && (processes.stopped === undefined || run.incomplete === null)) return run;
      return stoppedRun(job, name, true);
    },
    stop: () => testRunner.stop(),
  };
}

function stoppedRun({ name }: Job, engine: Engine["name"], hadStarted: boolean): TestRun {
  return runWithoutReport({ name, engine, status: "stopped", incomplete: { code: "stopped", hadStarted } });
}
