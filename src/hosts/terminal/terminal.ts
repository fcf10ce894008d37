import { join } from "node:path";
import type { Ports } from "../../ports.ts";
import { logText } from "../../report/escape.ts";
import { planLines } from "../../report/shard-lines.ts";
import { COLOURED, PLAIN } from "../../report/style.ts";
import { textReport } from "../../report/text.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Processes } from "../../system/processes.ts";
import { BaselineFile } from "../common/baseline-file.ts";
import { baselinePath } from "../common/baseline-path.ts";
import { LogProgress } from "../common/log-progress.ts";
import { pagePath, writePage, writeReport } from "../common/report-file.ts";
import { locateIn, locateTestIn } from "../common/repository.ts";
import { BuildDirectory } from "./build-directory.ts";
import { PlanFolder } from "./plan-folder.ts";
import { type Screen, TerminalProgress } from "./terminal-progress.ts";

/**
 * The check as a terminal command: baselines in files, progress on standard error, the report on standard output. If neither is a terminal, it
 * may run in a job, where the runner would obey commands that tests printed.
 */
export function terminalPorts(settings: Settings, output: Screen, errors: Screen, processes: Processes): Ports {
  const planFolder = settings.planFolder ?? join(settings.workDir, "plan");
  return {
    progress: errors.isTTY
      ? new TerminalProgress(errors, COLOURED)
      : new LogProgress((line) => errors.write(`${logText(line)}\n`), { open: (title) => title, close: undefined }),
    baselines: new BaselineFile(() => baselinePath(settings, processes), "what-is-missing"),
    builds: settings.buildCache === undefined ? null : new BuildDirectory(settings.buildCache),
    shards: new PlanFolder(planFolder),
    isLocal: true,
    publishPlan: async (plan) => {
      output.write(`${logText(planLines(plan).join("\n"))}\nplan: ${planFolder}\n`);
    },
    publish: async (report) => {
      const path = settings.report ?? join(settings.workDir, "report.json");
      const page = pagePath(path, settings.html);
      // Printed first, so that the findings are not lost if no report can be written.
      output.write(`\n${output.isTTY ? textReport(report, COLOURED) : logText(textReport(report, PLAIN))}`);
      await writeReport(path, report, locateIn(settings), locateTestIn(settings));
      output.write(`report: ${path}\n`);
      await writePage(page, report);
      output.write(`page: ${page}\n`);
    },
  };
}
