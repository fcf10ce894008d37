// Why the results of a test file's run can't be used, as data. The sentences are in report/incomplete-messages.ts.

import * as v from "valibot";
import { WatchFaultSchema } from "./watch-fault.ts";

const text = v.string();
const count = v.number();

/** Planted errors that must be in every report: {@link Proof}. */
const ProofSchema = v.picklist(["leak", "read"]);

/** Errors that the probe plants in every process, to prove that the engine works. */
export type Proof = v.InferOutput<typeof ProofSchema>;

/** What is wrong with an engine's report of one process. `detail` is the parser's diagnostic: what it read and where it stopped. */
const ReportFaultSchema = v.variant("code", [
  v.object({ code: v.literal("report-damaged"), detail: text }),
  v.object({ code: v.literal("report-too-large"), limit: count, unit: v.picklist(["bytes", "frames"]) }),
  v.object({ code: v.literal("suppression-too-wide"), name: text, file: text, line: count }),
  /** The probe could not watch all of it. */
  v.object({ code: v.literal("watch-failed"), why: WatchFaultSchema }),
]);

export type ReportFault = v.InferOutput<typeof ReportFaultSchema>;

/** Why the results of a test file's run can't be used. */
export const IncompleteSchema = v.variant("code", [
  v.object({ code: v.literal("timeout"), seconds: count }),
  /** The process ended before the test file did. `exit` is null after a signal. */
  v.object({ code: v.literal("crashed"), signal: v.nullable(text), exit: v.nullable(count) }),
  /** It exceeded a resource limit, and was killed. */
  v.object({ code: v.literal("excess"), of: v.picklist(["output", "disk", "processes"]) }),
  v.object({ code: v.literal("worker-lost") }),
  /** No interpreter could be started for it. */
  v.object({ code: v.literal("not-started"), detail: text }),
  v.object({ code: v.literal("stopped"), hadStarted: v.boolean() }),
  /** Not started for lack of time. Reports leave such runs out. */
  v.object({ code: v.literal("not-begun") }),
  v.object({ code: v.literal("report-missing") }),
  /** The report does not go from the test file's start to its end. */
  v.object({ code: v.literal("report-partial") }),
  ...ReportFaultSchema.options,
  /** A process that the test forked: `fault` is null if its report could not be read at all. */
  v.object({ code: v.literal("child-report-damaged"), report: text, fault: v.nullable(ReportFaultSchema) }),
  v.object({ code: v.literal("proof-missing"), proof: ProofSchema }),
  /** It failed before its first test. */
  v.object({ code: v.literal("no-test-ran") }),
  /** A command that ran no test in the watched process. */
  v.object({ code: v.literal("no-test-watched") }),
]);

export type Incomplete = v.InferOutput<typeof IncompleteSchema>;

/** A short code that a baseline stores: two runs with the same code were cut short in the same way. */
export function causeOf(incomplete: Incomplete | null): string | null {
  if (incomplete === null) return null;
  switch (incomplete.code) {
    case "crashed":
      return incomplete.signal === null ? `exit:${incomplete.exit}` : `signal:${incomplete.signal}`;
    case "report-missing":
    case "report-partial":
    case "report-damaged":
    case "report-too-large":
    case "suppression-too-wide":
    case "child-report-damaged":
    case "proof-missing":
      return "report";
    case "watch-failed":
      return `watch:${incomplete.why.code}`;
    case "no-test-watched":
      return "no-test-ran";
    default:
      return incomplete.code;
  }
}
