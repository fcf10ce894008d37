import { existsSync } from "node:fs";
import { join } from "node:path";
import { objectNotes } from "./build/object-quality.ts";
import type { PreparedBuild } from "./build/prepare.ts";
import type { BaselineStore } from "./findings/baseline-store.ts";
import { NOTHING_RECORDED, type Recordable, type Recorded, recordRuns } from "./findings/recording.ts";
import { addedRelaxations, type Relaxation } from "./findings/relaxation.ts";
import type { Looked } from "./look.ts";
import { assembleReport } from "./report/assemble.ts";
import type { Report } from "./report/report.ts";
import { folderOf } from "./settings/directory-setting.ts";
import type { Settings } from "./settings/settings.ts";
import { isCommand } from "./settings/work.ts";
import { needsChanges } from "./stages/change.ts";
import { footprintsOf } from "./stages/choose-affected.ts";
import { addExcerpts } from "./stages/excerpts.ts";
import { goneTests } from "./stages/gone-tests.ts";
import type { Preparation } from "./stages/preparation.ts";
import { pythonNotes } from "./stages/python-notes.ts";
import { checkCommand } from "./stages/reproduce.ts";
import { type KnownTests, skipNotes } from "./stages/skip-notes.ts";
import { unlistedTests } from "./stages/unlisted-tests.ts";
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
  const { past, change, execution } = preparation.checkContext.context;
  const collected = execution.suite?.files;
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
      ...(isCommand(settings.work) ? await objectNotes(prepared.python, settings, processes) : []),
      ...pythonNotes(prepared.python),
      ...skipNotes(own.skips, { ...knownTests(settings, prepared), collected }, today),
      ...(lookup.notes ?? []),
      ...recording.notes,
    ],
    reproduce: ports.isLocal ? looked.reproduce : (engine, test) => checkCommand(settings, engine, test),
  });
  return await addExcerpts(report, excerpted);
}

function record(
  { checkContext, identity, unmoved, sha, content }: Preparation,
  { recordable: runs, footprints: recorded, listings }: Looked,
  { relaxations: hiding, ...rest }: Pick<Recordable, "builds" | "earlier"> & { readonly relaxations: readonly Relaxation[] },
  baselines: BaselineStore,
): Promise<Recorded> {
  const { past, scope, change } = checkContext.context;
  const { settings, prepared } = checkContext;
  const before = past.kind === "comparable" ? past.baseline.tests : [];
  const isBelow = (path: string): boolean => existsSync(join(settings.directory, path));
  const ran = runs.map(({ name }) => name);
  const work = settings.work.kind;
  const deleted = goneTests(
    before.map(({ name }) => name),
    { work, sources: prepared.source.files, isBelow, ran },
  );
  const gone = [...before.filter(({ name }) => deleted.includes(name)), ...unlistedTests(before, { work, scope, listings })];
  const relaxations = hiding.map(({ hash }) => hash);
  const footprints = footprintsOf(recorded, runs, checkContext.underTest, sha);
  const { functionsOf, changes } = change;
  const of = { scope, past, unmoved, identity, sha, content, moves: changes.moves, gone, relaxations };
  return recordRuns({ ...of, runs, footprints, functionsOf, ...rest }, baselines);
}

/** An entry of `.memcheck.toml` may be for the check of another project in the repository. */
function knownTests(settings: Settings, { source }: PreparedBuild): Omit<KnownTests, "collected"> {
  const folder = folderOf(settings);
  const isElsewhere = (test: string): boolean =>
    folder !== "" && !existsSync(join(settings.directory, test)) && existsSync(join(settings.workspace, test));
  return { work: settings.work.kind, sources: source.files, folder, isElsewhere };
}
