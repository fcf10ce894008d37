// Information besides the verdict, as data. The sentences are in report/notes.ts.

import * as v from "valibot";
import { ChildCountsSchema } from "./child-counts.ts";
import { EngineNameSchema } from "./engine-name.ts";
import { IncompleteSchema } from "./incomplete.ts";
import { NoBaselineSchema, RecordingFailureSchema, ShortfallSchema } from "./problem.ts";
import { SliceSchema } from "./slice.ts";

const text = v.string();
const count = v.number();
const test = { test: text, engine: EngineNameSchema };

/** Why a recorded baseline was rejected. */
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

/** Information that does not affect the verdict. */
export const NoteSchema = v.variant("code", [
  /** The default branch has the same problem. */
  v.object({ code: v.literal("known-shortfall"), shortfall: ShortfallSchema }),
  /** Only the first of two runs fell short. */
  v.object({ code: v.literal("retried"), shortfall: ShortfallSchema }),
  /** Nothing was compared, as intended for a run that records. */
  v.object({ code: v.literal("first-comparison"), why: NoBaselineSchema }),
  v.object({ code: v.literal("acceptance-expired"), signature: text, function: text, expires: text, reason: text }),
  v.object({ code: v.literal("baseline-recorded"), where: text, tests: v.array(text), findings: count }),
  v.object({ code: v.literal("previous-baseline-stays"), why: RecordingFailureSchema }),
  /** Selected by `all`, but unsuitable for the engine. */
  v.object({ code: v.literal("left-out"), ...test, reason: text }),
  /** Test files of a suite that memcheck did not check because its time was used up. `looked`: the number that it checked. */
  v.object({ code: v.literal("memcheck-budget"), seconds: count, looked: count, leftOut: v.array(text) }),
  /** CPython before 3.13: start and shutdown leave too much behind to compare. */
  v.object({ code: v.literal("no-lifecycle"), version: text }),
  /** Built with --disable-gil: memcheck finds leaked blocks only if nothing points to them, and some leak checks are not available. */
  v.object({ code: v.literal("free-threaded") }),
  /** An installed free-threaded interpreter: its allocator does not report objects to memcheck, so only the scan looked for leaks. */
  v.object({ code: v.literal("memcheck-sees-no-objects") }),
  /** The interpreter has no frame pointers, so the scan unwinds the stack of each allocation the slow way. */
  v.object({ code: v.literal("slow-stacks") }),
  /** A shared object of the project that gives poor stacks. */
  v.object({ code: v.literal("object-without"), object: text, lacks: v.array(v.picklist(["symbols", "lines", "frame pointers"])) }),
  /** The test files in which torture ran, with the number of changed functions that it reached; or why it ran in none. */
  v.object({ code: v.literal("torture-chosen"), looked: v.array(text), functions: count, covered: count }),
  v.object({
    code: v.literal("torture-idle"),
    why: v.picklist(["records", "no-record", "unchanged", "unreadable-objects", "no-function", "many-functions"]),
  }),
  /**
   * The number of allocation sites and failures, and what was not judged: failures after which a test hung, excluded tests, and failures for
   * which there was no time. `others`: errors in a project's tests that do not involve the project.
   */
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
  /** The interpreters that tests started, for all test files whose children were followed. */
  v.object({ code: v.literal("children"), ...ChildCountsSchema.entries }),
  /** Test files during whose leak checks other interpreters were running, or might have been run by another thread. */
  v.object({ code: v.literal("interpreters-running"), tests: v.array(text) }),
  /** The change can reach only some of the test files; the others were checked on that commit. */
  v.object({ code: v.literal("tests-chosen"), chosen: count, of: count, sha: v.nullable(text) }),
  /** The change can reach all test files, or it is unknown which. */
  v.object({
    code: v.literal("all-tests-affected"),
    of: count,
    why: v.picklist(["shared-function", "shared-file", "unwatched-function", "unreferenced-data", "most"]),
    name: v.nullable(text),
  }),
  /** Shared objects of a project that cannot be split into functions: a change to one reaches all test files that load it. */
  v.object({ code: v.literal("objects-whole"), objects: v.array(text) }),
  /**
   * No function on the stacks of these new leaks changed. These functions did, and run in all test files with the leaks, and in `cleanTests`
   * without them.
   */
  v.object({
    code: v.literal("leak-suspects"),
    signatures: v.array(text),
    functions: v.array(v.object({ name: text, file: v.nullable(text), line: v.nullable(count) })),
    cleanTests: count,
  }),
  /** The number of changed functions and files that memcheck's test files run or open; `seconds` is null without a limit. */
  v.object({ code: v.literal("memcheck-chosen"), looked: v.array(text), targets: count, covered: count, seconds: v.nullable(count) }),
  /** A test file that memcheck ran without its slowest tests for lack of time. `leftOut`: the number of these tests. */
  v.object({ code: v.literal("memcheck-partly"), test: text, leftOut: count }),
  /** A test file that memcheck or torture ran for the change, but never on the default branch; and errors that involve no changed function. */
  v.object({ code: v.literal("reached-incomplete"), ...test, incomplete: IncompleteSchema }),
  v.object({ code: v.literal("reached-errors"), ...test, errors: v.array(v.object({ kind: text, function: text })) }),
  /** Leaks at exit that involve no extension. */
  v.object({ code: v.literal("left-by-interpreter"), test: text, sites: count, blocks: count }),
  v.object({ code: v.literal("suspect-incomplete"), test: text, incomplete: IncompleteSchema }),
  /** Memcheck found other errors in a test file that it ran for the scan. */
  v.object({ code: v.literal("uncovered-errors"), test: text, errors: v.array(v.object({ kind: text, function: text })) }),
  v.object({ code: v.literal("change-unknown"), sha: text }),
  v.object({ code: v.literal("newer-python"), version: text }),
  v.object({ code: v.literal("skip-unknown"), test: text }),
  v.object({ code: v.literal("skip-expired"), test: text, expires: text }),
  /** setpriv (util-linux) is missing. */
  v.object({ code: v.literal("unconfined") }),
  v.object({ code: v.literal("baselines-rejected"), why: RejectionSchema, runs: v.array(v.nullable(count)) }),
  /** `path` is the folder of the file. */
  v.object({ code: v.literal("baseline-in-file"), why: v.picklist(["enterprise-server", "unknown-job"]), path: text }),
  v.object({ code: v.literal("recording-refused"), why: RecordingFailureSchema }),
  /** A requested check run or comment. `permission` is the one that the token may lack. */
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
