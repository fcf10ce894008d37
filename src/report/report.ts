import * as v from "valibot";
import { EngineNameSchema } from "../model/engine-name.ts";
import { IncompleteSchema, type Note, NoteSchema, type Problem, ProblemSchema } from "../model/problem.ts";
import type { FailOn } from "../settings/settings.ts";
import { AffectedSchema } from "./affected.ts";
import { problemMessage } from "./messages.ts";
import { noteMessage } from "./notes.ts";

/** Goes up with every change of report.json's form. */
export const REPORT_VERSION = 6;

const FrameSchema = v.strictObject({
  function: v.string(),
  file: v.nullable(v.string()),
  line: v.nullable(v.number()),
  object: v.nullable(v.string()),
  /** What it is to the signature: `key` where it is a part of it, else why not; null in stacks that have no part in it. */
  role: v.nullable(v.picklist(["key", "inlined", "allocator", "call", "repeated", "caller", "beyond"])),
});

const SiteSchema = v.strictObject({ function: v.string(), file: v.nullable(v.string()), line: v.nullable(v.number()) });

/** A Python object that a leak lost, as far as it is known. */
const ObjectSchema = v.strictObject({
  type: v.string(),
  /** Null for an immortal object. */
  refcount: v.nullable(v.number()),
  length: v.optional(v.number()),
  repr: v.optional(v.string()),
  python: v.optional(v.array(v.string())),
});

const TestIdSchema = v.strictObject({ file: v.string(), id: v.nullable(v.string()) });

const OccurrenceSchema = v.strictObject({
  engine: EngineNameSchema,
  test: TestIdSchema,
  signature: v.string(),
  /** The functions that the signature is made of, innermost first. */
  path: v.array(v.string()),
  blocks: v.number(),
  bytes: v.number(),
  blocksBefore: v.nullable(v.number()),
});

const FindingSchema = v.strictObject({
  /** `recorded`: part of the baseline since this run, and not compared with anything. `changed`: taken for a known one because it looks like it; a person should verify that. */
  status: v.picklist(["new", "grown", "known", "fixed", "flaky", "recorded", "unrecorded", "changed", "accepted"]),
  /** Of a new or grown one: whether it came back in a second run. */
  confirmed: v.boolean(),
  engine: EngineNameSchema,
  signature: v.string(),
  kind: v.string(),
  /** The engine's own sentence, where it says more than the kind; else empty. */
  what: v.string(),
  /** The worst occurrence's. */
  test: TestIdSchema,
  site: SiteSchema,
  /** The changed line nearest to the site, where the change is known and touches the stack's functions. */
  place: v.nullable(v.strictObject({ file: v.string(), line: v.number() })),
  stack: v.array(FrameSchema),
  /** Where the block was allocated or freed, for errors that tell. */
  further: v.array(v.strictObject({ what: v.string(), frames: v.array(FrameSchema) })),
  /** Of leaks, else 0; sums of all occurrences. */
  blocks: v.number(),
  bytes: v.number(),
  /** Of a reference leak, else 0: how many references each run of the tests takes and keeps. */
  references: v.number(),
  /** How many blocks the baseline has; null where it has none of it. */
  blocksBefore: v.nullable(v.number()),
  /** What the baseline has that this was taken for, and how; null where it has nothing. */
  match: v.nullable(
    v.strictObject({
      pass: v.picklist(["exact", "renamed", "moved", "similar"]),
      similarity: v.number(),
      signature: v.string(),
      segment: v.array(v.string()),
    }),
  ),
  /** Why the repository under test lives with it, and until when. */
  acceptance: v.nullable(v.strictObject({ reason: v.string(), expires: v.string() })),
  /** Of a burst of leaks from one test: what it is made of, worst first. Its own blocks and bytes are their sums. */
  roots: v.array(v.strictObject({ signature: v.string(), kind: v.string(), site: SiteSchema, blocks: v.number(), bytes: v.number() })),
  /** The same bug wherever it showed: one allocation site, kind and leaked type. The first is the one that is shown in full. */
  occurrences: v.array(OccurrenceSchema),
  /** Some of the lost objects. */
  objects: v.array(ObjectSchema),
  suppression: v.nullable(v.string()),
  reproduce: v.string(),
});

const TestSchema = v.strictObject({
  name: v.string(),
  engine: EngineNameSchema,
  status: v.picklist(["passed", "failed", "skipped", "timeout", "crashed", "stopped"]),
  seconds: v.number(),
  /** Why nothing can be concluded from this test file; null where it was watched from start to end. */
  incomplete: v.nullable(v.intersect([IncompleteSchema, v.object({ message: v.string() })])),
  /** Tests that ran and were not skipped; null if unknown. */
  ran: v.nullable(v.number()),
  /** The file with what it printed; null where it did not run. */
  log: v.nullable(v.string()),
  /** The last lines of that, where it failed or is incomplete. */
  lastWords: v.array(v.string()),
  /** Where time went beside the tests, in seconds: the worker's start, live leak checks (within `seconds`), reading memcheck's report. */
  costs: v.strictObject({ start: v.number(), leakChecks: v.number(), reading: v.number() }),
});

/** A test file that `.memcheck.toml` leaves out. */
const SkippedSchema = v.strictObject({
  test: v.string(),
  engine: EngineNameSchema,
  reason: v.string(),
  expires: v.nullable(v.string()),
});

/** Something that hides findings and that the baseline was recorded without. */
const RelaxationSchema = v.strictObject({
  kind: v.picklist(["suppression", "accept", "skip"]),
  title: v.string(),
  file: v.string(),
  line: v.number(),
});

/** A suppression that hid errors in some test files. */
const SuppressedSchema = v.strictObject({
  engine: EngineNameSchema,
  name: v.string(),
  tests: v.number(),
  /** The same count in the baseline; null if nothing was compared. */
  testsBefore: v.nullable(v.number()),
});

/** Which of the repository's baselines it was; its own `sha` is of the checked source, which may be in another repository. */
const OriginSchema = v.strictObject({
  /** The commit of the run that recorded it. */
  commit: v.string(),
  /** Where the change left the branch. */
  mergeBase: v.string(),
  /** How many first parents `commit` is before `mergeBase`. */
  distance: v.number(),
  run: v.string(),
});

export const ReportSchema = v.strictObject({
  schemaVersion: v.literal(REPORT_VERSION),
  verdict: v.picklist(["clean", "new-errors", "inconclusive"]),
  /** What was asked for and not checked. */
  problems: v.array(v.intersect([ProblemSchema, v.object({ message: v.string(), remedy: v.nullable(v.string()) })])),
  /** What else a reader should know. */
  notes: v.array(v.intersect([NoteSchema, v.object({ message: v.string() })])),
  /** Null when the check ended before it knew. */
  toolchain: v.nullable(
    v.strictObject({
      python: v.nullable(v.string()),
      version: v.string(),
      valgrind: v.string(),
      compiler: v.string(),
      libc: v.string(),
      architecture: v.string(),
      configureArgs: v.array(v.string()),
    }),
  ),
  build: v.nullable(v.strictObject({ kind: v.picklist(["cold", "warm", "restored"]), seconds: v.number() })),
  baseline: v.nullable(v.strictObject({ sha: v.nullable(v.string()), recordedAt: v.string(), origin: v.nullable(OriginSchema) })),
  /** Null where all that were asked for were run. */
  affected: v.nullable(AffectedSchema),
  tests: v.array(TestSchema),
  skipped: v.array(SkippedSchema),
  relaxations: v.array(RelaxationSchema),
  suppressed: v.array(SuppressedSchema),
  findings: v.array(FindingSchema),
});

/** What a check found, as it is written to report.json and shown by every reporter. */
export type Report = v.InferOutput<typeof ReportSchema>;
export type ReportedFinding = v.InferOutput<typeof FindingSchema>;
export type ReportedTest = v.InferOutput<typeof TestSchema>;
export type FindingStatus = ReportedFinding["status"];
export type ReportedProblem = Report["problems"][number];
export type ReportedNote = Report["notes"][number];

export function reportProblem(problem: Problem): ReportedProblem {
  const { text, remedy } = problemMessage(problem);
  return { ...problem, message: text, remedy };
}

export function reportNote(note: Note): ReportedNote {
  return { ...note, message: noteMessage(note) };
}

/** The report of a check that could not be made. */
export function failedReport(problem: Problem): Report {
  return {
    schemaVersion: REPORT_VERSION,
    verdict: "inconclusive",
    problems: [reportProblem(problem)],
    notes: [],
    toolchain: null,
    build: null,
    baseline: null,
    affected: null,
    tests: [],
    skipped: [],
    relaxations: [],
    suppressed: [],
    findings: [],
  };
}

/** Design, section 5: 0 clean, 1 new errors, 2 something asked for was not checked. */
export function exitCode(report: Report, failOn: FailOn): 0 | 1 | 2 {
  const fresh = withStatus(report, "new", "grown");
  switch (report.verdict) {
    case "clean":
      return 0;
    case "inconclusive":
      return 2;
    case "new-errors":
      if (failOn === "new" || (failOn === "memcheck" && fresh.some(({ engine }) => engine === "memcheck"))) return 1;
      return report.problems.length > 0 ? 2 : 0;
  }
}

export function withStatus(report: Report, ...statuses: readonly FindingStatus[]): readonly ReportedFinding[] {
  return report.findings.filter((finding) => statuses.includes(finding.status));
}

/** A finding's stack as a person reads it: what is inlined from headers is a part of the function that it is inlined into. */
export function shownFrames({ stack }: Pick<ReportedFinding, "stack">): ReportedFinding["stack"] {
  return stack.filter(({ role }) => role !== "inlined");
}

/** The tests that a problem is about, with something of their logs to show. */
export function testsWithLastWords({ tests, problems }: Report): readonly ReportedTest[] {
  const named = new Set(problems.flatMap((problem) => ("test" in problem ? [problem.test] : [])));
  return tests.filter(({ name, lastWords, incomplete }) => lastWords.length > 0 && (incomplete !== null || named.has(name)));
}

export function incompleteTests(report: Report): readonly ReportedTest[] {
  return report.tests.filter((test) => test.incomplete !== null);
}
