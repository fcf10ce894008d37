// The outcome of a check of a case. Pure.
import type { JudgedFinding, Judgement } from "../../src/findings/judgement.ts";
import type { MemoryError } from "../../src/model/memory-error.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { incompleteInWords } from "../../src/report/incomplete-messages.ts";
import { problemMessage } from "../../src/report/messages.ts";
import { type Case, isHarmless } from "./case.ts";
import { SIMPLE_WAYS, type WayName } from "./simple-ways.ts";

/** The results of both engines for the patched source. */
export interface Look {
  readonly runs: readonly TestRun[];
  readonly judgements: Readonly<Record<"memcheck" | "scan", Judgement>>;
  /** Memcheck's errors, and those of the base, as they were read. */
  readonly errors: readonly MemoryError[];
  readonly baseErrors: readonly MemoryError[];
}

export type WayOfComparing = "ours" | "ours, memcheck alone" | WayName;

export interface Outcome {
  readonly of: Case;
  /** `unchecked`: something got less far than on the base, and nothing was found. */
  readonly verdict: "found" | "missed" | "false" | "quiet" | "unchecked";
  readonly fresh: readonly JudgedFinding[];
  /** Findings that resemble known ones: they are shown, and do not fail the check. */
  readonly changed: readonly JudgedFinding[];
  /** How the test file crashed, if it did. */
  readonly crash: string | undefined;
  /** What was not checked, and why. */
  readonly reasons: readonly string[];
  /** Whether each way of comparing reports something new. */
  readonly ways: ReadonlyMap<WayOfComparing, boolean>;
  readonly engines: EngineAgreement;
}

export interface EngineAgreement {
  readonly memcheck: boolean;
  readonly scan: boolean;
  /** One of the findings has the same signature in both. */
  readonly sameSignature: boolean;
}

export function outcomeOf(of: Case, look: Look): Outcome {
  const memcheck = freshOf(look.judgements.memcheck);
  const scan = freshOf(look.judgements.scan);
  const fresh = [...memcheck, ...scan];
  const crash = look.runs.find(({ status }) => status === "crashed")?.incomplete ?? undefined;
  const judged = Object.values(look.judgements);
  const reasons = [...new Set(judged.flatMap(({ problems }) => problems.map((problem) => problemMessage(problem).text)))];
  const hasCrashed = crash !== undefined;
  const simple = Object.entries(SIMPLE_WAYS).map(([name, way]) => {
    const isKnown = way(look.baseErrors);
    return [name as WayName, hasCrashed || !look.errors.every(isKnown)] as const;
  });
  const isNoticed = fresh.length > 0 || hasCrashed;
  return {
    of,
    verdict: verdictOf(isHarmless(of), isNoticed, reasons.length === 0),
    fresh,
    changed: judged.flatMap(({ findings }) => findings.filter(({ status }) => status === "changed")),
    crash: crash && incompleteInWords(crash),
    reasons,
    ways: new Map<WayOfComparing, boolean>([["ours", isNoticed], ["ours, memcheck alone", memcheck.length > 0 || hasCrashed], ...simple]),
    engines: agreementOf(memcheck, scan),
  };
}

/** The outcome of a patch that cannot be applied or does not build. It is no success of any way of comparing. */
export function notRun(of: Case, reason: string): Outcome {
  const engines = { memcheck: false, scan: false, sameSignature: false };
  return { of, verdict: "unchecked", fresh: [], changed: [], crash: undefined, reasons: [reason], ways: new Map(), engines };
}

function verdictOf(harmless: boolean, isNoticed: boolean, isComplete: boolean): Outcome["verdict"] {
  if (isNoticed) return harmless ? "false" : "found";
  if (!isComplete) return "unchecked";
  return harmless ? "quiet" : "missed";
}

/** Findings that would be reported as new, including unconfirmed ones before a crash. */
function freshOf({ findings }: Judgement): readonly JudgedFinding[] {
  return findings.filter(({ status }) => status === "new" || status === "grown");
}

function agreementOf(memcheck: readonly JudgedFinding[], scan: readonly JudgedFinding[]): EngineAgreement {
  const signatures = new Set(memcheck.map(({ finding }) => finding.signature));
  return {
    memcheck: memcheck.length > 0,
    scan: scan.length > 0,
    sameSignature: scan.some(({ finding }) => signatures.has(finding.signature)),
  };
}
