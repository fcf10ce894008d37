import { blame, isOnStack, namesakesOf, namesOnStack, type Suspect } from "../affected/blame.ts";
import { usersOfFunctions } from "../affected/footprints.ts";
import { bugKey } from "../findings/bug.ts";
import type { JudgedFinding, Judgement } from "../findings/judgement.ts";
import { placeOf } from "../findings/place.ts";
import { isLeak } from "../findings/segment.ts";
import type { Changes } from "../git/changes.ts";
import type { Site, StackFrame } from "../model/finding.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { type Affected, changedFunctions } from "./choose-affected.ts";
import type { FunctionPlaces } from "./function-places.ts";

/** New leaks whose stacks did not change, and the changed functions that may have caused all of them. */
export interface BlamedLeaks {
  readonly signatures: readonly string[];
  readonly suspects: readonly Suspect[];
}

/** A leak's stack only shows who allocated it. If a changed function is on the stack, no further note is needed. Pure. */
export function blameLeaks(affected: Affected, judgement: Pick<Judgement, "findings">, runs: readonly TestRun[]): readonly BlamedLeaks[] {
  if (affected.kind === "any" || affected.functions.length === 0) return [];
  const usersOf = usersOfFunctions(affected.footprints);
  const complete = [...new Set(runs.flatMap(({ name, incomplete }) => (incomplete === null ? [name] : [])))];
  const leaks = Map.groupBy(
    judgement.findings.filter(({ finding, isConfirmed }) => isConfirmed && isLeak(finding.kind)),
    ({ finding }) => bugKey(finding),
  );
  const changed = changedFunctions(affected);
  const namesakes = namesakesOf(changed, affected.footprints.code.keys);
  const unchanged = [...leaks.values()].filter((group) => !isOnStack(changed, namesOnStack(stackOf(group), namesakes)));
  const blamed = unchanged.map((group) => {
    const signatures = [...new Set(group.map(({ finding }) => finding.signature))];
    const leaking = new Set(group.map(({ finding }) => finding.test.file));
    const clean = complete.filter((name) => !leaking.has(name));
    // It is unknown which functions the others run, such as new test files.
    const recorded = affected.footprints.tests.filter((name) => leaking.has(name));
    return { signatures, suspects: recorded.length === 0 ? [] : blame({ leaking: recorded, clean }, affected.functions, usersOf) };
  });
  const groups = Map.groupBy(
    blamed.filter(({ suspects }) => suspects.length > 0),
    ({ suspects }) => JSON.stringify(suspects),
  );
  return [...groups.values()].map((group) => ({
    signatures: group.flatMap(({ signatures }) => signatures),
    suspects: group[0]?.suspects ?? [],
  }));
}

function stackOf(group: readonly JudgedFinding[]): readonly StackFrame[] {
  return group.flatMap(({ finding }) => finding.stack);
}

/** With each suspect's readable name, and the changed line nearest to its code, or else the line where it begins. Pure. */
export function blameNotes(
  blamed: readonly BlamedLeaks[],
  places: ReadonlyMap<string, FunctionPlaces>,
  changes: Changes,
): readonly Extract<Note, { code: "leak-suspects" }>[] {
  return blamed.map(({ signatures, suspects }) => {
    const functions = suspects.map(({ key, name }) => ({
      name: places.get(key)?.site.function || name,
      ...placeIn(places.get(key), changes),
    }));
    return { code: "leak-suspects", signatures: [...signatures], functions, cleanTests: suspects[0]?.cleanUsers ?? 0 };
  });
}

function placeIn(places: FunctionPlaces | undefined, changes: Changes): Pick<Site, "file" | "line"> {
  if (places === undefined) return { file: null, line: null };
  const { file, line } = placeOf(places, changes) ?? places.site;
  return { file, line: file === null ? null : line };
}
