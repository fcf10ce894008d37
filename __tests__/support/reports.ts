// Reports for tests of what shows them.

import { NO_COSTS } from "../../src/model/test-run.ts";
import type { TimelinePoint } from "../../src/model/timeline.ts";
import { REPORT_VERSION, type Report, type ReportedNote, type ReportedProblem, type ReportedTest } from "../../src/report/report.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { finding } from "./builders.ts";

export function reported(name = "leaky", overrides: Partial<ReportedFinding> = {}): ReportedFinding {
  const { segment, normalizedStack: _, isInChild: inChild, ...rest } = finding(name);
  const whole: ReportedFinding = {
    ...rest,
    inChild,
    stack: [...rest.stack],
    further: [],
    objects: [],
    status: "new",
    confirmed: true,
    ...{ place: null, excerpt: null, match: null, acceptance: null, roots: [] },
    blocksBefore: null,
    occurrences: [],
    reproduce: `valgrind python -m test ${rest.test.file} # ${segment.join()}`,
    ...overrides,
  };
  const { engine, test, signature, blocks, bytes, blocksBefore } = whole;
  const occurrences = [{ engine, test, signature, path: [...segment], blocks, bytes, blocksBefore }];
  return { ...whole, occurrences: overrides.occurrences ?? occurrences };
}

export function testOf(name: string, overrides: Partial<ReportedTest> = {}): ReportedTest {
  return {
    name,
    engine: "memcheck",
    status: "passed",
    seconds: 1.5,
    incomplete: null,
    ran: null,
    children: null,
    log: null,
    lastWords: [],
    costs: NO_COSTS,
    ...overrides,
  };
}

/** By default, a clean report. */
export function report(overrides: Partial<Report> = {}): Report {
  return {
    schemaVersion: REPORT_VERSION,
    verdict: "clean",
    problems: [],
    notes: [],
    toolchain: {
      python: "/builds/tree/python",
      version: "3.13.15",
      valgrind: "3.19.0",
      compiler: "gcc 12.2.0",
      libc: "glibc 2.36",
      architecture: "x86_64",
      configureArgs: ["--with-valgrind"],
    },
    build: { kind: "restored", seconds: 0.2 },
    baseline: { sha: "0123456789abcdef0123456789abcdef01234567", recordedAt: "2026-01-02T03:04:05.000Z", origin: null },
    affected: null,
    tests: [testOf("test_x")],
    skipped: [],
    relaxations: [],
    suppressed: [],
    findings: [],
    timeline: [],
    ...overrides,
  };
}

/** A problem that says this. */
export function problem(message: string, remedy: string | null = null): ReportedProblem {
  return { code: "check-failed", detail: message, hint: remedy, message, remedy };
}

/** A note that says this. */
export function note(message: string): ReportedNote {
  return { code: "unconfined", message };
}

/** A report of errors that fail the check. */
export function failing(findings: readonly ReportedFinding[]): Report {
  return report({ verdict: "new-errors", findings: [...findings] });
}

/** A point of the timeline without known errors, with fields that a test overrides. */
export function point(overrides: Partial<TimelinePoint> = {}): TimelinePoint {
  return { recordedAt: "2026-01-02T03:04:05.000Z", sha: null, kinds: [], stages: [], leaks: [], moreLeaks: 0, ...overrides };
}
