import * as v from "valibot";
import { ChildCountsSchema } from "../model/child-counts.ts";
import { EngineNameSchema } from "../model/engine-name.ts";
import { IncompleteSchema } from "../model/incomplete.ts";
import { type Note, NoteSchema } from "../model/note.ts";
import { type Problem, ProblemSchema } from "../model/problem.ts";
import type { Recorder } from "../model/recorder.ts";
import { TimelineSchema } from "../model/timeline.ts";
import type { FailOn } from "../settings/settings.ts";
import { AffectedSchema } from "./affected-messages.ts";
import { problemMessage } from "./messages.ts";
import { noteMessage } from "./notes.ts";
import { FindingSchema, type FindingStatus, type ReportedFinding } from "./reported-finding.ts";

/** Raise it with every change of report.json's format. */
export const REPORT_VERSION = 11;

const TestSchema = v.strictObject({
  name: v.string(),
  engine: EngineNameSchema,
  status: v.picklist(["passed", "failed", "skipped", "timeout", "crashed", "stopped"]),
  seconds: v.number(),
  /** Why the results of this test file can't be used; null if it was checked from start to end. */
  incomplete: v.nullable(v.intersect([IncompleteSchema, v.object({ message: v.string() })])),
  /** Tests that ran and were not skipped; null if unknown. */
  ran: v.nullable(v.number()),
  /** The interpreters that its tests started; null if they were not followed. */
  children: v.nullable(ChildCountsSchema),
  /** The log with its output; null if it did not run. */
  log: v.nullable(v.string()),
  /** The last lines of the log, if it failed or is incomplete. */
  lastWords: v.array(v.string()),
  /** Time besides the tests, in seconds: the worker's start, live leak checks (within `seconds`), reading memcheck's report. */
  costs: v.strictObject({ start: v.number(), leakChecks: v.number(), reading: v.number() }),
});

/** A test file that `.memcheck.toml` excludes. */
const SkippedSchema = v.strictObject({
  test: v.string(),
  engine: EngineNameSchema,
  reason: v.string(),
  expires: v.nullable(v.string()),
});

/** Something that hides findings and did not exist when the baseline was recorded. */
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

/** Which of the repository's baselines was used; its own `sha` belongs to the checked source, which may be in another repository. */
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
  /** What was requested but not checked. */
  problems: v.array(v.intersect([ProblemSchema, v.object({ message: v.string(), remedy: v.nullable(v.string()) })])),
  /** Other information for the reader. */
  notes: v.array(v.intersect([NoteSchema, v.object({ message: v.string() })])),
  /** Null if the check ended before it was known. */
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
  build: v.nullable(v.strictObject({ kind: v.picklist(["cold", "warm", "restored", "installed"]), seconds: v.number() })),
  baseline: v.nullable(v.strictObject({ sha: v.nullable(v.string()), recordedAt: v.string(), origin: v.nullable(OriginSchema) })),
  /** Null if all requested test files ran. */
  affected: v.nullable(AffectedSchema),
  tests: v.array(TestSchema),
  skipped: v.array(SkippedSchema),
  relaxations: v.array(RelaxationSchema),
  suppressed: v.array(SuppressedSchema),
  findings: v.array(FindingSchema),
  /** Totals of the baseline after each of its last recordings, oldest first. Includes this run if it recorded. */
  timeline: TimelineSchema,
});

/** The results of a check, as written to report.json and shown by every reporter. */
export type Report = v.InferOutput<typeof ReportSchema>;
export type ReportedTest = v.InferOutput<typeof TestSchema>;
export type ReportedProblem = Report["problems"][number];
export type ReportedNote = Report["notes"][number];

/** @param recorder which runs record the baseline, if that matters. */
export function reportProblem(problem: Problem, recorder?: Recorder): ReportedProblem {
  const { text, remedy } = problemMessage(problem, recorder);
  return { ...problem, message: text, remedy };
}

export function reportNote(note: Note): ReportedNote {
  return { ...note, message: noteMessage(note) };
}

/** The report of a check that failed. */
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
    timeline: [],
  };
}

/** 0 clean, 1 new errors, 2 part of what was requested was not checked. */
export function exitCode(report: Report, failOn: FailOn): 0 | 1 | 2 {
  const isSeenTwice = withStatus(report, "new", "grown").some(({ confirmed, engine }) => confirmed && engine === "memcheck");
  switch (report.verdict) {
    case "clean":
      return 0;
    case "inconclusive":
      return 2;
    case "new-errors":
      if (failOn === "new" || (failOn === "memcheck" && isSeenTwice)) return 1;
      return report.problems.length > 0 ? 2 : 0;
  }
}

export function withStatus(report: Report, ...statuses: readonly FindingStatus[]): readonly ReportedFinding[] {
  return report.findings.filter((finding) => statuses.includes(finding.status));
}

/** The test files of a problem whose logs have something to show. */
export function testsWithLastWords({ tests, problems }: Report): readonly ReportedTest[] {
  const named = new Set(problems.flatMap((problem) => ("test" in problem ? [problem.test] : [])));
  return tests.filter(({ name, lastWords, incomplete }) => lastWords.length > 0 && (incomplete !== null || named.has(name)));
}

/** Number of test files with an incomplete run: one counts once, also if several engines did not complete it. */
export function countIncomplete({ tests }: Report): number {
  return new Set(tests.flatMap(({ name, incomplete }) => (incomplete === null ? [] : [name]))).size;
}
