// Stored format of test runs. Runs from another machine are validated by this schema.

import * as v from "valibot";
import { ChildCountsSchema } from "../model/child-counts.ts";
import { EngineNameSchema } from "../model/engine-name.ts";
import type { Finding } from "../model/finding.ts";
import { IncompleteSchema } from "../model/incomplete.ts";
import { LeakedObjectSchema } from "../model/leaked-object.ts";
import { SliceSchema } from "../model/slice.ts";
import type { TestRun } from "../model/test-run.ts";

const text = v.string();
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const whole = v.pipe(amount, v.integer());
const texts = v.array(text);

const RoleSchema = v.picklist(["key", "inlined", "allocator", "library", "call", "repeated", "caller", "beyond"]);

const FrameSchema = v.strictObject({
  function: text,
  file: v.nullable(text),
  line: v.nullable(v.number()),
  object: v.nullable(text),
  role: v.nullable(RoleSchema),
});

export const FurtherSchema = v.array(v.strictObject({ what: text, frames: v.array(FrameSchema) }));

const FindingSchema = v.strictObject({
  engine: EngineNameSchema,
  signature: v.pipe(text, v.regex(/^[0-9a-f]{16}$/)),
  segment: texts,
  normalizedStack: v.array(texts),
  kind: text,
  what: text,
  test: v.strictObject({ file: text, id: v.nullable(text) }),
  isInChild: v.boolean(),
  site: v.strictObject({ function: text, file: v.nullable(text), line: v.nullable(v.number()) }),
  owner: v.picklist(["project", "extension", "interpreter", "unknown"]),
  stack: v.array(FrameSchema),
  further: FurtherSchema,
  part: v.exactOptional(texts),
  failure: v.exactOptional(v.strictObject({ site: texts, lasting: v.boolean() })),
  blocks: whole,
  bytes: whole,
  references: v.number(),
  objects: v.array(LeakedObjectSchema),
  suppression: v.nullable(text),
} satisfies Record<keyof Finding, v.GenericSchema>);

const RunSchema = v.strictObject({
  name: text,
  engine: EngineNameSchema,
  slice: v.exactOptional(SliceSchema),
  status: v.picklist(["passed", "failed", "skipped", "timeout", "crashed", "stopped"]),
  seconds: amount,
  incomplete: v.nullable(IncompleteSchema),
  ran: v.nullable(whole),
  findings: v.array(FindingSchema),
  leftByInterpreter: v.exactOptional(v.strictObject({ sites: whole, blocks: whole })),
  suppressed: texts,
  children: v.exactOptional(ChildCountsSchema),
  repeated: v.exactOptional(v.literal(true)),
  hasRunningInterpreters: v.exactOptional(v.literal(true)),
  slowTests: v.exactOptional(v.array(v.strictObject({ id: text, seconds: amount }))),
  costs: v.strictObject({ start: v.number(), leakChecks: v.number(), reading: v.number() }),
  log: text,
  lastWords: v.exactOptional(texts),
} satisfies Record<keyof TestRun, v.GenericSchema>);

/**
 * Why a test file runs: for the first time, again after an incomplete run, to confirm new findings, to find the test that leaked, or under
 * memcheck because the scan found something.
 */
export const StepSchema = v.picklist(["first", "retry", "confirm", "closer-look", "suspect"]);

export type Step = v.InferOutput<typeof StepSchema>;

export const StoredRunSchema = v.strictObject({ step: StepSchema, run: RunSchema });

export interface StoredRun {
  readonly step: Step;
  readonly run: TestRun;
}

/** Errors that memcheck reported before a crash that torture found. */
export interface CrashDetail {
  readonly test: string;
  readonly signature: string;
  readonly further: Finding["further"];
}

export const CrashDetailSchema = v.strictObject({ test: text, signature: text, further: FurtherSchema });
