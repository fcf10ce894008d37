import { existsSync } from "node:fs";
import { summarize } from "../affected/code.ts";
import { type Footprints, makeFootprints, type RecordedFootprints } from "../affected/footprints.ts";
import { type Selected, selectAffected } from "../affected/selection.ts";
import { builtObjects } from "../build/functions.ts";
import { readBuildCode } from "../build/object-files.ts";
import type { PreparedBuild } from "../build/prepare.ts";
import { selectAll } from "../build/tests.ts";
import type { Job } from "../engines/job.ts";
import { FootprintRecorder } from "../engines/scan/footprint-recorder.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { type ReportedAffected, reportCause } from "../report/affected-messages.ts";
import type { Settings } from "../settings/settings.ts";
import type { CheckContext, StageContext } from "./stage.ts";

/** The test files that a change can reach, of all; or why all of them are run. */
export type Affected =
  | (Selected & { readonly scanned: readonly string[]; readonly footprints: Footprints })
  | { readonly kind: "any"; readonly why: WhyAny };

export type AffectedSome = Extract<Affected, { kind: "some" }>;

/** `asked`: by the settings. `records`: a baseline must have all. `no-record`: no baseline tells. `unchanged`: somebody wants the same checked again. */
export type WhyAny = "asked" | "records" | "no-record" | "unchanged" | "unreadable-objects";

/** What decides whether there is something to choose, and by what. */
export interface Choice {
  readonly settings: Pick<Settings, "affected" | "scan" | "work">;
  readonly context: Pick<StageContext, "scope" | "past">;
  readonly content: string | null;
}

/** What to choose by, or why nothing can be left out. Pure. */
export function whatToChooseBy({ settings, context: { scope, past }, content }: Choice): Footprints | WhyAny {
  if (settings.affected === "all" || (settings.scan.kind !== "all" && settings.work.kind !== "all-tests")) return "asked";
  if (scope === "everything" || scope === "replace") return "records";
  if (past.kind !== "comparable" || past.baseline.footprints === null) return "no-record";
  return content !== null && content === past.baseline.content ? "unchanged" : past.baseline.footprints;
}

/** Decides which test files of a selection of all are run. */
export async function chooseAffected(checkContext: CheckContext): Promise<Affected> {
  const { prepared, runContext } = checkContext;
  const footprints = whatToChooseBy(checkContext);
  if (typeof footprints === "string") return { kind: "any", why: footprints };
  const code = readBuildCode(prepared.python.tree);
  if (code === undefined) return { kind: "any", why: "unreadable-objects" };
  const { names, leftOut } = await selectAll("scan", prepared.python, runContext.folder, runContext.processes);
  // What is not scanned may still be run under memcheck.
  const tests = [...names, ...leftOut.map(({ name }) => name)];
  return { ...selectAffected({ footprints, code, sources: hashesOf(prepared), tests }), scanned: names, footprints };
}

/** Those that were run, with why; null where none was left out. */
export function reportAffected(affected: Affected): ReportedAffected | null {
  if (affected.kind !== "some") return null;
  const { chosen } = affected;
  return affected.scanned.flatMap((test) => {
    const causes = chosen.get(test);
    return causes === undefined ? [] : [{ test, causes: causes.map(reportCause) }];
  });
}

/** How many were run and why. */
export function affectedNotes(affected: Affected): readonly Note[] {
  if (affected.kind === "any") return [];
  const of = affected.scanned.length;
  if (affected.kind === "some") {
    const chosen = reportAffected(affected)?.length ?? 0;
    return [{ code: "tests-chosen", chosen, of, sha: affected.footprints.sha }];
  }
  const { cause } = affected;
  return [{ code: "all-tests-affected", of, why: cause.code, name: "name" in cause ? cause.name : null }];
}

/** Of jobs for all test files those that the change can reach, and the names of the others. */
export function withoutUnaffected(
  jobs: readonly Job[],
  affected: Affected,
): { readonly jobs: readonly Job[]; readonly rest: readonly string[] } {
  if (affected.kind !== "some") return { jobs, rest: [] };
  const isChosen = ({ name }: Job): boolean => affected.chosen.has(name);
  return { jobs: jobs.filter(isChosen), rest: jobs.filter((job) => !isChosen(job)).map(({ name }) => name) };
}

/**
 * Whether this check may record which functions its test files run. Not where a baseline keeps older runs beside these: they would have been made
 * by two builds. Pure.
 */
export function recordsFootprints({ settings, context: { scope, past } }: Pick<Choice, "settings" | "context">): boolean {
  const isWhole = scope === "everything" || scope === "replace" || (scope === "what-is-missing" && past.kind !== "comparable");
  return settings.affected === "auto" && isWhole && settings.scan.kind === "all";
}

/** What records it; undefined where it is of no use or cannot be done. */
export async function openRecorder(checkContext: CheckContext): Promise<FootprintRecorder | undefined> {
  const { prepared, runContext } = checkContext;
  const canRecord = prepared.recipe.toolchain.architecture === "x86_64" && existsSync(prepared.python.probe.footprint);
  if (!recordsFootprints(checkContext) || !canRecord) return undefined;
  const { tree } = prepared.python;
  return await FootprintRecorder.open(await builtObjects(tree), tree, runContext.folder);
}

/** What the baseline keeps of a recording; null where there was none or it is not whole. */
export function footprintsOf(
  recorded: RecordedFootprints | undefined,
  runs: readonly TestRun[],
  prepared: PreparedBuild,
  sha: string | null,
): Footprints | null {
  const code = recorded === undefined ? undefined : readBuildCode(prepared.python.tree);
  if (recorded === undefined || code === undefined) return null;
  const complete = new Set(runs.flatMap(({ name, engine, incomplete }) => (engine === "scan" && incomplete === null ? [name] : [])));
  const tests = new Map([...recorded.tests].filter(([name]) => complete.has(name)));
  return makeFootprints({ ...recorded, tests, sha, code: summarize(code), sources: hashesOf(prepared) });
}

function hashesOf({ source }: PreparedBuild): ReadonlyMap<string, string> {
  return new Map([...source.files].map(([name, { hash }]) => [name, hash]));
}
