import type { Note } from "../model/note.ts";
import type { TestRun } from "../model/test-run.ts";
import { acceptanceFor } from "./acceptance.ts";
import { compare } from "./compare.ts";
import type { Grounds, JudgedFinding, Judgement } from "./judgement.ts";
import { isLeak } from "./segment.ts";
import { isComplete, shortfallOf } from "./shortfall.ts";

/** A run that fell short, and the second one that counts in its place. */
export interface Retried {
  readonly first: TestRun;
  readonly second: TestRun;
}

/** A crash that comes and goes may be the change's: the first run is reported, with the new errors that only it showed. Pure. */
export function addRetried(judgement: Judgement, retried: readonly Retried[], grounds: Omit<Grounds, "missing">): Judgement {
  return {
    ...judgement,
    findings: [...judgement.findings, ...retried.flatMap((one) => seenOnce(one, grounds))],
    notes: [...judgement.notes, ...retried.flatMap(({ first }) => noteOf(first, grounds))],
  };
}

function noteOf(first: TestRun, { history }: Pick<Grounds, "history">): readonly Note[] {
  const before = history.kind === "comparable" ? history.baseline.tests.find(({ name }) => name === first.name) : undefined;
  return shortfallOf(first, before).map((shortfall) => ({ code: "retried", shortfall }));
}

function seenOnce(
  { first, second }: Retried,
  { history, evidence, acceptances, today }: Omit<Grounds, "missing">,
): readonly JudgedFinding[] {
  if (history.kind !== "comparable") return [];
  // What a process that was cut short has not freed yet is no leak.
  const possible = first.findings.filter(({ kind }) => isComplete(first) || !isLeak(kind));
  const gone = possible.filter((finding) => !second.findings.some(({ signature }) => signature === finding.signature));
  return compare(history.baseline, [first.name], gone, evidence)
    .compared.filter(({ finding, status }) => status === "new" && acceptanceFor(finding, acceptances, today) === undefined)
    .map((one) => ({ ...one, status: "flaky", isConfirmed: false }));
}
