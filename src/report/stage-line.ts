import type { JudgedFinding, Judgement } from "../findings/judgement.ts";
import type { TestRun } from "../model/test-run.ts";
import { count, freshInWords, secondsInWords } from "./format.ts";

interface StageResult {
  readonly runs: readonly TestRun[];
  readonly judgement: Pick<Judgement, "findings">;
}

/** `Scan: 4 test files in 9 s, 1 new error`. For the log while the check runs: the report may merge findings of several engines. */
export function stageLine(title: string, { runs, judgement }: StageResult, seconds: number): string {
  const incomplete = runs.filter((run) => run.incomplete !== null).length;
  const parts = [
    `${count(runs.length, "test file")} in ${secondsInWords(seconds)}`,
    errorsOf(judgement.findings),
    ...(incomplete === 0 ? [] : [`${count(incomplete, "test file")} incomplete`]),
  ];
  return `${title}: ${parts.join(", ")}`;
}

function errorsOf(findings: readonly JudgedFinding[]): string {
  const number = (wanted: JudgedFinding["status"]): number => findings.filter(({ status }) => status === wanted).length;
  const [fresh, grown, unrecorded] = [number("new"), number("grown"), number("unrecorded")];
  return fresh + grown === 0 && unrecorded > 0 ? `${count(unrecorded, "error")}, not compared` : freshInWords(fresh, grown);
}
