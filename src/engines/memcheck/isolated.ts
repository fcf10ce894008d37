import { closeSync, openSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { InterpreterLeaks } from "../../findings/interpreter-leaks.ts";
import { NO_COSTS, type TestRun } from "../../model/test-run.ts";
import type { Job, RunContext } from "../job.ts";
import { excessOutcome, judgeRun } from "../outcome.ts";
import { readReports, summaryOf } from "../reports.ts";
import type { TestRunner } from "../run-all.ts";
import { watchTest } from "../watch.ts";
import { type MemcheckOptions, memcheckArgs } from "./memcheck-args.ts";
import { MEMCHECK } from "./memcheck-engine.ts";

/** Runs each job in a separate interpreter under memcheck, which looks for leaks when it ends. */
export function isolatedMemcheck(runContext: RunContext, options: Omit<MemcheckOptions, "xmlFolder">): TestRunner {
  return { run: (job) => runAlone(job, runContext, options), stop: async () => {} };
}

async function runAlone(job: Job, runContext: RunContext, options: Omit<MemcheckOptions, "xmlFolder">): Promise<TestRun> {
  const folder = join(runContext.folder, job.name.replace(/[^\w.-]+/g, "_").slice(0, 100));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const log = join(folder, "output.log");
  const { leakCheck } = options;
  const { timeout, project, processes } = runContext;
  const args = [...memcheckArgs({ ...options, xmlFolder: folder }), runContext.python.path, runContext.python.probe.runner, ...job.args];
  const output = openSync(log, "a");
  const handle = processes.start("valgrind", args, {
    cwd: job.cwd,
    env: job.env,
    timeout,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const pid = handle.child.pid ?? 0;
  using watch = watchTest(folder, pid, () => processes.kill(pid));
  const ended = await handle.ended;
  const interpreterLeaks = new InterpreterLeaks();
  const read = await readReports({ engine: MEMCHECK, folder, pid: ended.pid, testFile: job.name, leakCheck, project, interpreterLeaks });
  const outcome =
    watch.excess === undefined
      ? judgeRun(ended, read.report, { engine: MEMCHECK, leakCheck, timeout, isCommand: job.args[0] === "command" })
      : excessOutcome(watch.excess);
  const costs = { ...NO_COSTS, reading: read.seconds };
  const { left } = interpreterLeaks;
  const summary = { ...summaryOf(read), ...(left && { leftByInterpreter: left }) };
  return { name: job.name, engine: "memcheck", ...outcome, ...summary, seconds: ended.seconds, costs, log };
}
