import { type Attempted, attempt } from "./attempt.ts";
import { conclude } from "./conclude.ts";
import { look } from "./look.ts";
import type { Ports } from "./ports.ts";
import { exitCode, failedReport, type Report } from "./report/report.ts";
import type { Settings } from "./settings/settings.ts";
import { planCheck, reportShards, runShard } from "./spread.ts";
import { Execution } from "./stages/execution.ts";
import { limitTime } from "./stages/stopping.ts";
import { type Request, startCheck } from "./start-check.ts";
import type { Processes } from "./system/processes.ts";

/** Runs a check, or the part of one that the settings ask for, publishes the outcome and returns the exit code. No process is left behind. */
export async function checkAndPublish(settings: Settings, ports: Ports, processes: Processes): Promise<0 | 1 | 2> {
  using _limit = limitTime(settings.timeout, processes);
  const { part } = settings;
  const given = { settings, ports, processes };
  switch (part.kind) {
    case "check":
      return await publish(await attempt(check({ ...given, execution: Execution.whole() }), ports, processes), given);
    case "report":
      return await publish(await attempt(reportShards(given), ports, processes), given);
    case "shard":
      return await runShard(part.shard, given);
    case "plan": {
      const planned = await attempt(planCheck(part.count, given), ports, processes);
      if ("problem" in planned) return await publish(planned, given);
      await ports.publishPlan(planned.value);
      return 0;
    }
  }
}

/** The whole check: build, run, record, report. */
async function check(request: Request): Promise<Report> {
  await using started = await startCheck(request);
  return await conclude(started, await look(started.preparation.checkContext));
}

/** A problem that prevented a report or plan is published as a report, too. */
async function publish(made: Attempted<Report>, { settings, ports }: Pick<Request, "settings" | "ports">): Promise<0 | 1 | 2> {
  const report = "value" in made ? made.value : failedReport(made.problem);
  await ports.publish(report);
  return exitCode(report, settings.failOn);
}
