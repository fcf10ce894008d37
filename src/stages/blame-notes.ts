import { blame } from "../affected/blame.ts";
import { usersOfFunctions } from "../affected/footprints.ts";
import type { JudgedFinding, Judgement } from "../findings/judgement.ts";
import { isLeak } from "../findings/segment.ts";
import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import type { Affected } from "./choose-affected.ts";

/** For each new leak whose stack did not change, which changed functions may have forgotten it. A leak's stack says only who allocated it. */
export function blameNotes(affected: Affected, judgement: Pick<Judgement, "findings">, runs: readonly TestRun[]): readonly Note[] {
  if (affected.kind === "any" || affected.functions.length === 0) return [];
  const usersOf = usersOfFunctions(affected.footprints);
  const complete = [...new Set(runs.flatMap(({ name, incomplete }) => (incomplete === null ? [name] : [])))];
  const leaks = Map.groupBy(
    judgement.findings.filter(({ finding, isConfirmed }) => isConfirmed && isLeak(finding.kind)),
    ({ finding }) => finding.signature,
  );
  return [...leaks].flatMap(([signature, group]): Note[] => {
    const leaking = new Set(group.map(({ finding }) => finding.test.file));
    const clean = complete.filter((name) => !leaking.has(name));
    const suspects = blame({ stack: stackOf(group), leaking: [...leaking], clean }, affected.functions, usersOf);
    const [first] = suspects;
    if (first === undefined) return [];
    return [{ code: "leak-suspects", signature, functions: suspects.map(({ name }) => name), cleanTests: first.cleanUsers }];
  });
}

function stackOf(group: readonly JudgedFinding[]): readonly string[] {
  return group.flatMap(({ finding }) => finding.stack.map((frame) => frame.function));
}
