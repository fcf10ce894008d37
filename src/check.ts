import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { changesSince } from "./change.ts";
import { Functions } from "./cpython/functions.ts";
import { prepareSubject, type Subject } from "./cpython/prepare.ts";
import { commitOf } from "./cpython/source.ts";
import { describeFailure, isDiskFull, UserError } from "./errors.ts";
import type { Identity } from "./findings/baseline.ts";
import type { Finding } from "./findings/finding.ts";
import { historyOf, recordingScope } from "./findings/history.ts";
import { followMovedTests } from "./findings/moved-tests.ts";
import { NOTHING_RECORDED, recordRuns } from "./findings/recording.ts";
import { judgeStopped } from "./findings/stopped.ts";
import { judgeTogether, suspectsOf } from "./findings/suspicion.ts";
import { runMemcheck } from "./memcheck/stage.ts";
import type { Ports } from "./ports.ts";
import { assembleReport } from "./report/assemble.ts";
import { exitCode, failedReport, type Report } from "./report/report.ts";
import { reproduceCommand } from "./report/reproduce.ts";
import { readRepositorySettings } from "./repository-settings.ts";
import type { Laboratory } from "./running/job.ts";
import { runScan } from "./scan/stage.ts";
import type { Settings } from "./settings.ts";
import { limitTime, untilStopped } from "./stopping.ts";
import type { Processes } from "./system/processes.ts";
import { openRunFolder } from "./system/run-folder.ts";

/**
 * Checks and publishes, and says how the process must end. What the user can mend is published like any outcome; so is what a check has that is
 * stopped. Nothing that it started is left.
 */
export async function checkAndPublish(settings: Settings, ports: Ports, processes: Processes): Promise<0 | 1 | 2> {
  using _limit = limitTime(settings.timeout, processes);
  const report = await untilStopped(check(settings, ports, processes), processes).catch((error: unknown) => {
    if (processes.stopped !== undefined) return failedReport(`The check was stopped before its end: ${processes.stopped}.`);
    if (error instanceof UserError || isDiskFull(error)) return failedReport(describeFailure(error));
    throw error;
  });
  processes.killAll();
  ports.progress.end();
  await ports.publish(report);
  return exitCode(report, settings.failOn);
}

/** The whole story: build, scan for leaks, run under memcheck, compare with the baseline, have what is new confirmed, record, report. */
async function check(settings: Settings, { progress, baselines, builds }: Ports, processes: Processes): Promise<Report> {
  await mkdir(settings.workDir, { recursive: true });
  const repository = repositoryOf(settings);
  const { accepted, burstLimit } = await readRepositorySettings(repository);
  const lookup = await baselines.load();
  await using subject = await prepareSubject(settings, { progress, processes, builds });
  const identity = identityOf(settings, subject);
  const recorded = historyOf(lookup, identity);
  const { changes, note } = await changesSince(recorded, repository, processes);
  const past = followMovedTests(recorded, changes);
  const scope = recordingScope(settings.recordBaseline, baselines.automaticScope, past);

  const functions = await Functions.ofBuild(subject.python.tree, processes);
  const lab = await openLaboratory(settings, subject, functions, processes);
  const functionsOf = (findings: readonly Finding[]) => functions.namesFor(findings);
  const change = { changes, functionsOf, acceptances: accepted, today: new Date().toISOString().slice(0, 10) };
  const bench = { settings, subject, lab, circumstances: { past, scope, width: settings.jobs, progress, change } };
  const scan = await runScan(bench);
  const memcheck = await runMemcheck(bench, suspectsOf(scan.judgement));
  const judged = judgeTogether(scan.judgement, memcheck.judgement, memcheck.looks);
  const runs = [...scan.runs, ...memcheck.runs];
  const sha = await commitOf(repository, processes);
  const content = isForeign(settings) ? null : subject.source.contentHash;
  const { stopped } = processes;
  const recordable = { scope, past, identity, runs, sha, content, functionsOf };
  const recording = stopped === undefined ? await recordRuns(recordable, baselines) : NOTHING_RECORDED;
  const judgement = stopped === undefined ? judged : judgeStopped(judged, runs, stopped);

  const { path, probe } = lab.python;
  const scene = { python: path, runner: probe.runner, options: memcheck.options, work: settings.work, preloads: scan.preloads };
  return assembleReport({
    subject,
    runs,
    judgement: { ...judgement, reasons: [...judgement.reasons, ...recording.reasons] },
    baseline: past.kind === "comparable" ? past.baseline : null,
    origin: lookup.kind === "found" ? (lookup.origin ?? null) : null,
    recorded: recording.isRecorded,
    changes,
    burstLimit,
    notes: [
      ...(note === undefined || judgement.confirmed.length === 0 ? [] : [note]),
      ...scan.notes,
      ...memcheck.notes,
      ...(lookup.notes ?? []),
      ...recording.notes,
    ],
    reproduce: (engine, test) => reproduceCommand(scene, engine, test),
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

/** An extension's own files are under test when a released CPython runs a command on them; else CPython is. */
function isForeign({ work, source }: Settings): boolean {
  return work.kind === "command" && source.kind === "release";
}

function repositoryOf(settings: Settings): string {
  return settings.source.kind === "checkout" ? settings.source.path : settings.directory;
}

async function openLaboratory(settings: Settings, { python }: Subject, functions: Functions, processes: Processes): Promise<Laboratory> {
  if (settings.pythonStacks && python.version.startsWith("3.11.")) {
    throw new UserError(
      `\`python-stacks\` needs CPython 3.12 or newer, and this is ${python.version}: before, tracemalloc hides every leak.`,
    );
  }
  const folder = await openRunFolder(join(settings.workDir, "runs"));
  return {
    python,
    project: { roots: isForeign(settings) ? [settings.directory] : python.roots, ambiguous: functions.own.ambiguous },
    folder,
    leakCheckPer: settings.leakCheckPer,
    pythonStacks: settings.pythonStacks,
    timeout: settings.testTimeout,
    processes,
  };
}
