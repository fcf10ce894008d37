import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { FindingCollection, findingOf } from "../../findings/make-finding.ts";
import type { LeakSuppression } from "../../findings/suppression-file.ts";
import type { MemoryError } from "../../model/memory-error.ts";
import { NO_COSTS, type TestRun } from "../../model/test-run.ts";
import type { Ended } from "../../system/processes.ts";
import type { Job, RunContext } from "../job.ts";
import type { TestRunner } from "../run-all.ts";
import { joinPreloads } from "../scan/scan-environment.ts";
import { suppressionFor } from "../scan/suppressions.ts";
import { Symbols } from "../scan/symbols.ts";
import { type LifecycleJournal, readLifecycleJournal } from "./lifecycle-journal.ts";

/** The kinds of rounds: the whole runtime; subinterpreters that share the GIL; subinterpreters with their own GIL. */
export const LIFECYCLES = ["interpreter", "subinterpreter", "own-gil"] as const;

const PREFIX = "lifecycle.";

/** Seconds. A round takes three. */
const TIMEOUT = 300;

/** In 3.11 and 3.12, each interpreter leaves blocks from over six hundred stacks behind, which will not be fixed (gh-113055). */
const OLDEST_MINOR = 13;

/** A job for each kind of round; none for versions that leak too much to compare. @param version `3.13.5` */
export function lifecycleJobs(version: string, env: Readonly<Record<string, string>>, scratch: string): readonly Job[] {
  if (Number(version.split(".")[1]) < OLDEST_MINOR) return [];
  return LIFECYCLES.map((kind) => ({ name: `${PREFIX}${kind}`, args: [kind], cwd: scratch, env }));
}

/** Starts and ends interpreters, some in one process, and finds the blocks that each leaves behind. Needs no tool but the probe. */
export function lifecycleRunner(runContext: RunContext, suppressions: readonly LeakSuppression[]): TestRunner {
  const symbols = new Symbols(runContext.processes);
  return { run: (job) => runLifecycle(job, runContext, suppressions, symbols), stop: async () => {} };
}

async function runLifecycle(
  job: Job,
  runContext: RunContext,
  suppressions: readonly LeakSuppression[],
  symbols: Symbols,
): Promise<TestRun> {
  const { python, processes } = runContext;
  const folder = join(runContext.folder, job.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [journal, log] = [join(folder, "journal.jsonl"), join(folder, "output.log")];
  // Set by env(1): the library is for the interpreter, and would not load into the program that starts it.
  const preload = `LD_PRELOAD=${joinPreloads(python.probe.lifecycle.library)}`;
  const args = [preload, python.path, ...job.args, journal, python.probe.lifecycle.script];
  const ended = await processes.run("env", args, { cwd: job.cwd, env: job.env, timeout: TIMEOUT, logFile: log });
  const read = await readLifecycleJournal(await readFile(journal, "utf8").catch(() => ""), symbols);
  const errors = read.kind === "whole" ? read.errors : [];
  const hidden = errors.flatMap((error) => suppressionFor(error, suppressions) ?? []);
  const shown = errors.filter((error) => suppressionFor(error, suppressions) === undefined);
  return {
    name: job.name,
    engine: "lifecycle",
    ...outcomeOf(ended, read),
    seconds: ended.seconds,
    ran: null,
    findings: findingsOf(shown, job, runContext),
    suppressed: [...new Set(hidden.map(({ name }) => name))],
    costs: NO_COSTS,
    log,
  };
}

function outcomeOf({ code, signal, timedOut }: Ended, read: LifecycleJournal): Pick<TestRun, "status" | "incomplete"> {
  if (timedOut) return { status: "timeout", incomplete: { code: "timeout", seconds: TIMEOUT } };
  if (signal !== null || code !== 0) return { status: "crashed", incomplete: { code: "crashed", signal, exit: code } };
  return read.kind === "whole" ? { status: "passed", incomplete: null } : { status: "crashed", incomplete: read.why };
}

function findingsOf(errors: readonly MemoryError[], { name }: Job, { project }: RunContext): TestRun["findings"] {
  const findings = new FindingCollection();
  for (const error of errors) findings.add(findingOf({ engine: "lifecycle", error, testFile: name, testId: null, objects: [] }, project));
  return findings.all();
}
