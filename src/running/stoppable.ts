import type { Processes } from "../system/processes.ts";
import type { Engine } from "./engine.ts";
import { type Job, NO_COSTS, type TestRun } from "./job.ts";
import type { Crew } from "./run-all.ts";

/** A crew that begins nothing any more once the check is stopped. What it did not come to the end of is told as that. */
export function stoppable(crew: Crew, { name }: Pick<Engine, "name">, processes: Processes): Crew {
  return {
    run: async (job) => {
      if (processes.stopped !== undefined) return stoppedRun(job, name, "the check was stopped before it ran");
      const run = await crew.run(job).catch((error: unknown) => {
        if (processes.stopped === undefined) throw error;
        return undefined;
      });
      if (run !== undefined && (processes.stopped === undefined || run.incomplete === null)) return run;
      return stoppedRun(job, name, "the check was stopped while it ran");
    },
    stop: () => crew.stop(),
  };
}

function stoppedRun(job: Job, engine: Engine["name"], incomplete: string): TestRun {
  return {
    name: job.name,
    engine,
    status: "stopped",
    seconds: 0,
    incomplete,
    cause: "stopped",
    ran: null,
    findings: [],
    suppressed: [],
    costs: NO_COSTS,
    log: "",
  };
}
