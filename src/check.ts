import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildsNamedBy, NamedBuilds } from "./build/named-builds.ts";
import { objectNotes } from "./build/object-quality.ts";
import { type PreparedBuild, prepareBuild } from "./build/prepare.ts";
import type { RecordedFootprints } from "./engines/scan/footprint-recorder.ts";
import { unwinderOf } from "./engines/scan/scan-engine.ts";
import type { BaselineStore } from "./findings/baseline-store.ts";
import { type Judgement, requireChecked } from "./findings/judgement.ts";
import { addJudgement, mergeEngines, suspectsOf } from "./findings/merge-engines.ts";
import { NOTHING_RECORDED, type Recordable, type Recorded, recordRuns } from "./findings/recording.ts";
import { addedRelaxations, type Relaxation } from "./findings/relaxation.ts";
import { isExpired, type Skip } from "./findings/skip.ts";
import { judgeStopped } from "./findings/stopped.ts";
import type { Note } from "./model/note.ts";
import type { TestRun } from "./model/test-run.ts";
import { describeFailure, isDiskFull, UserError } from "./model/user-error.ts";
import type { Ports } from "./ports.ts";
import { assembleReport, type Facts } from "./report/assemble.ts";
import { exitCode, failedReport, type Report } from "./report/report.ts";
import { readRepositorySettings } from "./settings/repository-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { isCommand } from "./settings/work.ts";
import { blameLeaks, blameNotes } from "./stages/blame-notes.ts";
import { needsChanges } from "./stages/change.ts";
import { type Affected, affectedNotes, chooseBeforeScan, footprintsOf, reportAffected } from "./stages/choose-affected.ts";
import { addExcerpts, checkedSource } from "./stages/excerpts.ts";
import { placesOfFunctions } from "./stages/function-places.ts";
import { goneTests, isInSource } from "./stages/gone-tests.ts";
import { runLifecycles } from "./stages/lifecycle-stage.ts";
import { runMemcheck } from "./stages/memcheck-stage.ts";
import { type Preparation, prepare, repositoryOf } from "./stages/preparation.ts";
import { pythonNotes } from "./stages/python-notes.ts";
import { readSuppressions } from "./stages/read-suppressions.ts";
import { checkCommand, reproduceCommand } from "./stages/reproduce.ts";
import { runScan } from "./stages/scan-stage.ts";
import type { CheckContext } from "./stages/stage.ts";
import { limitTime, untilStopped } from "./stages/stopping.ts";
import { runTorture } from "./stages/torture-stage.ts";
import type { Processes } from "./system/processes.ts";
import { openWorkDir } from "./system/work-dir.ts";

/**
 * Checks and publishes, and returns the exit code. Errors that the user can fix are published like any outcome, and so are the results of a
 * check that was stopped. No process is left behind.
 */
export async function checkAndPublish(settings: Settings, ports: Ports, processes: Processes): Promise<0 | 1 | 2> {
  using _limit = limitTime(settings.timeout, processes);
  const report = await untilStopped(check(settings, ports, processes), processes).catch((error: unknown) => {
    if (processes.stopped !== undefined) return failedReport({ code: "stopped", why: processes.stopped, unfinished: [] });
    if (error instanceof UserError) return failedReport({ code: "check-failed", detail: error.message, hint: error.hint ?? null });
    if (isDiskFull(error)) return failedReport({ code: "check-failed", detail: describeFailure(error), hint: null });
    throw error;
  });
  processes.killAll();
  ports.progress.end();
  await ports.publish(report);
  return exitCode(report, settings.failOn);
}

/** The whole check: build, run, record, report. */
async function check(settings: Settings, { progress, baselines, builds, isLocal }: Ports, processes: Processes): Promise<Report> {
  await openWorkDir(settings.workDir);
  const today = new Date().toISOString().slice(0, 10);
  const own = await readRepositorySettings(repositoryOf(settings), today);
  const lookup = await baselines.load();
  const kept = builds === null ? null : new NamedBuilds(builds, buildsNamedBy(lookup));
  await using prepared = await prepareBuild(settings, { progress, processes, builds: kept });
  const { automaticScope } = baselines;
  const preparation = await prepare({ settings, own, prepared, lookup, automaticScope, progress, processes, today });
  const { checkContext } = preparation;
  // Before tests run, which may change or delete the files.
  const relaxations = [...(await readSuppressions(settings, prepared)), ...own.relaxations];
  const earlier = lookup.kind === "found" ? lookup.baseline.timeline : [];
  const looked = await look(checkContext);
  // A check that was stopped does not change the baseline.
  const recording = looked.isWhole
    ? await record(preparation, looked, { relaxations, builds: kept?.used ?? [], earlier }, baselines)
    : NOTHING_RECORDED;
  const { past, change } = checkContext.context;
  const report = assembleReport({
    prepared,
    runs: looked.runs,
    judgement: { ...looked.judgement, problems: [...looked.judgement.problems, ...recording.problems] },
    baseline: past.kind === "comparable" ? past.baseline : null,
    origin: lookup.kind === "found" ? (lookup.origin ?? null) : null,
    recorded: recording.isRecorded,
    skipped: looked.skipped,
    relaxations: past.kind === "comparable" ? addedRelaxations(relaxations, past.baseline.relaxations) : [],
    changes: change.changes,
    affected: looked.affected,
    timeline: recording.timeline ?? earlier,
    burstLimit: own.burstLimit,
    notes: [
      ...processes.notes,
      ...(needsChanges(looked.judgement) ? preparation.notes : []),
      ...looked.notes,
      ...(isCommand(settings.work) ? await objectNotes(prepared.python.path, prepared.python.version, settings.directory, processes) : []),
      ...pythonNotes(prepared.python),
      ...skipNotes(own.skips, (test) => exists(test, settings, prepared), today),
      ...(lookup.notes ?? []),
      ...recording.notes,
    ],
    reproduce: isLocal ? looked.reproduce : (engine, test) => checkCommand(settings, engine, test),
  });
  return await addExcerpts(report, checkedSource(checkContext));
}

interface Looked extends Pick<Facts, "reproduce" | "notes" | "skipped" | "affected"> {
  readonly footprints: RecordedFootprints | undefined;
  readonly runs: readonly TestRun[];
  /** Findings that may become part of a baseline. */
  readonly recordable: readonly TestRun[];
  readonly judgement: Judgement;
  /** Whether it ran to its end. */
  readonly isWhole: boolean;
}

/** Starts and ends interpreters, scans test files, runs some under memcheck, compares all with the baseline and confirms new findings. */
async function look(checkContext: CheckContext): Promise<Looked> {
  const { runContext, settings } = checkContext;
  const lifecycles = await runLifecycles(checkContext);
  const scan = await runScan(checkContext, await chooseBeforeScan(checkContext));
  const { affected } = scan;
  const memcheck = await runMemcheck(checkContext, scan.runs, suspectsOf(scan.judgement), affected);
  const torture = await runTorture(checkContext, affected, scan.runs);
  const ofTests = [...scan.runs, ...memcheck.runs, ...torture.runs];
  const runs = [...ofTests, ...lifecycles.runs];
  const unrecordable = new Set([...(memcheck.unrecordable ?? []), ...(torture.unrecordable ?? [])]);
  const both = mergeEngines(scan.judgement, memcheck.judgement, memcheck.looks);
  // Starting and ending interpreters is no test: a check that ran no test is not clean.
  const tested = requireChecked(addJudgement(both, torture.judgement), ofTests, affected.kind === "some");
  const judgement = addJudgement(tested, lifecycles.judgement);
  const { stopped } = runContext.processes;
  const { path, probe } = runContext.python;
  const scene = {
    python: path,
    runner: probe.runner,
    options: memcheck.options,
    work: settings.work,
    preloads: { scan: scan.preloads, torture: torture.preloads },
    children: settings.children,
    unwinder: unwinderOf(runContext),
  };
  return {
    runs,
    recordable: runs.filter((run) => !unrecordable.has(run)),
    footprints: scan.footprints,
    affected: reportAffected(affected),
    isWhole: stopped === undefined,
    judgement: stopped === undefined ? judgement : judgeStopped(judgement, runs, stopped),
    notes: [
      ...affectedNotes(affected, checkContext.underTest),
      ...(await blame(checkContext, affected, judgement, runs)),
      ...scan.notes,
      ...torture.notes,
      ...memcheck.notes,
    ],
    skipped: [
      ...scan.skipped.map((one) => ({ ...one, engine: "scan" as const })),
      ...memcheck.skipped.map((one) => ({ ...one, engine: "memcheck" as const })),
      ...torture.skipped.map((one) => ({ ...one, engine: "torture" as const })),
    ],
    reproduce: (engine, test) => (engine === "lifecycle" ? checkCommand(settings, engine, test) : reproduceCommand(scene, engine, test)),
  };
}

async function blame(
  checkContext: CheckContext,
  affected: Affected,
  judgement: Judgement,
  runs: readonly TestRun[],
): Promise<readonly Note[]> {
  const blamed = blameLeaks(affected, judgement, runs);
  if (blamed.length === 0) return [];
  const keys = blamed.flatMap(({ suspects }) => suspects.map(({ key }) => key));
  return blameNotes(blamed, await placesOfFunctions(keys, checkContext), checkContext.context.change.changes);
}

function record(
  { checkContext, identity, sha, content }: Preparation,
  { recordable: runs, footprints: recorded }: Looked,
  { relaxations: hiding, ...rest }: Pick<Recordable, "builds" | "earlier"> & { readonly relaxations: readonly Relaxation[] },
  baselines: BaselineStore,
): Promise<Recorded> {
  const { past, scope, change } = checkContext.context;
  const { settings, prepared } = checkContext;
  const before = past.kind === "comparable" ? past.baseline.tests.map(({ name }) => name) : [];
  const isBelow = (path: string): boolean => existsSync(join(settings.directory, path));
  const ran = runs.map(({ name }) => name);
  const gone = goneTests(before, { work: settings.work.kind, sources: prepared.source.files, isBelow, ran });
  const relaxations = hiding.map(({ hash }) => hash);
  const footprints = footprintsOf(recorded, runs, checkContext.underTest, sha);
  const { functionsOf } = change;
  return recordRuns({ scope, past, identity, runs, sha, content, gone, relaxations, footprints, functionsOf, ...rest }, baselines);
}

/** The suppressions of the CPython source under test, and those in the settings. */
function exists(test: string, { work, directory }: Settings, { source }: PreparedBuild): boolean {
  return work.kind === "suite" ? existsSync(join(directory, test)) : isInSource(test, source.files);
}

function skipNotes(skips: readonly Skip[], isThere: (test: string) => boolean, today: string): readonly Note[] {
  return skips.flatMap(({ test, expires }): readonly Note[] => {
    if (!isThere(test)) return [{ code: "skip-unknown", test }];
    return expires !== undefined && isExpired({ expires }, today) ? [{ code: "skip-expired", test, expires }] : [];
  });
}
