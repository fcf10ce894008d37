// The lines about a case, and the tables at the end. Pure.
import type { JudgedFinding } from "../../src/findings/judgement.ts";
import { expectedKind, isHarmless } from "./case.ts";
import type { EngineAgreement, Outcome, WayOfComparing } from "./outcome.ts";

const MAX_FINDINGS = 3;

/** What was found, by which engine and where: one line, with details in the lines below it. */
export function describeOutcome({ of, verdict, fresh, changed, crash, reasons, engines }: Outcome, seconds: number): string {
  const kinds = [...new Set(fresh.map(({ finding }) => `${finding.engine} ${finding.kind}`))].join(", ");
  const head = `${of.name.padEnd(38)} ${verdict.padEnd(10)} ${`${seconds.toFixed(0)} s`.padStart(5)}  ${kinds}`.trimEnd();
  const leaks = expectedKind(of) === "leak" ? [`engines: ${describeEngines(engines)}`] : [];
  const places = worstPerPlace(fresh).slice(0, MAX_FINDINGS).map(describePlace);
  const more = new Set(fresh.map(placeOf)).size - places.length;
  const lines = [
    ...leaks,
    ...places,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...changed.slice(0, MAX_FINDINGS).map(describePlace),
    ...(crash === undefined ? [] : [`crash: ${crash}`]),
    ...reasons,
    ...(verdict === "missed" ? [`not seen: ${of.what}, at ${of.site}; all of it ran under both engines, and nothing in it was new`] : []),
  ];
  return [head, ...lines.map((line) => `    ${line}`)].join("\n");
}

function describeEngines({ memcheck, scan, sameSignature }: EngineAgreement): string {
  if (memcheck && scan) return `found by both, ${sameSignature ? "with the same signature" : "WITH DIFFERENT SIGNATURES"}`;
  if (memcheck || scan) return `found by ${memcheck ? "memcheck" : "the scan"} only`;
  return "found by none";
}

function placeOf({ finding }: JudgedFinding): string {
  const { function: name, file, line } = finding.site;
  return file === null ? name : `${name} (${file}:${line})`;
}

function worstPerPlace(fresh: readonly JudgedFinding[]): readonly JudgedFinding[] {
  const byBlocks = fresh.toSorted((a, b) => b.finding.blocks - a.finding.blocks);
  return [...new Map(byBlocks.map((one) => [placeOf(one), one])).values()];
}

function describePlace(judged: JudgedFinding): string {
  const { kind, blocks, segment } = judged.finding;
  const amount = blocks > 0 ? ` (blocks: ${blocks})` : "";
  return `${judged.status} ${kind} in ${placeOf(judged)}${amount}: ${segment.slice(0, 4).join(" < ")}`;
}

/** How many bugs of each kind each way of comparing finds, and for how many harmless changes it reports something. */
export function recallTable(outcomes: readonly Outcome[]): string {
  const kinds = [...new Set(outcomes.map(({ of }) => expectedKind(of)))].sort(
    (a, b) => Number(a === "harmless") - Number(b === "harmless") || (a < b ? -1 : 1),
  );
  const ways = [...new Set(outcomes.flatMap((outcome) => [...outcome.ways.keys()]))];
  const cell = (way: WayOfComparing, kind: string): string => {
    const rows = outcomes.filter(({ of }) => expectedKind(of) === kind);
    return `${rows.filter((outcome) => outcome.ways.get(way)).length}/${rows.length}`;
  };
  const heads = kinds.map((kind) => (kind === "harmless" ? "false" : kind));
  const row = (name: string, cells: readonly string[]): string => name.padEnd(24) + cells.map((text) => text.padStart(16)).join("");
  return [
    row("found of, by kind", heads),
    ...ways.map((way) =>
      row(
        way,
        kinds.map((kind) => cell(way, kind)),
      ),
    ),
  ].join("\n");
}

/** The last line, and whether the result is good: all bugs that were seen before are found, and every harmless change is checked and quiet. */
export function summaryOf(outcomes: readonly Outcome[]): { readonly line: string; readonly isGood: boolean } {
  const bugs = outcomes.filter(({ of }) => !isHarmless(of));
  const harmless = outcomes.filter(({ of }) => isHarmless(of));
  const found = bugs.filter(({ verdict }) => verdict === "found").length;
  const wrong = harmless.filter(({ verdict }) => verdict === "false").length;
  return {
    line: `recall ${found}/${bugs.length} false ${wrong}/${harmless.length}`,
    isGood:
      bugs.every(({ of, verdict }) => verdict === "found" || of.seen !== "yes") && harmless.every(({ verdict }) => verdict === "quiet"),
  };
}
