import { existsSync } from "node:fs";
import { join } from "node:path";
import { objectNotes } from "./build/object-quality.ts";
import type { PreparedBuild } from "./build/prepare.ts";
import type { BaselineStore } from "./findings/baseline-store.ts";
import { NOTHING_RECORDED, type Recordable, type Recorded, recordRuns } from "./findings/recording.ts";
import { addedRelaxations, type Relaxation } from "./findings/relaxation.ts";
import { isExpired, type Skip } from "./findings/skip.ts";
import type { Looked } from "./look.ts";
import type { Note } from "./model/note.ts";
import { assembleReport } from "./report/assemble.ts";
import type { Report } from "./report/report.ts";
import type { Settings } from "./settings/settings.ts";
import { isCommand } from "./settings/work.ts";
import { needsChanges } from "./stages/change.ts";
import { footprintsOf } from "./stages/choose-affected.ts";
import { addExcerpts } from "./stages/excerpts.ts";
import { goneTests, isInSource } from "./stages/gone-tests.ts";
import type { Preparation } from "./stages/preparation.ts";
import { pythonNotes } from "./stages/python-notes.ts";
import { checkCommand } from "./stages/reproduce.ts";
import type { StartedCheck } from "./start-check.ts";

/** Records the baseline if this check may record one, and assembles the report. */
export async function conclude(started: StartedCheck, looked: Looked): Promise<Report> {
  const { request, today, own, lookup, builds, prepared, preparation, relaxations, excerpted } = started;
  const { settings, ports, processes } = request;
  const earlier = lookup.kind === "found" ? lookup.baseline.timeline : [];
  // A check that was stopped does not change the baseline.
  const recording = looked.isWhole
    ? await record(preparation, looked, { relaxations, builds: builds?.used ?? [], earlier }, ports.baselines)
    : NOTHING_RECORDED;
  const { past, change } = preparation.checkContext.context;
  const report = assembleReport({
    prepared,
    runs: looked.runs,
    judgement: { ...looked.judgement, problems: [...looked.judgement.problems, ...recording.problems] },
    baseline: past.kind === "comparable" ? past.baseline : null,
    origin: lookup.kind === "found" ? (lookup.origin ?? null) : null,
    recorded: recording.isRecorded,
    recorder: ports.baselines.recorder,
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
      ...(isCommand(settings.work) ? await objectNotes(prepared.python, settings.directory, processes) : []),
      ...pythonNotes(prepared.python),
      ...skipNotes(own.skips, (test) => exists(test, settings, prepared), today),
      ...(lookup.notes ?? []),
      ...recording.notes,
    ],
    reproduce: ports.isLocal ? looked.reproduce : (engine, test) => checkCommand(settings, engine, test),
  });
  return await addExcerpts(report, excerpted);
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

function exists(test: string, { work, directory }: Settings, { source }: PreparedBuild): boolean {
  return work.kind === "suite" ? existsSync(join(directory, test)) : isInSource(test, source.files);
}

function skipNotes(skips: readonly Skip[], isThere: (test: string) => boolean, today: string): readonly Note[] {
  return skips.flatMap(({ test, expires }): readonly Note[] => {
    if (!isThere(test)) return [{ code: "skip-unknown", test }];
    return expires !== undefined && isExpired({ expires }, today) ? [{ code: "skip-expired", test, expires }] : [];
  });
}
