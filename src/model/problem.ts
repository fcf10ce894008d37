// What a check could not do, as data. The sentences are in report/messages.ts.

import * as v from "valibot";
import { EngineNameSchema } from "./engine-name.ts";
import { IncompleteSchema } from "./incomplete.ts";

const text = v.string();
const count = v.number();

const test = { test: text, engine: EngineNameSchema };

/** How a run of one test file fell short. */
export const ShortfallSchema = v.variant("code", [
  v.object({ code: v.literal("test-incomplete"), ...test, incomplete: IncompleteSchema }),
  /** It was not skipped when the baseline was recorded. */
  v.object({ code: v.literal("test-skipped"), ...test }),
  /** It passed when the baseline was recorded. */
  v.object({ code: v.literal("test-failed"), ...test }),
  v.object({ code: v.literal("fewer-tests"), ...test, ran: count, ranBefore: count }),
]);

export type Shortfall = v.InferOutput<typeof ShortfallSchema>;

/** Why it is unknown whether there is a baseline. `detail` is GitHub's answer or the network's failure. */
export const LookupFailureSchema = v.variant("code", [
  v.object({ code: v.literal("no-token") }),
  v.object({ code: v.literal("no-branch"), branch: text, repository: text }),
  v.object({ code: v.literal("no-commit"), sha: text }),
  v.object({ code: v.literal("history-too-long"), sha: text }),
  v.object({ code: v.literal("too-many-candidates") }),
  v.object({ code: v.literal("no-answer"), status: v.nullable(count), detail: text }),
]);

export type LookupFailure = v.InferOutput<typeof LookupFailureSchema>;

/** Why a baseline's findings can't be compared. */
const IncompatibilitySchema = v.variant("code", [
  v.object({ code: v.literal("newer-signatures"), recorded: count, known: count }),
  /** A field of the baseline's identity that differs; `interpreterBuild` for the build of an installed interpreter. */
  v.object({ code: v.literal("other-identity"), field: text, recorded: text, current: text }),
]);

export type Incompatibility = v.InferOutput<typeof IncompatibilitySchema>;

/** Why there is no comparison. `where` names the file or artifact. */
export const NoBaselineSchema = v.variant("code", [
  v.object({ code: v.literal("baseline-none"), where: text }),
  v.object({ code: v.literal("baseline-incompatible"), where: text, why: IncompatibilitySchema }),
  v.object({ code: v.literal("baseline-unreadable"), where: text, detail: text }),
  v.object({ code: v.literal("baseline-unreachable"), where: text, why: LookupFailureSchema }),
]);

export type NoBaseline = v.InferOutput<typeof NoBaselineSchema>;

/** Why a baseline was not recorded. */
export const RecordingFailureSchema = v.variant("code", [
  /** The checkout is at another commit than the run. */
  v.object({ code: v.literal("other-commit"), sha: text, ofRun: text }),
  /** The existing artifact may be from a job of an earlier attempt that is not run again. */
  v.object({ code: v.literal("earlier-attempt") }),
  /** Another job of the same run recorded one under the same name. */
  v.object({ code: v.literal("other-job") }),
  /** Another check recorded one in the meantime, with other tools or settings. */
  v.object({ code: v.literal("other-recording") }),
  v.object({ code: v.literal("upload"), detail: text }),
]);

export type RecordingFailure = v.InferOutput<typeof RecordingFailureSchema>;

/** What stopped the check. */
export const StopSchema = v.variant("code", [
  v.object({ code: v.literal("signal"), signal: text }),
  v.object({ code: v.literal("time-limit"), seconds: count }),
]);

export type Stop = v.InferOutput<typeof StopSchema>;

/** Why a file that another job stored cannot be used. `detail` says what is wrong with it. */
const StoredFaultSchema = v.variant("code", [
  v.object({ code: v.literal("missing") }),
  v.object({ code: v.literal("unreachable"), why: LookupFailureSchema }),
  v.object({ code: v.literal("damaged"), detail: text }),
]);

export type StoredFault = v.InferOutput<typeof StoredFaultSchema>;

/** A value that differs from the plan. */
const mismatch = { field: text, planned: text, current: text };

/** Problems of a sharded check. */
const ShardProblemSchema = v.variant("code", [
  /** `where` names the file or artifact. */
  v.object({ code: v.literal("plan-unusable"), where: text, why: StoredFaultSchema }),
  v.object({ code: v.literal("plan-mismatch"), ...mismatch }),
  v.object({ code: v.literal("shard-not-planned"), shard: text, shards: count }),
  v.object({ code: v.literal("shard-unusable"), shard: text, where: text, why: StoredFaultSchema, tests: count }),
  /** The result belongs to another plan, for example if all jobs ran again and this shard did not finish. */
  v.object({ code: v.literal("shard-of-other-plan"), shard: text, tests: count }),
  v.object({ code: v.literal("shard-mismatch"), shard: text, ...mismatch, tests: count }),
  v.object({ code: v.literal("shard-failed"), shard: text, detail: text, hint: v.nullable(text), tests: count }),
  v.object({ code: v.literal("shard-stopped"), shard: text, why: StopSchema, unfinished: v.array(text) }),
  /** Test files that no shard has run. */
  v.object({ code: v.literal("tests-not-run"), tests: v.array(v.object(test)) }),
  /** Planned test files that the report did not choose, so the findings of their shards were not compared. */
  v.object({ code: v.literal("tests-not-compared"), tests: v.array(v.object(test)) }),
]);

export type ShardProblem = v.InferOutput<typeof ShardProblemSchema>;

/** Something that was requested but could not be checked. */
export const ProblemSchema = v.variant("code", [
  ...ShortfallSchema.options,
  /** A recorded test file that is no longer listed. */
  v.object({ code: v.literal("test-missing"), test: text }),
  v.object({ code: v.literal("test-not-in-baseline"), ...test }),
  /** Its new errors may be real. `doubt` is how the second run fell short of the first; null if there was none. */
  v.object({ code: v.literal("not-confirmed"), ...test, doubt: v.nullable(ShortfallSchema) }),
  v.object({ code: v.literal("nothing-checked") }),
  v.object({ code: v.literal("nothing-compared"), why: NoBaselineSchema }),
  v.object({ code: v.literal("baseline-not-recorded"), why: RecordingFailureSchema }),
  /** The baseline has this number of test files of the engine, which this setting (`none`) turned off. */
  v.object({
    code: v.literal("engine-dropped"),
    engine: EngineNameSchema,
    setting: v.picklist(["scan", "tests", "memcheck-budget"]),
    tests: count,
  }),
  /** An engine could not run at all. `detail` and `hint` come from the error. */
  v.object({ code: v.literal("engine-failed"), engine: EngineNameSchema, detail: text, hint: v.nullable(text) }),
  v.object({ code: v.literal("stopped"), why: StopSchema, unfinished: v.array(text) }),
  ...ShardProblemSchema.options,
  /** The check itself failed. */
  v.object({ code: v.literal("check-failed"), detail: text, hint: v.nullable(text) }),
]);

export type Problem = v.InferOutput<typeof ProblemSchema>;
