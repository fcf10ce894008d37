import type { RecordedFootprints } from "./affected/footprints.ts";
import { unwinderOf } from "./engines/scan/scan-engine.ts";
import { type Judgement, requireChecked } from "./findings/judgement.ts";
import { addJudgement, mergeEngines, suspectsOf } from "./findings/merge-engines.ts";
import { judgeStopped } from "./findings/stopped.ts";
import type { EngineName } from "./model/engine-name.ts";
import type { Note } from "./model/note.ts";
import type { TestRun } from "./model/test-run.ts";
import type { Facts } from "./report/assemble.ts";
import { folderOf } from "./settings/directory-setting.ts";
import { blameLeaks, blameNotes } from "./stages/blame-notes.ts";
import { type Affected, affectedNotes, chooseBeforeScan, reportAffected } from "./stages/choose-affected.ts";
import { placesOfFunctions } from "./stages/function-places.ts";
import { runLifecycles } from "./stages/lifecycle-stage.ts";
import { runMemcheck } from "./stages/memcheck-stage.ts";
import { checkCommand, type ReproduceContext, reproduceCommand } from "./stages/reproduce.ts";
import { runScan } from "./stages/scan-stage.ts";
import type { CheckContext, StageResult } from "./stages/stage.ts";
import { runTorture } from "./stages/torture-stage.ts";

/** Results of all stages of a check. */
export interface Looked extends Pick<Facts, "reproduce" | "notes" | "skipped" | "affected"> {
  readonly footprints: RecordedFootprints | undefined;
  readonly runs: readonly TestRun[];
  /** Runs that may become part of a baseline. */
  readonly recordable: readonly TestRun[];
  readonly judgement: Judgement;
  /** All test files that an engine's stage lists; none for an engine that runs named ones. */
  readonly listings: ReadonlyMap<EngineName, readonly string[]>;
  /** Whether it ran to its end. */
  readonly isWhole: boolean;
}

/** Starts and ends interpreters, scans test files, runs some under memcheck, compares all with the baseline and confirms new findings. */
export async function look(checkContext: CheckContext): Promise<Looked> {
  const { runContext, settings } = checkContext;
  const lifecycles = await runLifecycles(checkContext);
  const scan = await runScan(checkContext, await chooseBeforeScan(checkContext));
  const { affected } = scan;
  const memcheck = await runMemcheck(checkContext, scan.runs, suspectsOf(scan.judgement, scan.runs), affected);
  const torture = await runTorture(checkContext, affected, scan);
  const ofTests = [...scan.runs, ...memcheck.runs, ...torture.runs];
  const runs = [...ofTests, ...lifecycles.runs];
  const unrecordable = new Set([...(memcheck.unrecordable ?? []), ...(torture.unrecordable ?? [])]);
  const both = mergeEngines(scan.judgement, memcheck.judgement, memcheck.looks);
  // Starting and ending interpreters is no test: a check that ran no test is not clean.
  const tested = requireChecked(addJudgement(both, torture.judgement), ofTests, affected.kind === "some");
  const judgement = addJudgement(tested, lifecycles.judgement);
  const { stopped } = runContext.processes;
  const stages = [
    ["scan", scan],
    ["memcheck", memcheck],
    ["torture", torture],
  ] as const;
  const scene = sceneOf(checkContext, memcheck.options, { scan: scan.preloads, torture: torture.preloads });
  return {
    runs,
    recordable: runs.filter((run) => !unrecordable.has(run)),
    listings: listingsOf(stages),
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
    skipped: stages.flatMap(([engine, { skipped }]) => skipped.map((one) => ({ ...one, engine }))),
    reproduce: (engine, test) => (engine === "lifecycle" ? checkCommand(settings, engine, test) : reproduceCommand(scene, engine, test)),
  };
}

/** What the commands that reproduce a finding are made of. */
function sceneOf(
  { settings, runContext }: CheckContext,
  options: ReproduceContext["options"],
  preloads: ReproduceContext["preloads"],
): ReproduceContext {
  const { work, children } = settings;
  const { path: python, probe } = runContext.python;
  return { folder: folderOf(settings), python, runner: probe.runner, options, work, preloads, children, unwinder: unwinderOf(runContext) };
}

function listingsOf(stages: readonly (readonly [EngineName, StageResult])[]): Looked["listings"] {
  return new Map(stages.flatMap(([engine, { listed }]) => (listed === undefined ? [] : [[engine, listed]])));
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
