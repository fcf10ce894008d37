import { mkdir } from "node:fs/promises";
import { buildsNamedBy, NamedBuilds } from "./cpython/named-builds.ts";
import { prepareSubject } from "./cpython/prepare.ts";
import { describeFailure, isDiskFull, UserError, writingTo } from "./errors.ts";
import type { NamedBuild } from "./findings/baseline.ts";
import type { Judgement } from "./findings/judgement.ts";
import { NOTHING_RECORDED, type Recorded, recordRuns } from "./findings/recording.ts";
import { judgeStopped } from "./findings/stopped.ts";
import { judgeTogether, suspectsOf } from "./findings/suspicion.ts";
import { runMemcheck } from "./memcheck/stage.ts";
import type { BaselineStore, Ports } from "./ports.ts";
import { type Preparation, prepare, repositoryOf } from "./preparation.ts";
import { assembleReport, type Facts } from "./report/assemble.ts";
import { exitCode, failedReport, type Report } from "./report/report.ts";
import { checkCommand, reproduceCommand } from "./report/reproduce.ts";
import { readRepositorySettings } from "./repository-settings.ts";
import type { TestRun } from "./running/job.ts";
import { runScan } from "./scan/stage.ts";
import type { Settings } from "./settings.ts";
import type { Bench } from "./stage.ts";
import { limitTime, untilStopped } from "./stopping.ts";
import type { Processes } from "./system/processes.ts";

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

/** The whole story: build, look, record, report. */
async function check(settings: Settings, { progress, baselines, builds, isHere }: Ports, processes: Processes): Promise<Report> {
  await writingTo("The folder `work-dir`,", settings.workDir, () => mkdir(settings.workDir, { recursive: true }));
  const own = await readRepositorySettings(repositoryOf(settings));
  const lookup = await baselines.load();
  const kept = builds === null ? null : new NamedBuilds(builds, buildsNamedBy(lookup));
  await using subject = await prepareSubject(settings, { progress, processes, builds: kept });
  const { automaticScope } = baselines;
  const preparation = await prepare({ settings, own, subject, lookup, automaticScope, progress, processes });
  const { bench } = preparation;
  const looked = await look(bench);
  // A check that was stopped leaves the baseline as it is.
  const recording = looked.isWhole ? await record(preparation, looked.runs, kept?.used ?? [], baselines) : NOTHING_RECORDED;
  const { past, change } = bench.circumstances;
  return assembleReport({
    subject,
    runs: looked.runs,
    judgement: { ...looked.judgement, reasons: [...looked.judgement.reasons, ...recording.reasons] },
    baseline: past.kind === "comparable" ? past.baseline : null,
    origin: lookup.kind === "found" ? (lookup.origin ?? null) : null,
    recorded: recording.isRecorded,
    changes: change.changes,
    burstLimit: own.burstLimit,
    // Where a finding stands concerns those who have one.
    notes: [
      ...(looked.judgement.confirmed.length > 0 ? preparation.notes : []),
      ...looked.notes,
      ...(lookup.notes ?? []),
      ...recording.notes,
    ],
    reproduce: isHere ? looked.reproduce : (engine, test) => checkCommand(settings, engine, test),
  });
}

interface Looked extends Pick<Facts, "reproduce" | "notes"> {
  readonly runs: readonly TestRun[];
  readonly judgement: Judgement;
  /** Whether it came to its end. */
  readonly isWhole: boolean;
}

/** Scans for leaks, runs what was chosen and what is suspected under memcheck, compares with the baseline and has what is new confirmed. */
async function look(bench: Bench): Promise<Looked> {
  const { lab, settings } = bench;
  const scan = await runScan(bench);
  const memcheck = await runMemcheck(bench, suspectsOf(scan.judgement));
  const runs = [...scan.runs, ...memcheck.runs];
  const judgement = judgeTogether(scan.judgement, memcheck.judgement, memcheck.looks);
  const { stopped } = lab.processes;
  const { path, probe } = lab.python;
  const scene = { python: path, runner: probe.runner, options: memcheck.options, work: settings.work, preloads: scan.preloads };
  return {
    runs,
    isWhole: stopped === undefined,
    judgement: stopped === undefined ? judgement : judgeStopped(judgement, runs, stopped),
    notes: [...scan.notes, ...memcheck.notes],
    reproduce: (engine, test) => reproduceCommand(scene, engine, test),
  };
}

function record(
  { bench, identity, sha, content }: Preparation,
  runs: readonly TestRun[],
  builds: readonly NamedBuild[],
  baselines: BaselineStore,
): Promise<Recorded> {
  const { past, scope, change } = bench.circumstances;
  return recordRuns({ scope, past, identity, runs, sha, content, builds, functionsOf: change.functionsOf }, baselines);
}
