import type { Incomplete, Proof } from "../model/incomplete.ts";
import type { TestStatus } from "../model/test-run.ts";
import type { Ended } from "../system/processes.ts";
import type { Engine } from "./engine.ts";
import type { FileResult, LeakCheck, ProcessReport } from "./process-report.ts";

export interface RunOutcome {
  readonly status: TestStatus;
  readonly incomplete: Incomplete | null;
}

type Ending = Pick<Ended, "code" | "signal" | "timedOut">;
type Evidence = Pick<ProcessReport, "seen" | "results" | "started" | "finished" | "ending" | "testsStarted">;

/** How the run was made. */
export interface Watch {
  readonly engine: Pick<Engine, "proof">;
  readonly leakCheck: LeakCheck;
  /** Seconds. */
  readonly timeout: number;
  /** Whether a command ran rather than one of CPython's test files. */
  readonly isCommand?: boolean;
  /** Whether it ran in a worker. Its processes exit with 0 unless our own code in them failed, or a test's code after the test file. */
  readonly isInWorker?: boolean;
}

/** How a run ended, and whether all of it was watched. Pure. Without proof that it is complete, it is incomplete. */
export function judgeRun(ended: Ending, report: Evidence, watch: Watch): RunOutcome {
  if (ended.timedOut) return { status: "timeout", incomplete: { code: "timeout", seconds: watch.timeout } };
  const { results } = report;
  const failedAfterwards = watch.isInWorker === true && ended.code !== 0;
  if (results.length === 0 || ended.signal !== null || failedAfterwards) {
    const exit = ended.signal === null ? ended.code : null;
    return { status: "crashed", incomplete: { code: "crashed", signal: ended.signal, exit } };
  }
  const status = worst(results);
  return { status, incomplete: missingProof(report, watch) ?? nothingRan(status, report, watch) };
}

/** The number of tests that ran and were not skipped; null if unknown. */
export function countTests(results: readonly FileResult[]): number | null {
  return results.reduce<number | null>((sum, { ran }) => (sum === null || ran === null ? null : sum + ran), 0);
}

/** The end of a run that was stopped for exceeding a resource limit. */
export function excessOutcome(of: Extract<Incomplete, { code: "excess" }>["of"]): RunOutcome {
  return { status: "crashed", incomplete: { code: "excess", of } };
}

function worst(results: readonly FileResult[]): TestStatus {
  const states = results.map(({ state }) => state);
  if (states.some((state) => !/^(PASSED|ENV_CHANGED|SKIPPED|RESOURCE_DENIED|DID_NOT_RUN)$/.test(state))) return "failed";
  // regrtest reports a file as passed if every test is skipped.
  const passes = ({ state, ran }: FileResult): boolean => (state === "PASSED" || state === "ENV_CHANGED") && ran !== 0;
  return results.some(passes) ? "passed" : "skipped";
}

/** The planted errors must be in a report that is complete. */
function missingProof(report: Evidence, { engine, leakCheck }: Watch): Incomplete | null {
  if (report.ending === undefined) return { code: "report-missing" };
  if (!report.ending.complete) return report.ending.fault;
  if (!report.started || !report.finished) return { code: "report-partial" };
  const proof = engine.proof.find((planted: Proof) => !report.seen[planted] && (planted !== "leak" || leakCheck !== "none"));
  return proof === undefined ? null : { code: "proof-missing", proof };
}

/** A file that fails at import has checked nothing; nor has a command that runs its tests in other processes. */
function nothingRan(status: TestStatus, report: Evidence, { isCommand }: Watch): Incomplete | null {
  const { results } = report;
  if (results.some(({ ran }) => ran !== null && ran > 0)) return null;
  // With pytest, all tests may fail before they run.
  const areCounted = results.every(({ ran }) => ran !== null);
  if (report.testsStarted > 0 && !(areCounted && status === "failed")) return null;
  if (status === "failed") return { code: "no-test-ran" };
  return isCommand && status !== "passed" ? { code: "no-test-watched" } : null;
}
