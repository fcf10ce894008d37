// What a check could not do, and what else a reader should know: as data. The sentences are in report/messages.ts.

import * as v from "valibot";
import { EngineNameSchema } from "./engine-name.ts";

const text = v.string();
const count = v.number();

/** Planted errors that must be in every report: {@link Proof}. */
const ProofSchema = v.picklist(["leak", "read"]);

/** Errors that the probe makes in every process, for proof that the engine looks. */
export type Proof = v.InferOutput<typeof ProofSchema>;

/** What is wrong with an engine's report of one process. `detail` is the parser's diagnostic: what was read and where it ended. */
const ReportFaultSchema = v.variant("code", [
  v.object({ code: v.literal("report-damaged"), detail: text }),
  v.object({ code: v.literal("report-too-large"), limit: count, unit: v.picklist(["bytes", "frames"]) }),
  v.object({ code: v.literal("suppression-too-wide"), name: text, file: text, line: count }),
]);

export type ReportFault = v.InferOutput<typeof ReportFaultSchema>;

/** Why nothing can be concluded from a run of a test file. */
export const IncompleteSchema = v.variant("code", [
  v.object({ code: v.literal("timeout"), seconds: count }),
  /** The process ended before the test file was over. `exit` is null after a signal. */
  v.object({ code: v.literal("crashed"), signal: v.nullable(text), exit: v.nullable(count) }),
  /** It took too much of the machine, and was killed. */
  v.object({ code: v.literal("excess"), of: v.picklist(["output", "disk", "processes"]) }),
  v.object({ code: v.literal("worker-lost") }),
  /** No interpreter could be started for it. */
  v.object({ code: v.literal("not-started"), detail: text }),
  v.object({ code: v.literal("stopped"), hadStarted: v.boolean() }),
  v.object({ code: v.literal("report-missing") }),
  /** It does not go from the test file's start to its end. */
  v.object({ code: v.literal("report-partial") }),
  ...ReportFaultSchema.options,
  /** A process that the test forked: `fault` is null where its report could not be read at all. */
  v.object({ code: v.literal("child-report-damaged"), report: text, fault: v.nullable(ReportFaultSchema) }),
  v.object({ code: v.literal("proof-missing"), proof: ProofSchema }),
  /** It failed before its first test. */
  v.object({ code: v.literal("no-test-ran") }),
  /** A command whose tests, if any, ran in processes that are not watched. */
  v.object({ code: v.literal("no-test-watched") }),
]);

export type Incomplete = v.InferOutput<typeof IncompleteSchema>;

/** Short code of it that a baseline keeps: two runs that fell short for the same cause ended alike. */
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
    case "no-test-watched":
      return "no-test-ran";
    default:
      return incomplete.code;
  }
}

const test = { test: text, engine: EngineNameSchema };

/** What of one test file was not checked as it should be. */
const ShortfallSchema = v.variant("code", [
  v.object({ code: v.literal("test-incomplete"), ...test, incomplete: IncompleteSchema }),
  /** It was not skipped when the baseline was recorded. */
  v.object({ code: v.literal("test-skipped"), ...test }),
  /** It passed when the baseline was recorded. */
  v.object({ code: v.literal("test-failed"), ...test }),
  v.object({ code: v.literal("fewer-tests"), ...test, ran: count, ranBefore: count }),
]);

export type Shortfall = v.InferOutput<typeof ShortfallSchema>;

/** Why it is unknown whether there is a baseline. `detail` is GitHub's answer or the network's failure. */
const LookupFailureSchema = v.variant("code", [
  v.object({ code: v.literal("no-token") }),
  v.object({ code: v.literal("no-branch"), branch: text, repository: text }),
  v.object({ code: v.literal("no-commit"), sha: text }),
  v.object({ code: v.literal("history-too-long"), sha: text }),
  v.object({ code: v.literal("too-many-candidates") }),
  v.object({ code: v.literal("no-answer"), status: v.nullable(count), detail: text }),
]);

export type LookupFailure = v.InferOutput<typeof LookupFailureSchema>;

/** Why findings of a baseline mean nothing here. */
const IncompatibilitySchema = v.variant("code", [
  v.object({ code: v.literal("newer-signatures"), recorded: count, known: count }),
  /** A field of the baseline's identity that differs. */
  v.object({ code: v.literal("other-identity"), field: text, recorded: text, current: text }),
]);

export type Incompatibility = v.InferOutput<typeof IncompatibilitySchema>;

/** What stands in the way of a comparison. `where` names the file or artifact. */
const NoBaselineSchema = v.variant("code", [
  v.object({ code: v.literal("baseline-none"), where: text }),
  v.object({ code: v.literal("baseline-incompatible"), where: text, why: IncompatibilitySchema }),
  v.object({ code: v.literal("baseline-unreadable"), where: text, detail: text }),
  v.object({ code: v.literal("baseline-unreachable"), where: text, why: LookupFailureSchema }),
]);

export type NoBaseline = v.InferOutput<typeof NoBaselineSchema>;

/** Why a baseline was not recorded. */
export const RecordingFailureSchema = v.variant("code", [
  /** The checkout is of another commit than the run. */
  v.object({ code: v.literal("other-commit"), sha: text, ofRun: text }),
  /** A job of an earlier attempt that does not run again may have recorded the one that is there. */
  v.object({ code: v.literal("earlier-attempt") }),
  /** Another job of the same run has recorded one under the same name. */
  v.object({ code: v.literal("other-job") }),
  /** Another check has recorded one since, with other tools or settings. */
  v.object({ code: v.literal("other-recording") }),
  v.object({ code: v.literal("upload"), detail: text }),
]);

export type RecordingFailure = v.InferOutput<typeof RecordingFailureSchema>;

/** What stopped the check. */
const StopSchema = v.variant("code", [
  v.object({ code: v.literal("signal"), signal: text }),
  v.object({ code: v.literal("time-limit"), seconds: count }),
]);

export type Stop = v.InferOutput<typeof StopSchema>;

/** Something that was asked for and could not be checked. */
export const ProblemSchema = v.variant("code", [
  ...ShortfallSchema.options,
  /** A recorded test file that is not listed any more. */
  v.object({ code: v.literal("test-missing"), test: text }),
  v.object({ code: v.literal("test-not-in-baseline"), ...test }),
  /** Its new errors may be real. `doubt` is how the second run fell short of the first; null where there was none. */
  v.object({ code: v.literal("not-confirmed"), ...test, doubt: v.nullable(ShortfallSchema) }),
  v.object({ code: v.literal("nothing-checked") }),
  v.object({ code: v.literal("nothing-compared"), why: NoBaselineSchema }),
  v.object({ code: v.literal("baseline-not-recorded"), why: RecordingFailureSchema }),
  /** The baseline has scans of so many test files, and this check has none. */
  v.object({ code: v.literal("scan-dropped"), tests: count }),
  /** An engine could not run at all. `message` and `hint` are those of the error. */
  v.object({ code: v.literal("engine-failed"), engine: EngineNameSchema, detail: text, hint: v.nullable(text) }),
  v.object({ code: v.literal("stopped"), why: StopSchema, unfinished: v.array(text) }),
  /** The check itself could not be made. */
  v.object({ code: v.literal("check-failed"), detail: text, hint: v.nullable(text) }),
]);

export type Problem = v.InferOutput<typeof ProblemSchema>;

/** Why a recorded baseline was passed over. */
const RejectionSchema = v.variant("code", [
  v.object({ code: v.literal("no-run") }),
  v.object({ code: v.literal("other-repository") }),
  v.object({ code: v.literal("other-branch"), branch: v.nullable(text) }),
  v.object({ code: v.literal("other-workflow"), path: text }),
  v.object({ code: v.literal("other-event"), event: text }),
  v.object({ code: v.literal("unfinished"), status: v.nullable(text) }),
  v.object({ code: v.literal("conclusion"), conclusion: v.nullable(text) }),
  v.object({ code: v.literal("expired") }),
  v.object({ code: v.literal("too-large"), limit: count }),
  v.object({ code: v.literal("no-digest") }),
  v.object({ code: v.literal("deleted") }),
  v.object({ code: v.literal("merged-commit") }),
  /** The commit that it names is not its run's. */
  v.object({ code: v.literal("foreign-commit"), sha: v.nullable(text) }),
  v.object({ code: v.literal("broken"), detail: text }),
]);

export type Rejection = v.InferOutput<typeof RejectionSchema>;

/** What a reader should know, and what is no reason to doubt the verdict. */
export const NoteSchema = v.variant("code", [
  /** The default branch fell short in the same way. */
  v.object({ code: v.literal("known-shortfall"), shortfall: ShortfallSchema }),
  /** Nothing was compared, as it must be on a run that records. */
  v.object({ code: v.literal("first-comparison"), why: NoBaselineSchema }),
  v.object({ code: v.literal("acceptance-expired"), signature: text, function: text, expires: text, reason: text }),
  v.object({ code: v.literal("baseline-recorded"), where: text, tests: v.array(text), findings: count }),
  v.object({ code: v.literal("previous-baseline-stays"), why: RecordingFailureSchema }),
  /** Selected by `all`, and unsuitable for the engine. */
  v.object({ code: v.literal("left-out"), ...test, reason: text }),
  /** The change reaches only so many of so many test files; the others were checked on that commit. */
  v.object({ code: v.literal("tests-chosen"), chosen: count, of: count, sha: v.nullable(text) }),
  /** The change reaches all of so many test files, or nobody can say which. */
  v.object({
    code: v.literal("all-tests-affected"),
    of: count,
    why: v.picklist(["shared-function", "shared-file", "unwatched-function", "unreferenced-data", "most"]),
    name: v.nullable(text),
  }),
  /** No function on a new leak's stack changed. These did, and run in all test files that leak and in so many that do not. */
  v.object({ code: v.literal("leak-suspects"), signature: text, functions: v.array(text), cleanTests: count }),
  v.object({ code: v.literal("suspect-incomplete"), test: text, incomplete: IncompleteSchema }),
  /** Memcheck saw more in a test file that it looked at for the scan. */
  v.object({ code: v.literal("uncovered-errors"), test: text, errors: v.array(v.object({ kind: text, function: text })) }),
  v.object({ code: v.literal("change-unknown"), sha: text }),
  v.object({ code: v.literal("newer-python"), version: text }),
  v.object({ code: v.literal("skip-unknown"), test: text }),
  v.object({ code: v.literal("skip-expired"), test: text, expires: text }),
  /** util-linux' setpriv is missing. */
  v.object({ code: v.literal("unconfined") }),
  v.object({ code: v.literal("baselines-rejected"), why: RejectionSchema, runs: v.array(v.nullable(count)) }),
  v.object({ code: v.literal("baseline-in-file"), why: v.picklist(["enterprise-server", "unknown-job"]), path: text }),
  v.object({ code: v.literal("recording-refused"), why: RecordingFailureSchema }),
  /** A check run or comment that was asked for. `permission` is what the token may lack. */
  v.object({
    code: v.literal("not-published"),
    what: v.picklist(["check-run", "comment"]),
    why: v.variant("code", [
      v.object({ code: v.literal("no-token") }),
      v.object({ code: v.literal("refused"), permission: text, detail: text }),
      v.object({ code: v.literal("failed"), detail: text }),
    ]),
  }),
]);

export type Note = v.InferOutput<typeof NoteSchema>;
