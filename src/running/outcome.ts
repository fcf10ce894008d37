import type { Ended } from "../system/processes.ts";
import type { Engine } from "./engine.ts";
import type { FileResult, LeakCheck, ProcessReport, Proof } from "./process-report.ts";

export type TestStatus = "passed" | "failed" | "skipped" | "timeout" | "crashed" | "stopped";

export interface RunOutcome {
  readonly status: TestStatus;
  readonly incomplete: string | null;
}

type Ending = Pick<Ended, "code" | "signal" | "timedOut">;
type Evidence = Pick<ProcessReport, "seen" | "results" | "started" | "finished" | "ending" | "testsStarted">;

/** How the run was watched. */
export interface Watch {
  readonly engine: Pick<Engine, "title" | "proof">;
  readonly leakCheck: LeakCheck;
  /** Seconds. */
  readonly timeout: number;
}

/** Says how a run ended and whether all of it was watched. Pure. What cannot be shown to be complete is incomplete. */
export function judgeRun(ended: Ending, report: Evidence, watch: Watch): RunOutcome {
  if (ended.timedOut) return { status: "timeout", incomplete: `it took longer than ${watch.timeout} s and was killed` };
  const { results } = report;
  if (results.length === 0 || ended.signal !== null) return { status: "crashed", incomplete: describeDeath(ended) };
  const status = worst(results);
  return { status, incomplete: missingProof(report, watch) ?? nothingRan(status, report) };
}

/** How a run ended that was stopped for what it took. */
export function describeExcess(excess: string): RunOutcome {
  return { status: "crashed", incomplete: `it ${excess} and was killed` };
}

function describeDeath(ended: Ending): string {
  const how = ended.signal === null ? `ended with exit code ${ended.code}` : `was ended by ${ended.signal}`;
  return `its process ${how} before the test file was over`;
}

function worst(results: readonly FileResult[]): TestStatus {
  const states = results.map(({ state }) => state);
  if (states.some((state) => !/^(PASSED|ENV_CHANGED|SKIPPED|RESOURCE_DENIED|DID_NOT_RUN)$/.test(state))) return "failed";
  return states.some((state) => state === "PASSED" || state === "ENV_CHANGED") ? "passed" : "skipped";
}

const PLANTED: Readonly<Record<Proof, string>> = { leak: "leak", read: "invalid read" };

/** The errors that the probe plants must have come back, in a report that is whole. */
function missingProof(report: Evidence, { engine, leakCheck }: Watch): string | null {
  if (report.ending === undefined) return `${engine.title} left no report of it`;
  if (!report.ending.complete) return `${engine.title}'s report of it is not whole: ${report.ending.reason}`;
  if (!report.started || !report.finished) return `${engine.title}'s report of it does not go from start to end`;
  const missing = engine.proof.find((proof) => !report.seen[proof] && (proof !== "leak" || leakCheck !== "none"));
  return missing === undefined ? null : `${engine.title} did not report the ${PLANTED[missing]} that was planted in it`;
}

/** A file that fails when it is imported has checked nothing. */
function nothingRan(status: TestStatus, report: Evidence): string | null {
  return status === "failed" && report.testsStarted === 0 && report.results.every(({ ran }) => !ran)
    ? "no test of it ran: it failed"
    : null;
}
