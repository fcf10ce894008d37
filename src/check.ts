import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { prepareSubject, type Subject } from "./cpython/prepare.ts";
import { testEnvironment } from "./cpython/recipe.ts";
import { describeFailure, systemCodeOf, UserError } from "./errors.ts";
import type { Identity } from "./findings/baseline.ts";
import { type History, historyOf, recordingScope } from "./findings/history.ts";
import { judgeFindings } from "./findings/judgement.ts";
import { recordRuns } from "./findings/recording.ts";
import { aloneUnderMemcheck } from "./memcheck/alone.ts";
import type { MemcheckOptions } from "./memcheck/command.ts";
import { memcheckEngine } from "./memcheck/engine.ts";
import { requireSelfTest } from "./memcheck/self-test.ts";
import type { Ports } from "./ports.ts";
import { assembleReport } from "./report/assemble.ts";
import { exitCode, failedReport, type Report } from "./report/report.ts";
import { reproduceCommand } from "./report/reproduce.ts";
import type { Job, Laboratory, TestRun } from "./running/job.ts";
import { planJobs } from "./running/plan.ts";
import { type Durations, runAll } from "./running/run-all.ts";
import { Workforce } from "./running/workforce.ts";
import type { Settings } from "./settings.ts";
import type { Processes } from "./system/processes.ts";
import { openRunFolder } from "./system/run-folder.ts";

/** Checks and publishes, and says how the process must end. What the user can mend is published like any outcome. */
export async function checkAndPublish(settings: Settings, ports: Ports, processes: Processes): Promise<0 | 1 | 2> {
  const report = await check(settings, ports, processes).catch((error: unknown) => {
    if (error instanceof UserError || systemCodeOf(error) === "ENOSPC") return failedReport(describeFailure(error));
    throw error;
  });
  ports.progress.end();
  await ports.publish(report);
  return exitCode(report, settings.failOn);
}

/** The whole story: build, run under memcheck, compare with the baseline, have what is new confirmed, record, report. */
async function check(settings: Settings, { progress, baselines }: Ports, processes: Processes): Promise<Report> {
  await mkdir(settings.workDir, { recursive: true });
  const lookup = await baselines.load();
  await using subject = await prepareSubject(settings, { progress, processes });
  const identity = identityOf(settings, subject);
  const past = historyOf(lookup, identity);
  const scope = recordingScope(settings.recordBaseline, baselines.automaticScope, past);

  const lab = await openLaboratory(settings, subject, processes);
  const options = memcheckOptions(settings, subject);
  const crew = settings.leakCheck === "live" ? new Workforce(memcheckEngine(lab, options), lab) : aloneUnderMemcheck(lab, options);
  const places = { directory: settings.directory, scratch: lab.folder };
  const { jobs, leftOut } = await planJobs(settings.work, subject.python, places, processes);
  const run = (title: string, chosen: readonly Job[]): Promise<readonly TestRun[]> => {
    progress.begin(title);
    return runAll(chosen, settings.jobs, durationsOf(past), crew, progress);
  };
  if (settings.leakCheck === "live") await requireSelfTest(lab, options, testEnvironment(process.env), subject.recipe.toolchain.valgrind);
  const runs = await run("Memcheck", jobs);
  const judgement = await judgeFindings(runs, past, scope, (names) =>
    run(
      "Confirm what is new",
      jobs.filter((job) => names.includes(job.name)),
    ),
  );
  const recorded = await recordRuns({ scope, past, identity, runs, sha: subject.sha }, baselines);

  return assembleReport({
    subject,
    runs,
    judgement,
    baseline: past.kind === "comparable" ? past.baseline : null,
    recorded: recorded !== undefined,
    notes: [...leftOut.map(({ name, reason }) => `${name} is left out: it ${reason}.`), ...(recorded === undefined ? [] : [recorded])],
    reproduce: (test) => reproduceCommand({ python: lab.python.path, runner: lab.python.probe.runner, options, work: settings.work }, test),
  });
}

/** What a baseline must have been recorded with to be compared with this check. */
function identityOf(settings: Settings, { recipe, python }: Subject): Identity {
  const { toolchain, configureArgs } = recipe;
  return {
    python: python.version.split(".").slice(0, 2).join("."),
    valgrind: toolchain.valgrind,
    compiler: toolchain.compilerVersion,
    libc: toolchain.libc,
    architecture: toolchain.architecture,
    configureArgs: [...configureArgs],
    valgrindArgs: [...settings.valgrindArgs],
    leakCheck: settings.leakCheck,
  };
}

function durationsOf(past: History): Durations {
  return new Map(past.kind === "comparable" ? past.baseline.tests.map((test) => [test.name, test.seconds]) : []);
}

async function openLaboratory(settings: Settings, { python }: Subject, processes: Processes): Promise<Laboratory> {
  if (settings.pythonStacks && python.version.startsWith("3.11.")) {
    throw new UserError(
      `\`python-stacks\` needs CPython 3.12 or newer, and this is ${python.version}: before, tracemalloc hides every leak.`,
    );
  }
  const folder = await openRunFolder(join(settings.workDir, "runs"));
  // An extension's own files are the project when a released CPython runs it; else CPython is.
  const foreign = settings.work.kind === "command" && settings.source.kind === "release";
  return {
    python,
    project: { roots: [foreign ? settings.directory : python.tree] },
    folder,
    leakCheckPer: settings.leakCheckPer,
    pythonStacks: settings.pythonStacks,
    timeout: settings.testTimeout,
    processes,
  };
}

function memcheckOptions(settings: Settings, { python }: Subject): Omit<MemcheckOptions, "xmlFolder"> {
  const { all, definiteLeaks } = python.suppressions;
  return {
    leakCheck: settings.leakCheck,
    suppressions: [settings.leakCheck === "live" ? definiteLeaks : all, ...settings.suppressions],
    extraArgs: settings.valgrindArgs,
  };
}
