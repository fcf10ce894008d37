import * as v from "valibot";

const count = v.number();

/** Why the probe could not watch a test file from start to end. The sentences are in report/incomplete-messages.ts. */
export const WatchFaultSchema = v.variant("code", [
  /** Its tests ran in other processes, which are not watched. */
  v.object({ code: v.literal("tests-in-other-processes") }),
  /** The leak sanitizer's report is too long to be read. */
  v.object({ code: v.literal("leak-report-too-long") }),
  /** Blocks of so many stacks are lost. */
  v.object({ code: v.literal("too-many-stacks"), stacks: count }),
  /** The interpreters that a test starts can't be followed. */
  v.object({ code: v.literal("children-not-followed") }),
  /** The report on a test's children is too long to be read. */
  v.object({ code: v.literal("child-report-too-long") }),
  /** Children of a test lost blocks of so many stacks. */
  v.object({ code: v.literal("too-many-stacks-of-children"), stacks: count }),
  /** More blocks or stacks live than the table of growth can hold. */
  v.object({ code: v.literal("too-many-survivors") }),
  /** More kinds of objects grow, or more objects get references with each run, than can be described. */
  v.object({ code: v.literal("too-much-growth"), of: v.picklist(["kinds", "references"]), found: count, limit: count }),
  /** What was planted to grow was not found. */
  v.object({ code: v.literal("growth-proof-missing"), of: v.picklist(["object", "reference"]) }),
  /** Of the allocations that were planted to fail, only some did. */
  v.object({ code: v.literal("failure-proof-missing"), failed: count, planted: count }),
  /** Its tests leave threads running, so it can't be forked. */
  v.object({ code: v.literal("threads-left"), threads: count }),
  /** In a fork its tests do not come to their end, even if no allocation fails. `ending`: how the fork ended. */
  v.object({ code: v.literal("ends-in-fork"), ending: v.string() }),
  /** Not all failures of allocations could be tried in time. */
  v.object({ code: v.literal("failures-not-tried"), left: count, planned: count, seconds: count }),
]);

export type WatchFault = v.InferOutput<typeof WatchFaultSchema>;
