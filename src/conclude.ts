import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Begun } from "./begin.ts";
import { objectNotes } from "./build/object-quality.ts";
import type { PreparedBuild } from "./build/prepare.ts";
import { isKnownVersion } from "./build/source.ts";
import { isTestName, testExists } from "./build/tests.ts";
import type { NamedBuild } from "./findings/baseline.ts";
import type { BaselineStore } from "./findings/baseline-store.ts";
import { NOTHING_RECORDED, type Recorded, recordRuns } from "./findings/recording.ts";
import { addedRelaxations, type Relaxation, suppressionsIn } from "./findings/relaxation.ts";
import { isExpired, type Skip } from "./findings/skip.ts";
import type { Looked } from "./look.ts";
import type { Note } from "./model/note.ts";
import { assembleReport } from "./report/assemble.ts";
import type { Report } from "./report/report.ts";
import type { Settings } from "./settings/settings.ts";
import { isCommand } from "./settings/work.ts";
import { needsChanges } from "./stages/change.ts";
import { footprintsOf } from "./stages/choose-affected.ts";
import { type Preparation, repositoryOf } from "./stages/preparation.ts";
import { checkCommand } from "./stages/reproduce.ts";
import type { CheckContext } from "./stages/stage.ts";

/** Records what was found, as far as it is to be recorded, and puts the report together. */
export async function conclude(begun: Begun, looked: Looked): Promise<Report> {
  const { request, today, own, lookup, builds, prepared, preparation } = begun;
  const { settings, ports, processes } = request;
  // A check that was stopped leaves the baseline as it is.
  const relaxations = [...(await readSuppressions(settings, prepared)), ...own.relaxations];
  const recording = looked.isWhole
    ? await record(preparation, looked, { relaxations, builds: builds?.used ?? [] }, ports.baselines)
    : NOTHING_RECORDED;
  const { past, change } = preparation.checkContext.context;
  return assembleReport({
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
    burstLimit: own.burstLimit,
    notes: [
      ...processes.notes,
      ...(needsChanges(looked.judgement) ? preparation.notes : []),
      ...looked.notes,
      ...(isCommand(settings.work) ? await objectNotes(prepared.python.path, prepared.python.version, settings.directory, processes) : []),
      ...versionNotes(prepared.source.version),
      ...skipNotes(own.skips, (test) => exists(test, settings, prepared), today),
      ...(lookup.notes ?? []),
      ...recording.notes,
    ],
    reproduce: ports.isLocal ? looked.reproduce : (engine, test) => checkCommand(settings, engine, test),
  });
}

function record(
  { checkContext, identity, sha, content }: Preparation,
  { recordable: runs, footprints: recorded }: Looked,
  { relaxations: hiding, builds }: { readonly relaxations: readonly Relaxation[]; readonly builds: readonly NamedBuild[] },
  baselines: BaselineStore,
): Promise<Recorded> {
  const { past, scope, change } = checkContext.context;
  const before = past.kind === "comparable" ? past.baseline.tests.map(({ name }) => name) : [];
  const gone = before.filter((name) => isGone(name, checkContext));
  const relaxations = hiding.map(({ hash }) => hash);
  const footprints = footprintsOf(recorded, runs, checkContext.prepared, sha);
  const { functionsOf } = change;
  return recordRuns({ scope, past, identity, runs, sha, content, gone, relaxations, builds, footprints, functionsOf }, baselines);
}

/** Whether a recorded test file does not exist any more: one of CPython's, or of a project's own suite. */
function isGone(name: string, { settings, prepared }: CheckContext): boolean {
  return (settings.work.kind === "suite" || isTestName(name)) && !exists(name, settings, prepared);
}

/** CPython's own suppressions, which come with the source under test, and those that the settings name. */
async function readSuppressions(settings: Settings, { source }: PreparedBuild): Promise<readonly Relaxation[]> {
  const project = `${repositoryOf(settings)}/`;
  const own = { file: "Misc/valgrind-python.supp", path: join(source.path, "Misc", "valgrind-python.supp") };
  const further = settings.suppressions.map((path) => ({ file: path.startsWith(project) ? path.slice(project.length) : path, path }));
  const texts = await Promise.all([own, ...further].map(async ({ file, path }) => suppressionsIn(await readFile(path, "utf8"), file)));
  return texts.flat();
}

function versionNotes(version: string): readonly Note[] {
  return isKnownVersion(version) ? [] : [{ code: "newer-python", version }];
}

function exists(test: string, { work, directory }: Settings, { source }: PreparedBuild): boolean {
  return work.kind === "suite" ? existsSync(join(directory, test)) : testExists(test, source.path);
}

function skipNotes(skips: readonly Skip[], isThere: (test: string) => boolean, today: string): readonly Note[] {
  return skips.flatMap(({ test, expires }): readonly Note[] => {
    if (!isThere(test)) return [{ code: "skip-unknown", test }];
    return expires !== undefined && isExpired({ expires }, today) ? [{ code: "skip-expired", test, expires }] : [];
  });
}
