import { availableParallelism } from "node:os";
import { join } from "node:path";
import { check } from "./check.ts";
import { describeFailure, UserError } from "./errors.ts";
import { actionPorts, installDependencies, readInputs, reportFailure } from "./github/action.ts";
import { readEvent } from "./github/event.ts";
import { exitCode, failedReport } from "./report/report.ts";
import { parseSettings } from "./settings.ts";
import { Processes } from "./system/processes.ts";

async function main(processes: Processes): Promise<number> {
  const directory = process.env.GITHUB_WORKSPACE || process.cwd();
  const workDir = join(process.env.RUNNER_TEMP || directory, "cpython-memcheck");
  const source = { kind: "checkout", path: directory } as const;
  const settings = parseSettings(readInputs(), { directory, cores: availableParallelism(), workDir, source });
  const ports = actionPorts(settings, await readEvent(process.env));
  await installDependencies();
  try {
    const report = await check(settings, ports, processes);
    await ports.publish(report);
    return exitCode(report, settings.failOn);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    ports.progress.end();
    await ports.publish(failedReport([error.message, error.hint].filter(Boolean).join(" ")));
    return 2;
  }
}

const processes = new Processes();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    processes.killAll();
    process.exit(2);
  });
}

main(processes).then(
  (code) => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    reportFailure(describeFailure(thrown));
    process.exitCode = 2;
  },
);
