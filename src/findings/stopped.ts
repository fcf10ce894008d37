import type { TestRun } from "../model/test-run.ts";
import type { Judgement } from "./judgement.ts";

const MAX_NAMES = 5;

/** What a stopped check has come to: never clean, and it says what it did not get to. */
export function judgeStopped(judgement: Judgement, runs: readonly TestRun[], why: string): Judgement {
  return { ...judgement, reasons: [stoppedInWords(runs, why), ...judgement.reasons] };
}

function stoppedInWords(runs: readonly TestRun[], why: string): string {
  const names = [...new Set(runs.filter(({ status }) => status === "stopped").map(({ name }) => name))];
  if (names.length === 0) return `The check was stopped before its end: ${why}.`;
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  return `The check was stopped before its end: ${why}. It did not finish ${names.slice(0, MAX_NAMES).join(", ")}${more}.`;
}
