import "./inspector.ts";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { findInstalled } from "./build/installed-python.ts";
import { readVersion } from "./build/source.ts";
import { checkAndPublish } from "./check.ts";
import { defaultJobs } from "./engines/default-jobs.ts";
import { makeRoomFor, requireSeparateFiles } from "./hosts/common/report-file.ts";
import { requireDirectory } from "./hosts/common/require-directory.ts";
import { refuseBranch } from "./hosts/terminal/baseline-flag.ts";
import { explain } from "./hosts/terminal/explain.ts";
import { readFlags, readSubject } from "./hosts/terminal/flags.ts";
import { terminalPorts } from "./hosts/terminal/terminal.ts";
import { describeFailure, UserError } from "./model/user-error.ts";
import { logText } from "./report/escape.ts";
import { COLOURED, PLAIN } from "./report/style.ts";
import { helpText } from "./settings/help.ts";
import { parseSettings, type Surroundings } from "./settings/settings.ts";
import type { Source } from "./settings/source-setting.ts";
import { stopBySignals } from "./stages/stopping.ts";
import { homeFolder, memoryLimit, readSystemFile } from "./system/machine.ts";
import { requirePlatform, thisPlatform } from "./system/platform.ts";
import { Processes } from "./system/processes.ts";

/** The default source if the folder is not a CPython source. */
const DEFAULT_RELEASE = "3.13";

async function main(args: readonly string[], processes: Processes): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === "--help" || command === "help" || rest.includes("--help")) {
    process.stdout.write(helpText());
    return command === undefined ? 2 : 0;
  }
  if (command === "--version") {
    process.stdout.write(`${await packageVersion()}\n`);
    return 0;
  }
  if (command === "explain") return await runExplain(rest);
  if (!["check", "plan", "report"].includes(command))
    throw new UserError(`Unknown command \`${command}\`.`, { hint: "Commands: check, plan, report, explain." });
  requirePlatform(thisPlatform(), "terminal");
  const flags = readFlags(rest);
  const { jobs: cores, note } = defaultJobs(availableParallelism(), memoryLimit(readSystemFile));
  const settings = parseSettings({ ...flags, mode: command }, { ...(await surroundings()), cores });
  requireDirectory(settings);
  refuseBranch(flags.baseline, settings.baseline);
  requireSeparateFiles(settings.report ?? join(settings.workDir, "report.json"), settings);
  for (const path of [settings.report, settings.html]) if (path !== undefined) await makeRoomFor(path);
  const ports = terminalPorts(settings, process.stdout, process.stderr, processes);
  if (note !== undefined && !flags.jobs) ports.progress.note(note);
  return await checkAndPublish(settings, ports, processes);
}

/** The same file is beside `src` and beside `dist`. */
async function packageVersion(): Promise<string> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return v.parse(v.pipe(v.string(), v.parseJson(), v.object({ version: v.string() })), text).version;
}

async function runExplain(args: readonly string[]): Promise<number> {
  const { subject: signature, flags } = readSubject(args);
  const { report, workDir } = parseSettings(flags, await surroundings());
  const path = report ?? join(workDir, "report.json");
  process.stdout.write(process.stdout.isTTY ? await explain(signature, path, COLOURED) : logText(await explain(signature, path, PLAIN)));
  return 0;
}

/** npm runs a script in the package's folder and passes the user's folder in a variable. */
async function surroundings(): Promise<Surroundings> {
  const directory = process.env.INIT_CWD ?? process.cwd();
  const here: Source = { kind: "checkout", path: resolve(directory) };
  const isCpython = await readVersion(here.path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UserError) return false;
      throw error;
    },
  );
  const source: Source = isCpython ? here : { kind: "release", version: DEFAULT_RELEASE };
  const home = homeFolder();
  const workDir = home && join(home, ".cache", "cpython-memcheck");
  const interpreter = isCpython ? undefined : await findInstalled(new Processes(process.env), directory);
  return { directory, home, cores: availableParallelism(), workDir, source, interpreter };
}

/** Node's default exit code is 1, which would mean new errors. */
function fail(thrown: unknown): never {
  process.stderr.write(`\n${logText(describeFailure(thrown))}\n`);
  processes.killAll();
  process.exit(2);
}

const processes = new Processes(process.env);
process.on("uncaughtException", fail);
// Ignore EPIPE: without a reader, the exit code still gives the verdict.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
stopBySignals(processes);

main(process.argv.slice(2), processes).then((code) => {
  process.exitCode = code;
  // Does not wait for operations that were in progress when it stopped.
  if (processes.stopped !== undefined) process.exit();
}, fail);
