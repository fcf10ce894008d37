// What a reader should know beside the verdict: as data. The sentences are in report/notes.ts.

import * as v from "valibot";
import { ChildCountsSchema } from "./child-counts.ts";
import { EngineNameSchema } from "./engine-name.ts";
import { IncompleteSchema } from "./incomplete.ts";
import { NoBaselineSchema, RecordingFailureSchema, ShortfallSchema } from "./problem.ts";
import { SliceSchema } from "./slice.ts";

const text = v.string();
const count = v.number();
const test = { test: text, engine: EngineNameSchema };

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
  /** Test files of a suite that memcheck did not look at, since its seconds were over. `looked`: how many it looked at. */
  v.object({ code: v.literal("memcheck-budget"), seconds: count, looked: count, leftOut: v.array(text) }),
  /** CPython before 3.13: start and shutdown leave too much behind to compare. */
  v.object({ code: v.literal("no-lifecycle"), version: text }),
  /** Built --disable-gil: memcheck finds leaked blocks only if nothing points to them, and not all that has to do with leaks is looked at. */
  v.object({ code: v.literal("free-threaded") }),
  /** An installed free-threaded interpreter: its allocator does not tell memcheck of objects, so only the scan looked. */
  v.object({ code: v.literal("memcheck-sees-no-objects") }),
  /** The interpreter has no frame pointers, so the scan finds the frames of each allocation the slow way. */
  v.object({ code: v.literal("slow-stacks") }),
  /** A shared object of the project's, of whose functions stacks will not say much. */
  v.object({ code: v.literal("object-without"), object: text, lacks: v.array(v.picklist(["symbols", "lines", "frame pointers"])) }),
  /** Of so many changed functions, torture looked at the allocations of so many in these test files; and why it looked at none. */
  v.object({ code: v.literal("torture-chosen"), looked: v.array(text), functions: count, covered: count }),
  v.object({
    code: v.literal("torture-idle"),
    why: v.picklist(["records", "no-record", "unchanged", "unreadable-objects", "no-function", "many-functions"]),
  }),
  /** At how many allocation sites allocations failed, how often, and what was not judged: failures after which a test hung, tests left out, and
   * failures for which there was no time. `others`: errors that a project's tests showed, and the project had no part in. */
  v.object({
    code: v.literal("tortured"),
    slice: v.nullable(SliceSchema),
    sites: count,
    failures: count,
    unjudged: count,
    untried: count,
    leftOut: v.object({ slow: count, failing: count }),
    others: count,
  }),
  /** The interpreters that tests started, of all test files whose children were followed. */
  v.object({ code: v.literal("children"), ...ChildCountsSchema.entries }),
  /** Test files during whose leak checks threads ran in interpreters with a GIL of their own. */
  v.object({ code: v.literal("interpreters-running"), tests: v.array(text) }),
  /** The change reaches only so many of so many test files; the others were checked on that commit. */
  v.object({ code: v.literal("tests-chosen"), chosen: count, of: count, sha: v.nullable(text) }),
  /** The change reaches all of so many test files, or it is unknown which. */
  v.object({
    code: v.literal("all-tests-affected"),
    of: count,
    why: v.picklist(["shared-function", "shared-file", "unwatched-function", "unreferenced-data", "most"]),
    name: v.nullable(text),
  }),
  /** No function on the stacks of these new leaks changed. These did, and run in all test files that leak and in so many that do not. */
  v.object({
    code: v.literal("leak-suspects"),
    signatures: v.array(text),
    functions: v.array(v.object({ name: text, file: v.nullable(text), line: v.nullable(count) })),
    cleanTests: count,
  }),
  /** Of the functions and files that changed, so many are run or opened by the test files that memcheck looked at; null: without a limit. */
  v.object({ code: v.literal("memcheck-chosen"), looked: v.array(text), targets: count, covered: count, seconds: v.nullable(count) }),
  /** A test file that memcheck or torture looked at for the change, and never on the default branch; and errors in which no changed function has a part. */
  v.object({ code: v.literal("reached-incomplete"), ...test, incomplete: IncompleteSchema }),
  v.object({ code: v.literal("reached-errors"), ...test, errors: v.array(v.object({ kind: text, function: text })) }),
  /** Leaks at exit that no extension has a part in. */
  v.object({ code: v.literal("left-by-interpreter"), test: text, sites: count, blocks: count }),
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
