import type { TestStatus } from "../model/test-run.ts";
import type { Ended } from "../system/processes.ts";
import type { Engine } from "./engine.ts";
import type { FileResult, LeakCheck, ProcessReport, Proof } from "./process-report.ts";

export interface RunOutcome {
  readonly status: TestStatus;
  readonly incomplete: string | null;
  /** Code for `incomplete`, by which two runs are compared: `timeout`, `signal:SIGSEGV`, `exit:23`, `report`, … */
  readonly cause: string | null;
}

type Ending = Pick<Ended, "code" | "signal" | "timedOut">;
type Evidence = Pick<ProcessReport, "seen" | "results" | "started" | "finished" | "ending" | "testsStarted">;

/** How the run was watched. */
export interface Watch {
  readonly engine: Pick<Engine, "title" | "proof">;
  readonly leakCheck: LeakCheck;
  /** Seconds. */
  readonly timeout: number;
  /** Whether a command ran rather than one of CPython's test files. */
  readonly isCommand?: boolean;
}

/** Says how a run ended and whether all of it was watched. Pure. What cannot be shown to be complete is incomplete. */
export function judgeRun(ended: Ending, report: Evidence, watch: Watch): RunOutcome {
  if (ended.timedOut) return fellShort("timeout", "timeout", `it took longer than ${watch.timeout} s and was killed`);
  const { results } = report;
  if (results.length === 0 || ended.signal !== null) return fellShort("crashed", causeOfDeath(ended), describeDeath(ended));
  const status = worst(results);
  const proof = missingProof(report, watch);
  if (proof !== null) return fellShort(status, "report", proof);
  const nothing = nothingRan(status, report, watch);
  return nothing === null ? { status, incomplete: null, cause: null } : fellShort(status, "no-test-ran", nothing);
}

function fellShort(status: TestStatus, cause: string, incomplete: string): RunOutcome {
  return { status, incomplete, cause };
}

/** How many tests of a file ran and were not skipped; null if that is unknown. */
export function countTests(results: readonly FileResult[]): number | null {
  return results.reduce<number | null>((sum, { ran }) => (sum === null || ran === null ? null : sum + ran), 0);
}

/** How a run ended that was stopped for what it took. */
export function describeExcess(excess: string): RunOutcome {
  return fellShort("crashed", "excess", `it ${excess} and was killed`);
}

function causeOfDeath({ signal, code }: Ending): string {
  return signal === null ? `exit:${code}` : `signal:${signal}`;
}

function describeDeath(ended: Ending): string {
  const how = ended.signal === null ? `ended with exit code ${ended.code}` : `was ended by ${ended.signal}`;
  return `its process ${how} before the test file was over`;
}

function worst(results: readonly FileResult[]): TestStatus {
  const states = results.map(({ state }) => state);
  if (states.some((state) => !/^(PASSED|ENV_CHANGED|SKIPPED|RESOURCE_DENIED|DID_NOT_RUN)$/.test(state))) return "failed";
  // For regrtest a file passes in which every test is skipped.
  const passes = ({ state, ran }: FileResult): boolean => (state === "PASSED" || state === "ENV_CHANGED") && ran !== 0;
  return results.some(passes) ? "passed" : "skipped";
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

/** A file that fails when it is imported has checked nothing; nor has a command that runs its tests in other processes. */
function nothingRan(status: TestStatus, report: Evidence, { isCommand }: Watch): string | null {
  if (report.testsStarted > 0 || report.results.some(({ ran }) => ran !== null && ran > 0)) return null;
  if (status === "failed") return "no test of it ran: it failed";
  return isCommand && status !== "passed" ? NO_TEST_WATCHED : null;
}

const NO_TEST_WATCHED =
  "no test of unittest or pytest ran in the process that is watched. Programs that it starts are not: run the tests in this process, without xdist (`-n 0`), tox or nox";
