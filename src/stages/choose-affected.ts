import { existsSync } from "node:fs";
import { changedFiles } from "../affected/changed-files.ts";
import { summarize } from "../affected/code.ts";
import { type Footprints, makeFootprints, type RecordedFootprints } from "../affected/footprints.ts";
import { type Selected, selectAffected } from "../affected/selection.ts";
import { selectAll } from "../build/tests.ts";
import type { UnderTest } from "../build/under-test.ts";
import type { Job } from "../engines/job.ts";
import { FootprintRecorder } from "../engines/scan/footprint-recorder.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { type ReportedAffected, reportCause } from "../report/affected-messages.ts";
import { noteMessage } from "../report/notes.ts";
import type { Settings } from "../settings/settings.ts";
import type { CheckContext, StageContext } from "./stage.ts";

/** The test files of `all` that a change can reach; or why all of them run. */
export type Affected =
  | (Selected & { readonly scanned: readonly string[]; readonly footprints: Footprints })
  | { readonly kind: "any"; readonly why: WhyAny };

/** A change whose functions are known. */
export type KnownChange = Exclude<Affected, { kind: "any" }>;

/** Limit of changed functions: with more (a field of a widely used struct), older errors would be attributed to the change. */
const MAX_FUNCTIONS = 300;

export function isInFewFunctions({ rewritten }: Pick<KnownChange, "rewritten">): boolean {
  return rewritten.length <= MAX_FUNCTIONS;
}

/** The functions that may be on the stack of an error that the change causes: those of the baseline, and new ones. */
export function changedFunctions({ functions, rewritten }: Pick<KnownChange, "functions" | "rewritten">): readonly string[] {
  return [...new Set([...functions, ...rewritten])];
}

export type AffectedSome = Extract<Affected, { kind: "some" }>;

/**
 * `asked`: by the settings. `records`: a baseline needs all. `no-record`: the baseline has no record. `unchanged`: the same content is checked
 * again. `not-collected`: the suite has not collected its test files yet.
 */
export type WhyAny = "asked" | "records" | "no-record" | "unchanged" | "unreadable-objects" | "not-collected";

/** All test files. `others` are not scanned, but may run under memcheck. */
export interface TestFiles {
  readonly scanned: readonly string[];
  readonly others: readonly string[];
}

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

/** The choice, and what it is made from. */
export interface Chooser extends Choice {
  readonly context: Choice["context"] & Pick<StageContext, "progress">;
  readonly underTest: Pick<UnderTest, "code" | "rules" | "sources"> | undefined;
}

/** Decides which of all test files run. */
export async function chooseAffected(chooser: Chooser, list: () => Promise<TestFiles>): Promise<Affected> {
  const { underTest } = chooser;
  const { progress } = chooser.context;
  const footprints = whatToChooseBy(chooser);
  if (typeof footprints === "string" || underTest === undefined)
    return { kind: "any", why: typeof footprints === "string" ? footprints : "asked" };
  const code = underTest.code();
  if (code === undefined) return { kind: "any", why: "unreadable-objects" };
  const { scanned, others } = await list();
  const tests = [...scanned, ...others];
  const rules = underTest.rules([...new Set([...footprints.tests, ...tests])]);
  const sources = underTest.sources(footprints.sources.names);
  const selected = selectAffected({ footprints, rules, code, sources, tests });
  // Something outside of the code made the check run again: a variable of the workflow, or a person who wants to see it once more.
  if (changedFiles(footprints, sources).length === 0 && isEmpty(selected)) return { kind: "any", why: "unchanged" };
  const affected = { ...selected, scanned, footprints };
  progress.begin("Affected tests");
  for (const note of choiceNotes(affected)) progress.note(noteMessage(note));
  return affected;
}

/** Whether no function changed. */
function isEmpty(selected: Selected): boolean {
  return selected.kind === "some" && selected.chosen.size === 0 && selected.functions.length + selected.rewritten.length === 0;
}

/** Chooses among CPython's test files. For a suite, this happens when the scan has collected its test files. */
export async function chooseBeforeScan(checkContext: CheckContext): Promise<Affected> {
  const { settings, prepared, runContext } = checkContext;
  if (settings.work.kind === "suite") return { kind: "any", why: "not-collected" };
  return await chooseAffected(checkContext, async () => {
    const { names, leftOut } = await selectAll("scan", prepared.python, runContext.folder, runContext.processes);
    return { scanned: names, others: leftOut.map(({ name }) => name) };
  });
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

/** Notes on how many test files ran and why, and on shared objects that made the choice less precise. */
export function affectedNotes(affected: Affected, underTest: Pick<UnderTest, "whole"> | undefined): readonly Note[] {
  const objects = [...(underTest?.whole ?? [])];
  return [...choiceNotes(affected), ...(objects.length === 0 ? [] : [{ code: "objects-whole", objects } as const])];
}

function choiceNotes(affected: Affected): readonly Note[] {
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
  const { prepared, runContext, underTest } = checkContext;
  const canRecord = prepared.recipe.toolchain.architecture === "x86_64" && existsSync(prepared.python.probe.footprint);
  if (underTest === undefined || !recordsFootprints(checkContext) || !canRecord) return undefined;
  return await FootprintRecorder.open(underTest.watched(), runContext.folder);
}

/** The baseline's part of a recording; null if there was none or it is incomplete. */
export function footprintsOf(
  recorded: RecordedFootprints | undefined,
  runs: readonly TestRun[],
  underTest: UnderTest | undefined,
  sha: string | null,
): Footprints | null {
  const code = recorded === undefined ? undefined : underTest?.code();
  if (recorded === undefined || underTest === undefined || code === undefined) return null;
  const complete = new Set(runs.flatMap(({ name, engine, incomplete }) => (engine === "scan" && incomplete === null ? [name] : [])));
  const tests = new Map([...recorded.tests].filter(([name]) => complete.has(name)));
  const opened = [recorded.shared, ...tests.values()].flatMap(({ files }) => [...files]);
  return makeFootprints({ ...recorded, tests, sha, code: summarize(code), sources: underTest.sources(new Set(opened)) });
}
