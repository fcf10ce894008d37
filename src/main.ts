import "./inspector.ts";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { findInstalled } from "./build/installed-python.ts";
import { checkAndPublish } from "./check.ts";
import { defaultJobs } from "./engines/default-jobs.ts";
import { requireDirectory } from "./hosts/common/require-directory.ts";
import { actionPorts, assumeNothing, installDependencies, readInputs, reportFailure } from "./hosts/github/action.ts";
import { readEvent } from "./hosts/github/event.ts";
import { withholdTokens } from "./hosts/github/runner-tokens.ts";
import { describeFailure } from "./model/user-error.ts";
import { parseSettings } from "./settings/settings.ts";
import { stopBySignals } from "./stages/stopping.ts";
import { homeFolder, memoryLimit, readSystemFile } from "./system/machine.ts";
import { requirePlatform, thisPlatform } from "./system/platform.ts";
import { Processes } from "./system/processes.ts";

async function main(processes: Processes): Promise<number> {
  // Before any program is started.
  const rights = withholdTokens(process.env);
  const inputs = readInputs();
  await assumeNothing(inputs);
  requirePlatform(thisPlatform(), "action");
  const directory = process.env.GITHUB_WORKSPACE || process.cwd();
  const workDir = join(process.env.RUNNER_TEMP || directory, "cpython-memcheck");
  const source = { kind: "checkout", path: directory } as const;
  const { jobs: cores, note } = defaultJobs(availableParallelism(), memoryLimit(readSystemFile));
  const settings = parseSettings(inputs, {
    directory,
    home: homeFolder(),
    cores,
    workDir,
    source,
    interpreter: existsSync(join(directory, "Include", "patchlevel.h")) ? undefined : await findInstalled(processes, directory),
    hasBranches: true,
  });
  requireDirectory(settings);
  const event = await readEvent(process.env);
  // They include git, which reads the checked-out commit.
  await installDependencies();
  processes.lookUpPrograms();
  const ports = await actionPorts(settings, event, rights, processes);
  if (note !== undefined && !inputs.jobs) ports.progress.note(note);
  return await checkAndPublish(settings, ports, processes);
}

/** Node's default exit code is 1, which would mean new errors. */
function fail(thrown: unknown): never {
  reportFailure(describeFailure(thrown));
  processes.killAll();
  process.exit(2);
}

const processes = new Processes(process.env);
process.on("uncaughtException", fail);
stopBySignals(processes);

main(processes).then((code) => {
  process.exitCode = code;
  // Does not wait for operations that were in progress when it stopped.
  if (processes.stopped !== undefined) process.exit();
}, fail);
