// The check is stopped, and programs that it starts are killed, while it builds a source whose build is a few lines of shell.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReportedProblem } from "../../src/report/report.ts";
import { ROOT, readReport, run } from "../support/command.ts";
import { writeFiles } from "../support/folders.ts";
import { runWithLittleRoom } from "../support/small-disk.ts";
import { type Attack, type Group, inFolder } from "./attack.ts";

const CLI = join(ROOT, "dist", "cli.js");

/** A `configure` that starts processes in several ways, and waits for them. */
const HANGS = 'setsid sleep 414140 & sh -c "sleep 414140 & wait" & env -u CPYTHON_MEMCHECK_CHECK sleep 414140 & touch "$STARTED"; wait';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Undefined without a report. */
  readonly problem: ReportedProblem | undefined;
  readonly baseline: string;
}

/** Runs the check on a source with this `configure`; `act` gets the check's process when `configure` runs. */
async function checkOf(folder: string, configure: string, flags: readonly string[], act: (pid: number) => Promise<void>): Promise<Ended> {
  const source = join(folder, "cpython");
  const started = join(folder, "started");
  writeFiles(source, {
    "Include/patchlevel.h": '#define PY_VERSION "3.13.5"\n',
    configure: `#!/bin/sh\nSTARTED=${started}\n${configure}\n`,
    "Lib/test/test_csv.py": "",
  });
  const [report, baseline] = [join(folder, "report.json"), join(folder, "baseline")];
  writeFileSync(baseline, "what was there before");
  const own = ["--source", source, "--work-dir", join(folder, "work"), "--report", report, "--baseline", baseline, "--tests", "test_csv"];
  const child = spawn(process.execPath, [CLI, "check", ...own, ...flags], { stdio: "ignore" });
  const closed = new Promise<[number | null, NodeJS.Signals | null]>((done) => child.once("close", (...ended) => done(ended)));
  for (let tries = 0; tries < 600 && !existsSync(started) && child.exitCode === null; tries++) await sleep(50);
  await act(child.pid ?? 0);
  const [code, signal] = await closed;
  const problem = existsSync(report) ? readReport(report).problems[0] : undefined;
  return { code, signal, problem, baseline: readFileSync(baseline, "utf8") };
}

/** The processes that a hanging `configure` started. A killed one exists until its parent waits for it. */
async function left(): Promise<readonly string[]> {
  for (let tries = 0; ; tries++) {
    const pids = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && wordsOf(pid).includes("414140"));
    if (pids.length === 0 || tries === 40) return pids;
    await sleep(50);
  }
}

function wordsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function stoppedBy(what: string, act: (pid: number) => Promise<void>, flags: readonly string[] = []): Attack {
  return {
    name: `while CPython is configured: ${what}`,
    must: "exit code 2, a report with the reason, no process left, the baseline unchanged",
    attempt: () =>
      inFolder(async (folder) => {
        const { code, problem, baseline } = await checkOf(folder, HANGS, flags, act);
        const others = await left();
        if (code !== 2 || baseline !== "what was there before" || others.length > 0) throw new Error(`exit code ${code}, left: ${others}`);
        if (problem?.code !== "stopped") throw new Error(`problem: ${problem?.message}`);
        return `exit code 2: ${problem.message}`;
      }),
  };
}

const signal =
  (...names: readonly NodeJS.Signals[]) =>
  async (pid: number): Promise<void> => {
    for (const name of names) {
      process.kill(pid, name);
      await sleep(5);
    }
  };

const killed: Attack = {
  name: "while CPython is being configured: the check itself gets SIGKILL",
  must: "it fails, the baseline is unchanged, the build is not reused, its processes are gone",
  attempt: () =>
    inFolder(async (folder) => {
      const ended = await checkOf(folder, `touch "$STARTED"; exec sleep 414140`, [], signal("SIGKILL"));
      const others = await left();
      if (ended.signal !== "SIGKILL" || ended.baseline !== "what was there before" || others.length > 0) throw new Error(`left: ${others}`);
      const builds = join(folder, "work", "builds");
      if (readdirSync(builds).some((name) => existsSync(join(builds, name, "stamp.json")))) throw new Error("there is a stamp");
      return "SIGKILL, no process, no stamp";
    }),
};

/** A build that fails in this way, by its `configure` or its `make`. */
function fails(what: string, configure: string, expected: RegExp): Attack {
  return {
    name: what,
    must: "exit code 2, and a report that names what failed",
    attempt: () =>
      inFolder(async (folder) => {
        const { code, problem, baseline } = await checkOf(folder, configure, [], async () => {});
        if (code !== 2 || baseline !== "what was there before") throw new Error(`exit code ${code}`);
        const said = `${problem?.message}\n${problem?.remedy}`;
        if (problem?.code !== "check-failed" || !expected.test(said)) throw new Error(`problem: ${said}`);
        return `exit code 2: ${problem.message.split("\n")[0]}`;
      }),
  };
}

const make = (line: string): string => `printf 'all:\\n\\t${line}\\n' > Makefile; touch "$STARTED"`;

const diskFull: Attack = {
  name: "the disk is full when a baseline is recorded and a report written",
  must: "both are unchanged",
  attempt: () =>
    inFolder(async (folder) => {
      const mount = join(folder, "small");
      mkdirSync(mount);
      const program = join(import.meta.dirname, "programs", "fill-disk.ts");
      const ran = await runWithLittleRoom(mount, 200, [process.execPath, program, mount]);
      if (ran.code !== 0) throw new Error(ran.stderr.slice(-300));
      return ran.stdout.trim();
    }),
};

const withoutReader: Attack = {
  name: "nothing reads the check's output",
  must: "the exit code and the report are the usual ones",
  attempt: () =>
    inFolder(async (folder) => {
      const report = join(folder, "report.json");
      const script = 'exec 3>&1; { "$1" "$2" check --source /nowhere --work-dir "$3" --report "$4"; echo $? >&3; } 2>&1 | true';
      const ran = await run("sh", ["-c", script, "sh", process.execPath, CLI, folder, report]);
      if (ran.stdout.trim() !== "2" || readReport(report).verdict !== "inconclusive") throw new Error(ran.stdout + ran.stderr);
      return "exit code 2, and the report is there";
    }),
};

export const CANCEL: Group = {
  title: "The check's own process, and the programs that it starts",
  attacks: [
    ...(["SIGINT", "SIGTERM", "SIGHUP"] as const).map((name) => stoppedBy(`the check gets ${name}`, signal(name))),
    stoppedBy("the check gets the same signal twice at once, as npm passes it on", signal("SIGINT", "SIGINT")),
    stoppedBy("its time limit is exceeded", async () => {}, ["--timeout", "3s"]),
    killed,
    fails("configure is killed", 'touch "$STARTED"; kill -9 $$', /`configure` was killed/),
    fails("configure finds no space on the disk", 'touch "$STARTED"; echo "x: No space left on device"; exit 1', /disk is full/),
    fails("the compiler is killed for lack of memory", make("kill -9 $$PPID; sleep 1"), /`make` was killed/),
    fails("make succeeds and builds nothing", make("true"), /./),
    diskFull,
    withoutReader,
  ],
};
