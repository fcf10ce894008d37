import { existsSync } from "node:fs";
import { summarize } from "../affected/code.ts";
import { type Footprints, makeFootprints } from "../affected/footprints.ts";
import { type Selected, selectAffected } from "../affected/selection.ts";
import { builtObjects } from "../build/functions.ts";
import { readBuildCode } from "../build/object-files.ts";
import type { PreparedBuild } from "../build/prepare.ts";
import { selectAll } from "../build/tests.ts";
import type { Job } from "../engines/job.ts";
import { FootprintRecorder, type RecordedFootprints } from "../engines/scan/footprint-recorder.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { type ReportedAffected, reportCause } from "../report/affected-messages.ts";
import type { Settings } from "../settings/settings.ts";
import type { CheckContext, StageContext } from "./stage.ts";

/** The test files of `all` that a change can reach; or why all of them run. */
export type Affected =
  | (Selected & { readonly scanned: readonly string[]; readonly footprints: Footprints })
  | { readonly kind: "any"; readonly why: WhyAny };

/** A change of which it is known which functions it is in. */
export type KnownChange = Exclude<Affected, { kind: "any" }>;

/** Of a change of more (a field of a struct that all use), older errors would seem to be its own. */
const MAX_FUNCTIONS = 300;

export function isInFewFunctions({ rewritten }: Pick<KnownChange, "rewritten">): boolean {
  return rewritten.length <= MAX_FUNCTIONS;
}

export type AffectedSome = Extract<Affected, { kind: "some" }>;

/**
 * `asked`: by the settings. `records`: a baseline needs all. `no-record`: the baseline has no record. `unchanged`: the same content is checked
 * again.
 */
export type WhyAny = "asked" | "records" | "no-record" | "unchanged" | "unreadable-objects";

/** The inputs of the selection. */
export interface Choice {
  readonly settings: Pick<Settings, "affected" | "scan" | "work">;
  readonly context: Pick<StageContext, "scope" | "past">;
  readonly content: string | null;
}

/** The data for a selection, or why nothing can be left out. Pure. */
export function whatToChooseBy({ settings, context: { scope, past }, content }: Choice): Footprints | WhyAny {
  if (settings.affected === "all" || (settings.scan.kind !== "all" && settings.work.kind !== "all-tests")) return "asked";
  if (scope === "everything" || scope === "replace") return "records";
  if (past.kind !== "comparable" || past.baseline.footprints === null) return "no-record";
  return content !== null && content === past.baseline.content ? "unchanged" : past.baseline.footprints;
}

/** Decides which test files of `all` run. */
export async function chooseAffected(checkContext: CheckContext): Promise<Affected> {
  const { prepared, runContext } = checkContext;
  const footprints = whatToChooseBy(checkContext);
  if (typeof footprints === "string") return { kind: "any", why: footprints };
  const code = readBuildCode(prepared.python.tree);
  if (code === undefined) return { kind: "any", why: "unreadable-objects" };
  const { names, leftOut } = await selectAll("scan", prepared.python, runContext.folder, runContext.processes);
  // Test files that are not scanned may still run under memcheck.
  const tests = [...names, ...leftOut.map(({ name }) => name)];
  return { ...selectAffected({ footprints, code, sources: hashesOf(prepared), tests }), scanned: names, footprints };
}

/** The selected test files, with the reasons; null if none was left out. */
export function reportAffected(affected: Affected): ReportedAffected | null {
  if (affected.kind !== "some") return null;
  const { chosen } = affected;
  return affected.scanned.flatMap((test) => {
    const causes = chosen.get(test);
    return causes === undefined ? [] : [{ test, causes: causes.map(reportCause) }];
  });
}

/** A note on how many ran and why. */
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

/** Of the jobs for all test files, those that the change can reach, and the names of the others. */
export function withoutUnaffected(
  jobs: readonly Job[],
  affected: Affected,
): { readonly jobs: readonly Job[]; readonly rest: readonly string[] } {
  if (affected.kind !== "some") return { jobs, rest: [] };
  const isChosen = ({ name }: Job): boolean => affected.chosen.has(name);
  return { jobs: jobs.filter(isChosen), rest: jobs.filter((job) => !isChosen(job)).map(({ name }) => name) };
}

/**
 * Whether this check may record which functions its test files run. Not if the baseline keeps older runs as well: the records would come from
 * two builds. Pure.
 */
export function recordsFootprints({ settings, context: { scope, past } }: Pick<Choice, "settings" | "context">): boolean {
  const isWhole = scope === "everything" || scope === "replace" || (scope === "what-is-missing" && past.kind !== "comparable");
  return settings.affected === "auto" && isWhole && settings.scan.kind === "all";
}

/** The recorder; undefined if it is not needed or not possible. */
export async function openRecorder(checkContext: CheckContext): Promise<FootprintRecorder | undefined> {
  const { prepared, runContext } = checkContext;
  const canRecord = prepared.recipe.toolchain.architecture === "x86_64" && existsSync(prepared.python.probe.footprint);
  if (!recordsFootprints(checkContext) || !canRecord) return undefined;
  const { tree } = prepared.python;
  return await FootprintRecorder.open(await builtObjects(tree), tree, runContext.folder);
}

/** The baseline's part of a recording; null if there was none or it is incomplete. */
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

/** SHA-256 of each file of the source, by name. */
export function hashesOf({ source }: PreparedBuild): ReadonlyMap<string, string> {
  return new Map([...source.files].map(([name, { hash }]) => [name, hash]));
}
